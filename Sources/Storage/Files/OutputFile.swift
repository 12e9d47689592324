internal import Essentials
internal import Glibc

/// A file that is written once from front to back and digested on the way.
final class OutputFile {
  let path: String
  private(set) var byteCount = 0
  private var digest = FingerprintDigest()
  private var descriptor: Int32

  /// Creates the file; one that exists already is an error.
  init(path: String) throws(FileFailure) {
    self.path = path
    descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(path, errno) }
  }

  deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

  func write(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
    digest.absorb(bytes)
    byteCount += bytes.count
    let code = systemWrite(bytes, to: descriptor)
    guard code == 0 else { throw .system(path, code) }
  }

  func write(_ bytes: [UInt8]) throws(FileFailure) {
    try bytes.withRawBytes { all throws(FileFailure) in try write(all) }
  }

  /// Makes the bytes durable and closes the file; returns their fingerprint.
  func finish() throws(FileFailure) -> Fingerprint {
    guard fsync(descriptor) == 0 else { throw .system(path, errno) }
    let status = Glibc.close(descriptor)
    descriptor = -1
    guard status == 0 else { throw .system(path, errno) }
    return digest.finish()
  }
}
