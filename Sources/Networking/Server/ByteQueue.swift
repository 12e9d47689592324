/// Bytes that wait to be sent, as the pieces in which they came.
struct ByteQueue {
  private var pieces: [[UInt8]] = []
  private var next = 0
  private var offset = 0
  /// How many bytes wait.
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    count += bytes.count
    // Short answers to pipelined requests leave in one piece.
    if let last = pieces.indices.last, last >= next,
      pieces[last].count + bytes.count <= Self.joinedBytesMax
    {
      pieces[last] += bytes
    } else {
      pieces.append(bytes)
    }
  }

  /// Hands at most `bytesMax` of the first piece to `body`, and drops them.
  mutating func handNext(
    upTo bytesMax: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Int32
  ) -> Int32 {
    let piece = pieces[next]
    let size = min(bytesMax, piece.count - offset)
    let result = piece.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[offset..<(offset + size)]))
    }
    offset += size
    count -= size
    if offset == piece.count {
      pieces[next] = []
      next += 1
      offset = 0
    }
    if next == pieces.count {
      pieces.removeAll(keepingCapacity: true)
      next = 0
    }
    return result
  }

  private static let joinedBytesMax = 16 << 10
}
