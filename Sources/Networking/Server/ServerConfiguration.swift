/// Where a server listens, what it allows, and which files it serves.
package struct ServerConfiguration: Hashable, Sendable {
  /// A name or address of this machine; `0.0.0.0` or `::` is every address.
  package var host: String
  /// 0 lets the system choose.
  package var port: Int
  package var limits: ServerLimits
  /// Nil serves without TLS.
  package var certificate: ServerCertificate?
  package var folders: [StaticFolder]
  /// The threads on which handlers may wait for a disk.
  package var workers: Int

  package init(
    host: String = "127.0.0.1", port: Int = 8765, limits: ServerLimits = ServerLimits(),
    certificate: ServerCertificate? = nil, folders: [StaticFolder] = [], workers: Int = 4
  ) {
    self.host = host
    self.port = port
    self.limits = limits
    self.certificate = certificate
    self.folders = folders
    self.workers = workers
  }
}

/// A certificate with its chain and its key, as PEM files. TLS is then at least of version 1.2.
package struct ServerCertificate: Hashable, Sendable {
  package var certificateFile: String
  package var keyFile: String

  package init(certificateFile: String, keyFile: String) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
  }
}
