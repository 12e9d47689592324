package import Backtesting
package import Networking

/// How a BRAIN-compatible server is set up: its one account and what that may do.
package struct BrainServerSetup: Sendable {
  package var email: String
  package var password: SecretText
  /// The name of the account in answers.
  package var userID = "LOCAL01"
  /// Whether a login must be confirmed in a browser, as accounts with a face check must.
  package var demandsPersona = false
  /// Whose limits of checks count, and whether arrays of simulations are allowed.
  package var audience = CheckLimits.Audience.user
  /// Submissions that may run at once; an array counts as one.
  package var concurrency = 3
  /// Simulations of a day that ends at midnight of US Eastern time; every child of an array counts.
  package var dailyQuota = 10_000
  /// Submitted alphas of such a day.
  package var submissionsPerDay = 4
  package var sessionSeconds = 14_400.0
  /// The least that a simulation seems to take; the local simulator needs some milliseconds.
  package var simulationSeconds = 1.0
  package var threads = 1
  /// Where alphas are kept, nil to forget them at the end.
  package var folder: String?

  package init(email: String, password: SecretText) {
    self.email = email
    self.password = password
  }

  /// What the account may do beyond the usual.
  var permissions: [String] {
    audience == .consultant ? ["CONSULTANT", "MULTI_SIMULATION"] : ["MULTI_SIMULATION"]
  }
}
