/// What a program writes, bounded: the first bytes and the last ones, whatever comes in between.
struct CapturedOutput: Sendable {
  private let firstMax: Int
  private let lastMax: Int
  private var first: [UInt8] = []
  private var last: [UInt8] = []
  /// How many bytes were written in all.
  private(set) var count = 0

  init(firstMax: Int, lastMax: Int) {
    self.firstMax = firstMax
    self.lastMax = lastMax
  }

  /// Takes what follows. Cost: one copy.
  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    let head = min(bytes.count, firstMax - first.count)
    first.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<head]))
    last.append(
      contentsOf: UnsafeRawBufferPointer(rebasing: bytes[head...].suffix(2 * lastMax)))
    // Moved only when as much again has come, so that every byte is moved once at most.
    if last.count > 2 * lastMax { last.removeFirst(last.count - lastMax) }
  }

  /// Takes what follows.
  mutating func take(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { take($0) }
  }

  /// Whether nothing was left out.
  var isWhole: Bool { count <= firstMax + lastMax }

  /// The text with secrets masked. Where something was left out, a line between the parts says how
  /// much; a secret that was cut there is not shown in part.
  func text(masking secrets: SecretWords) -> String {
    if isWhole {
      let all = first + last
      return String(decoding: secrets.masking(all, keeping: 0..<all.count), as: UTF8.self)
    }
    let margin = max(0, secrets.bytesMax - 1)
    let end = last.suffix(lastMax)
    let head = secrets.masking(first, keeping: 0..<max(0, first.count - margin))
    let tail = secrets.masking(Array(end), keeping: min(margin, end.count)..<end.count)
    return String(decoding: head, as: UTF8.self)
      + "\n[\(count - first.count - end.count) bytes are left out]\n"
      + String(decoding: tail, as: UTF8.self)
  }
}
