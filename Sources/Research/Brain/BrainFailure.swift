package import Essentials
package import Networking
package import Storage

/// Why WorldQuant BRAIN did not do what it was asked.
package enum BrainFailure: ExplainedFailure, Hashable {
  /// Neither the environment nor a file names an account.
  case noCredentials(path: String)
  /// Others may read the file of the password; `mode` is in octal.
  case credentialsExposed(path: String, mode: String)
  case credentialsMalformed(path: String, reason: String)
  /// BRAIN does not take the e-mail address with this password.
  case wrongCredentials(detail: String)
  /// A face has to be shown in a browser before the session begins.
  case personMustAct(BrainPersona)
  /// Nothing whole came back.
  case unreachable(HTTPFailure)
  /// BRAIN answered that it will not, with a status and its reason.
  case refused(status: Int, endpoint: String, detail: String)
  /// BRAIN is busy for longer than the caller wants to wait; nil where it does not say for how long.
  case busy(status: Int, endpoint: String, wait: Duration?)
  /// The day's simulations are used up until then.
  case quotaUsedUp(reset: Duration?)
  /// An answer that is not what this endpoint gives.
  case strangeAnswer(endpoint: String, reason: String)
  /// Something that BRAIN computes was not ready when patience ended.
  case notReady(endpoint: String, waited: Duration)
  case badAddress(HTTPAddressMistake)
  /// A password would travel there in the clear.
  case insecureAddress(origin: String)
  case file(FileFailure)
  /// What was done could not be recorded, so nothing more is done.
  case notRecorded(reason: String)
  case cancelled

  package var key: String {
    switch self {
    case .noCredentials: "no_credentials"
    case .credentialsExposed: "credentials_exposed"
    case .credentialsMalformed: "credentials_malformed"
    case .wrongCredentials: "wrong_credentials"
    case .personMustAct: "manual_action_required"
    case .unreachable(let failure): failure.key
    case .refused: "brain_refused"
    case .busy: "brain_busy"
    case .quotaUsedUp: "simulation_quota_used_up"
    case .strangeAnswer: "brain_answer_unusable"
    case .notReady: "brain_not_ready"
    case .badAddress(let mistake): mistake.key
    case .insecureAddress: "insecure_address"
    case .file(let failure): failure.key
    case .notRecorded: "not_recorded"
    case .cancelled: "cancelled"
    }
  }

  package var explanation: String {
    switch self {
    case .noCredentials(let path):
      "No BRAIN account is named: neither \(BrainCredentials.emailVariable) and "
        + "\(BrainCredentials.passwordVariable) nor the file \(path) is there."
    case .credentialsExposed(let path, let mode):
      "The file \(path) holds a password and others may read it (its mode is \(mode))."
    case .credentialsMalformed(let path, let reason):
      "The file \(path) is not a BRAIN account: \(reason)."
    case .wrongCredentials(let detail):
      "BRAIN does not accept the e-mail address and password (\(detail))."
    case .personMustAct(let persona):
      "BRAIN wants to see the face of the account's owner at \(persona.actionURL)."
    case .unreachable(let failure): failure.explanation
    case .refused(let status, let endpoint, let detail):
      "BRAIN refused \(endpoint) with status \(status): \(detail)"
        + (detail.hasSuffix(".") ? "" : ".")
    case .busy(let status, let endpoint, let wait):
      "BRAIN is too busy for \(endpoint) (status \(status))"
        + (wait.map { " and asks to come again in \($0.shownSeconds) s." } ?? ".")
    case .quotaUsedUp(let reset):
      "The simulations of the day are used up"
        + (reset.map { "; there are more in \($0.shownSeconds) s." } ?? ".")
    case .strangeAnswer(let endpoint, let reason):
      "The answer of BRAIN to \(endpoint) cannot be used: \(reason)."
    case .notReady(let endpoint, let waited):
      "BRAIN did not finish \(endpoint) within \(waited.shownSeconds) s."
    case .badAddress(let mistake): mistake.explanation
    case .insecureAddress(let origin):
      "The password of the account would travel to \(origin) without encryption."
    case .file(let failure): failure.explanation
    case .notRecorded(let reason):
      "What was done on BRAIN could not be recorded: \(reason)."
    case .cancelled: "The work on BRAIN was cancelled."
    }
  }

  package var remedy: String {
    switch self {
    case .noCredentials: "Run `athanor prepare-credentials`, or set the two variables."
    case .credentialsExposed(let path, _): "Run `chmod 600 \(path)`, and change the password."
    case .credentialsMalformed: "Run `athanor prepare-credentials` again."
    case .wrongCredentials: "Check the password by signing in at platform.worldquantbrain.com."
    case .personMustAct(let persona): persona.hint
    case .unreachable(let failure): failure.remedy
    case .refused: "Change what is asked for, or the permissions of the account."
    case .busy: "Try again later; what was done so far is kept."
    case .quotaUsedUp: "Go on after the quota is renewed, at midnight of New York."
    case .strangeAnswer: "Check the address of BRAIN; its interface may have changed."
    case .notReady: "Ask again later; nothing has to be sent anew."
    case .badAddress(let mistake): mistake.remedy
    case .insecureAddress: "Use https; http is for this machine only."
    case .file(let failure): failure.remedy
    case .notRecorded: "Mend the journal before anything else is sent."
    case .cancelled: "Start it again where it is still wanted; it goes on where it stopped."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .noCredentials, .credentialsExposed, .credentialsMalformed, .wrongCredentials,
      .insecureAddress:
      .badConfiguration
    case .personMustAct: .personMustAct
    case .refused: .refused
    case .notReady: .timedOut
    case .unreachable(let failure): failure.outcome
    case .badAddress(let mistake): mistake.outcome
    case .file(let failure): failure.outcome
    case .busy, .quotaUsedUp, .strangeAnswer, .notRecorded, .cancelled: .failed
    }
  }
}

extension Duration {
  /// The seconds of a sentence: whole where they are.
  var shownSeconds: String {
    let seconds = self / .seconds(1)
    return JSONValue.number((seconds * 10).rounded() / 10).compactText
  }
}
