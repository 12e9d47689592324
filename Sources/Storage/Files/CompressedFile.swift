internal import CZlib
internal import CZstd
package import Essentials
internal import Glibc

/// A file that is read once from front to back, decompressed on the way where it is compressed.
///
/// The format is told by the first bytes, not by the name: gzip (RFC 1952, any number of members),
/// Zstandard (RFC 8878, any number of frames), otherwise plain. Memory is two fixed buffers,
/// whatever the size of the file. Not for use by two threads.
package final class CompressedFile {
  /// How the bytes are packed.
  package enum Format: String, Hashable, Sendable {
    case plain, gzip, zstandard
  }

  package let path: String
  package let format: Format
  /// The size of the file on disk when it was opened.
  package let byteCount: Int
  /// How many bytes of the file on disk were consumed so far; the measure of a progress bar.
  package private(set) var bytesConsumed = 0

  private let descriptor: Int32
  private var digest = FingerprintDigest()
  /// Never empty, so its address exists wherever it is forced below; the same holds for the target
  /// of a read, which `read(into:)` refuses when it is empty.
  private let input: UnsafeMutableRawBufferPointer
  private var inputStart = 0
  private var inputEnd = 0
  private var isAtEndOfFile = false
  private var isInsideFrame = false
  private var gzip = z_stream()
  private var zstandard: OpaquePointer?

  private static let inputCapacity = 1 << 17

  /// Opens the file and reads its first bytes.
  package init(path: String) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(path, code)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .unreadable(path: path, reason: "it is a folder")
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = Int(status.st_size)
    input = .allocate(byteCount: Self.inputCapacity, alignment: 64)
    var filled = 0
    while filled < 4 {
      let count = Glibc.read(descriptor, input.baseAddress! + filled, Self.inputCapacity - filled)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      filled += count
    }
    let magic = Array(input.prefix(min(4, filled)))
    if magic.starts(with: [0x1f, 0x8b]) {
      format = .gzip
    } else if magic == [0x28, 0xb5, 0x2f, 0xfd] {
      format = .zstandard
    } else {
      format = .plain
    }
    inputEnd = filled
    digest.absorb(UnsafeRawBufferPointer(rebasing: input[..<filled]))
    switch format {
    case .plain: break
    case .gzip:
      // 15 bits of window, 32 to read gzip and zlib headers alike.
      inflateInit2_(&gzip, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    case .zstandard:
      zstandard = ZSTD_createDStream()
    }
  }

  deinit {
    close(descriptor)
    input.deallocate()
    if format == .gzip { inflateEnd(&gzip) }
    if let zstandard { ZSTD_freeDStream(zstandard) }
  }

  /// Fills `target` with the next bytes of the content and returns how many there were: 0 only at
  /// the end of the file. A stream that ends in its middle or contradicts itself is an error.
  package func read(into target: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    precondition(!target.isEmpty, "a read into no room would look like the end of the file")
    switch format {
    case .plain: return try readPlain(into: target)
    case .gzip: return try readGzip(into: target)
    case .zstandard: return try readZstandard(into: target)
    }
  }

  /// The SHA-256 digest of the file as it lies on disk; read it after the last byte.
  package func fingerprint() throws(FileFailure) -> Fingerprint {
    while try refill() { bytesConsumed += inputEnd - inputStart }
    var copy = digest
    return copy.finish()
  }

  /// Returns the SHA-256 digest of the file at `path` as it lies on disk.
  package static func fingerprint(path: String) throws(FileFailure) -> Fingerprint {
    let file = try CompressedFile(path: path)
    return try file.fingerprint()
  }

  // MARK: - Formats

  private func readPlain(into target: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    if inputStart == inputEnd, try !refill() { return 0 }
    let count = min(target.count, inputEnd - inputStart)
    target.baseAddress!.copyMemory(from: input.baseAddress! + inputStart, byteCount: count)
    inputStart += count
    bytesConsumed += count
    return count
  }

  private func readGzip(into target: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int {
    while true {
      if inputStart == inputEnd, try !refill() {
        if isInsideFrame { throw .truncated(path: path, byte: byteCount) }
        return 0
      }
      if !isInsideFrame {
        // Some writers pad the last member with zeros up to a block of the disk.
        if bytesConsumed > 0 && input[inputStart] == 0 {
          consume(1)
          continue
        }
        if bytesConsumed > 0 { inflateReset(&gzip) }
        isInsideFrame = true
      }
      gzip.next_in = (input.baseAddress! + inputStart).assumingMemoryBound(to: UInt8.self)
      gzip.avail_in = UInt32(inputEnd - inputStart)
      gzip.next_out = target.baseAddress!.assumingMemoryBound(to: UInt8.self)
      gzip.avail_out = UInt32(min(target.count, Int(UInt32.max)))
      let room = gzip.avail_out
      let status = inflate(&gzip, Z_NO_FLUSH)
      consume(inputEnd - inputStart - Int(gzip.avail_in))
      switch status {
      case Z_STREAM_END: isInsideFrame = false
      case Z_OK, Z_BUF_ERROR: break
      default:
        let reason = gzip.msg.map { String(cString: $0) } ?? "zlib status \(status)"
        throw .corrupt(path: path, byte: bytesConsumed, reason: reason)
      }
      let produced = Int(room - gzip.avail_out)
      if produced > 0 { return produced }
    }
  }

  private func readZstandard(into target: UnsafeMutableRawBufferPointer) throws(FileFailure) -> Int
  {
    while true {
      if inputStart == inputEnd, try !refill() {
        // A frame may still hold output although its input is used up.
        if !isInsideFrame { return 0 }
        let (produced, _) = try decompress(into: target)
        if produced > 0 { return produced }
        throw .truncated(path: path, byte: byteCount)
      }
      let (produced, _) = try decompress(into: target)
      if produced > 0 { return produced }
    }
  }

  private func decompress(
    into target: UnsafeMutableRawBufferPointer
  ) throws(FileFailure) -> (produced: Int, consumed: Int) {
    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    var source = ZSTD_inBuffer(
      src: input.baseAddress! + inputStart, size: inputEnd - inputStart, pos: 0)
    let status = ZSTD_decompressStream(zstandard, &output, &source)
    consume(source.pos)
    guard ZSTD_isError(status) == 0 else {
      let reason = String(cString: ZSTD_getErrorName(status))
      throw .corrupt(path: path, byte: bytesConsumed, reason: reason)
    }
    isInsideFrame = status != 0
    return (output.pos, source.pos)
  }

  private func consume(_ count: Int) {
    inputStart += count
    bytesConsumed += count
  }

  /// Reads the next piece of the file; false at its end.
  private func refill() throws(FileFailure) -> Bool {
    guard !isAtEndOfFile else { return false }
    inputStart = 0
    inputEnd = 0
    while true {
      let count = Glibc.read(descriptor, input.baseAddress!, Self.inputCapacity)
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(path, errno)
      }
      guard count > 0 else {
        isAtEndOfFile = true
        return false
      }
      inputEnd = count
      digest.absorb(UnsafeRawBufferPointer(rebasing: input[..<count]))
      return true
    }
  }
}
