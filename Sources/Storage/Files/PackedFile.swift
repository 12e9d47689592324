internal import CZlib
internal import CZstd
package import Essentials

/// A file that is written once from front to back and packed on the way, as its name says: gzip for
/// `.gz`, Zstandard for `.zst`, plain for anything else.
///
/// Memory is a fixed buffer. Not for use by two threads.
package final class PackedFile {
  private let output: OutputFile
  /// At one address for as long as it lives: zlib's state points back at it and refuses a copy.
  private var gzip: UnsafeMutablePointer<z_stream>?
  private var zstandard: OpaquePointer?
  private var buffer = [UInt8](repeating: 0, count: 1 << 17)

  /// Creates the file; one that exists already is an error.
  package init(path: String) throws(FileFailure) {
    output = try OutputFile(path: path)
    if path.hasSuffix(".gz") {
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      stream.initialize(to: z_stream())
      gzip = stream
      // 15 bits of window, 16 for a gzip header.
      let status = deflateInit2_(
        stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
      guard status == Z_OK else { throw Self.unpacked(path) }
    } else if path.hasSuffix(".zst") {
      zstandard = ZSTD_createCCtx()
      ZSTD_CCtx_setParameter(zstandard, ZSTD_c_checksumFlag, 1)
    }
  }

  deinit {
    if let gzip {
      deflateEnd(gzip)
      gzip.deallocate()
    }
    ZSTD_freeCCtx(zstandard)
  }

  /// Appends the UTF-8 bytes of `text`.
  package func write(_ text: String) throws(FileFailure) {
    try write(Array(text.utf8))
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws(FileFailure) {
    try bytes.withRawBytes { bytes throws(FileFailure) in try pack(bytes, isLast: false) }
  }

  /// Makes the file complete and durable; returns the fingerprint of its bytes and their number.
  package func finish() throws(FileFailure) -> (fingerprint: Fingerprint, byteCount: Int) {
    try pack(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
    let fingerprint = try output.finish()
    return (fingerprint, output.byteCount)
  }

  private func pack(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(FileFailure) {
    if let gzip {
      try deflate(bytes, into: gzip, isLast: isLast)
    } else if zstandard != nil {
      try compress(bytes, isLast: isLast)
    } else if !bytes.isEmpty {
      try output.write(bytes)
    }
  }

  private func deflate(
    _ bytes: UnsafeRawBufferPointer, into stream: UnsafeMutablePointer<z_stream>, isLast: Bool
  ) throws(FileFailure) {
    // zlib reads through the pointer and never writes.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(bytes.count)
    var status = Z_OK
    repeat {
      let filled = buffer.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        status = CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        return target.count - Int(stream.pointee.avail_out)
      }
      // Nothing left to do is no error: the last call had room for everything.
      guard status == Z_OK || status == Z_STREAM_END || (status == Z_BUF_ERROR && !isLast) else {
        throw Self.unpacked(output.path)
      }
      try write(filled)
    } while isLast ? status != Z_STREAM_END : stream.pointee.avail_out == 0
  }

  private static func unpacked(_ path: String) -> FileFailure {
    .unreadable(path: path, reason: "it cannot be packed")
  }

  private func compress(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(FileFailure) {
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    var left = 0
    repeat {
      let filled = buffer.withUnsafeMutableBytes { target in
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        left = ZSTD_compressStream2(
          zstandard, &output, &input, isLast ? ZSTD_e_end : ZSTD_e_continue)
        return output.pos
      }
      guard ZSTD_isError(left) == 0 else {
        throw Self.unpacked(output.path)
      }
      try write(filled)
    } while isLast ? left > 0 : input.pos < input.size
  }

  private func write(_ count: Int) throws(FileFailure) {
    guard count > 0 else { return }
    try buffer.withRawBytes { bytes throws(FileFailure) in
      try output.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }
}
