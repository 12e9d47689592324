import Foundation
import Testing

/// An authority of this test alone, with a certificate that it gave to `localhost`, as PEM files that
/// are removed with the value. Made by `openssl`, in some tens of milliseconds.
package struct LocalAuthority: Sendable {
  private let scratch: ScratchFolder
  /// The authority's own certificate, which a client must trust.
  package var authorityFile: String { scratch.url.path + "/authority.pem" }
  package var certificateFile: String { scratch.url.path + "/server.pem" }
  package var keyFile: String { scratch.url.path + "/server.key" }

  /// Whether there is an `openssl` to make it with.
  package static let isPossible = (try? ShellRun("openssl", "version"))?.exitCode == 0

  package init() throws {
    scratch = try ScratchFolder()
    let made = try ShellRun(
      "sh", "-c",
      """
      cd \(scratch.url.path)
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=desk \
        -addext basicConstraints=critical,CA:TRUE -keyout authority.key -out authority.pem
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
        -keyout server.key -out server.csr
      printf 'subjectAltName=DNS:localhost\\n' > names
      openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
        -days 2 -extfile names -out server.pem
      """)
    try #require(made.exitCode == 0, "\(made.errors)")
  }
}
