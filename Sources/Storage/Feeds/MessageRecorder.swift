/// Writes messages down as they come: a line for each, nanoseconds of the local clock since 1970, a
/// space, and the message.
///
/// This is the form of a recorded feed, which can be converted, and from which a process that starts
/// anew learns what it had heard. The file is packed as its name says. Not for use by two threads.
package final class MessageRecorder {
  /// Messages that were written.
  package private(set) var count = 0

  private let file: PackedFile
  private var buffer: [UInt8] = []

  private static let capacity = 1 << 18

  /// Creates the file; one that exists already is an error.
  package init(path: String) throws(FileFailure) {
    file = try PackedFile(path: path)
    buffer.reserveCapacity(Self.capacity + (1 << 12))
  }

  /// Appends a message, whose line feeds must be outside of it.
  package func append(
    _ message: Span<UInt8>, arrivedNanoseconds: Int64
  ) throws(FileFailure) {
    count += 1
    buffer.append(contentsOf: String(arrivedNanoseconds).utf8)
    buffer.append(UInt8(ascii: " "))
    message.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Makes the file complete and durable.
  package func finish() throws(FileFailure) {
    try flush()
    _ = try file.finish()
  }

  private func flush() throws(FileFailure) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
