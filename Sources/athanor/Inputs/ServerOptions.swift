import Essentials
import Foundation
import Networking
import Services

/// The options of commands that serve on a port.
enum ServerOptions {
  static let host = Option(
    "host", .text("address"), default: "127.0.0.1",
    help: "The address to listen at; 0.0.0.0 is every one of this machine.")
  static let certificate = Option<String?>.optional(
    "tls-certificate", .file(), help: "A certificate with its chain, as PEM; needs --tls-key.")
  static let key = Option<String?>.optional(
    "tls-key", .file(), help: "The key of the certificate, as PEM.")
  static let hostNames = Option<[String]>.repeated(
    "host-name", .text("name"), help: "A name under which clients ask for this server.")
  static let log = Option<String?>.optional(
    "access-log", .file(), help: "Add a line of JSON for each request to this file.")

  /// The port, which is another one for each server.
  static func port(_ standard: Int) -> Option<Int> {
    Option(
      "port", .whole("number", in: 0...65_535), default: standard,
      help: "The port; 0 lets the system choose one, which is then told.")
  }

  static let definitions = [
    host.definition, certificate.definition, key.definition, hostNames.definition, log.definition,
  ]
}

/// A command line that asks for half of what belongs together.
enum ServerOptionFailure: ExplainedFailure, Hashable {
  case halfCertificate
  case notAnOrigin(String)

  var key: String {
    switch self {
    case .halfCertificate: "half_certificate"
    case .notAnOrigin: "not_an_origin"
    }
  }

  var explanation: String {
    switch self {
    case .halfCertificate: "Of --tls-certificate and --tls-key only one is given."
    case .notAnOrigin(let text): "\(text) is no origin of pages."
    }
  }

  var remedy: String {
    switch self {
    case .halfCertificate: "Give both, or neither to serve without TLS."
    case .notAnOrigin: "Write it as https://desk.example:8443, without a path."
    }
  }

  var outcome: FailureOutcome { .badConfiguration }
}

extension Invocation {
  /// How the server of the command line listens.
  func serverConfiguration(port: Option<Int>) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(host: self[ServerOptions.host], port: self[port])
    switch (self[ServerOptions.certificate], self[ServerOptions.key]) {
    case (let certificate?, let key?):
      configuration.certificate = ServerCertificate(certificateFile: certificate, keyFile: key)
    case (nil, nil): break
    default: throw ServerOptionFailure.halfCertificate
    }
    return configuration
  }

  /// Says on standard error that passwords and tokens can be read on their way, where they can.
  func warnOfOpenWire(_ configuration: ServerConfiguration) throws {
    guard configuration.certificate == nil,
      !["localhost", "::1"].contains(configuration.host), !configuration.host.hasPrefix("127.")
    else { return }
    try surroundings.errors.write(
      "warning: Everybody on the network can read what is sent, tokens and passwords too; "
        + "give --tls-certificate and --tls-key.\n")
  }

  /// The address at which a server is reached from this machine.
  func address(of configuration: ServerConfiguration, port: Int) -> String {
    let everywhere = ["0.0.0.0", "::"].contains(configuration.host)
    let host = everywhere ? "127.0.0.1" : configuration.host
    let shown = host.contains(":") ? "[\(host)]" : host
    return "\(configuration.certificate == nil ? "http" : "https")://\(shown):\(port)"
  }
}
