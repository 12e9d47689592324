package import Essentials

/// Why a server cannot serve.
package enum ServerFailure: ExplainedFailure, Hashable {
  case addressInUse(host: String, port: Int)
  case addressUnknown(host: String, reason: String)
  /// The system does not let this user listen there.
  case addressNotPermitted(host: String, port: Int)
  case portOutOfRange(Int)
  case unreadableFile(path: String, reason: String)
  case unusableCertificate(path: String, reason: String)
  case couldNotStart(reason: String)
  /// A server serves once; whoever wants to go on makes another.
  case startedBefore

  package var key: String {
    switch self {
    case .addressInUse: "address_in_use"
    case .addressUnknown: "address_unknown"
    case .addressNotPermitted: "address_not_permitted"
    case .portOutOfRange: "port_out_of_range"
    case .unreadableFile: "unreadable_file"
    case .unusableCertificate: "unusable_certificate"
    case .couldNotStart: "server_not_started"
    case .startedBefore: "server_started_before"
    }
  }

  package var explanation: String {
    switch self {
    case .addressInUse(let host, let port):
      "Another program listens on port \(port) of \(host) already."
    case .addressUnknown(let host, let reason): "Nothing can listen on \(host): \(reason)."
    case .addressNotPermitted(let host, let port):
      "This user may not listen on port \(port) of \(host)."
    case .portOutOfRange(let port): "\(port) is not a port."
    case .unreadableFile(let path, let reason): "\(path) cannot be read: \(reason)."
    case .unusableCertificate(let path, let reason):
      "The certificate \(path) cannot be used with its key: \(reason)."
    case .couldNotStart(let reason): "The server could not start: \(reason)."
    case .startedBefore: "The server was started before."
    }
  }

  package var remedy: String {
    switch self {
    case .addressInUse: "Stop it, or choose another port; 0 lets the system choose."
    case .addressUnknown: "Use an address of this machine, such as 127.0.0.1."
    case .addressNotPermitted: "Choose a port above 1023."
    case .portOutOfRange: "Choose a port from 0 to 65535."
    case .unreadableFile: "Check its name and its permissions."
    case .unusableCertificate: "Give a certificate with its chain, and its key, as PEM files."
    case .couldNotStart: "Look at the limits of the system for memory, threads and files."
    case .startedBefore: "Make another server."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .couldNotStart: .failed
    case .addressInUse, .addressUnknown, .addressNotPermitted, .portOutOfRange, .unreadableFile,
      .unusableCertificate, .startedBefore:
      .badConfiguration
    }
  }
}
