import CZlib

/// Packs bytes into the gzip format (RFC 1952).
enum GzipText {
  /// Returns nil where zlib has no memory. Level 1 packs some 60 MB/s, level 9 some 10.
  static func packed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    var stream = z_stream()
    // 15 bits of window, 16 for a gzip header.
    guard
      deflateInit2_(
        &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    return bytes.withUnsafeBufferPointer { input in
      // zlib reads through the pointer and never writes.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      var status = Z_OK
      let output = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        status = deflate(&stream, Z_FINISH)
        count = output.count - Int(stream.avail_out)
      }
      return status == Z_STREAM_END ? output : nil
    }
  }
}
