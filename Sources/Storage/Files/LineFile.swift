internal import Glibc

/// The lines of a file, read once from front to back and unpacked on the way (``CompressedFile``).
///
/// A line is handed over where it lies in the buffer, without its line feed and without allocating. One
/// that is longer than ``bytesMax`` is handed over cut, as one that no reader can take for whole. Not
/// for use by two threads.
package final class LineFile {
  /// The file on the disk, for its size and for how far it was read.
  package let file: CompressedFile
  /// Lines that were longer than ``bytesMax``.
  package private(set) var cutLines = 0

  /// The bytes of a line at most.
  package static let bytesMax = 1 << 22

  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  /// Up to where there is no line feed behind `start`.
  private var searched = 0
  private var isSkipping = false

  /// Opens a file.
  package init(path: String) throws(FileFailure) {
    file = try CompressedFile(path: path)
  }

  /// Calls `body` with each line, empty ones too but not one behind the last line feed, until it says
  /// not to go on.
  package func visit(_ body: (Span<UInt8>) -> Bool) throws(FileFailure) {
    while true {
      while let feed = nextFeed() {
        let line = start..<feed
        start = feed + 1
        searched = start
        if isSkipping {
          isSkipping = false
        } else {
          guard hand(line, body) else { return }
        }
      }
      if end - start > Self.bytesMax, !isSkipping {
        isSkipping = true
        guard hand(start..<end, body) else { return }
      }
      if isSkipping { start = end }
      guard try fill() else { break }
    }
    if start < end, !isSkipping { _ = hand(start..<end, body) }
  }

  private func hand(_ line: Range<Int>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    if line.count > Self.bytesMax { cutLines += 1 }
    return buffer.withUnsafeBufferPointer { bytes in
      let part = UnsafeBufferPointer(rebasing: bytes[line].prefix(Self.bytesMax))
      return body(part.span)
    }
  }

  private func nextFeed() -> Int? {
    let start = searched
    searched = end
    return buffer.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, start < end,
        let found = memchr(base + start, Int32(UInt8(ascii: "\n")), end - start)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// Reads on behind the line that is not over; false at the end of the file.
  private func fill() throws(FileFailure) -> Bool {
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        UnsafeMutableRawBufferPointer(rebasing: bytes[..<rest.count]).copyMemory(from: rest)
      }
      end -= start
      start = 0
      searched = end
    }
    if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let room = end
    let count = try buffer.withUnsafeMutableBufferPointer { (bytes) throws(FileFailure) -> Int in
      let free = UnsafeMutableBufferPointer(rebasing: bytes[room...])
      return try file.read(into: UnsafeMutableRawBufferPointer(free))
    }
    end += count
    return count > 0
  }
}
