import Essentials
import Execution
import Markets
import Storage

/// What a recording of a venue's messages is of, as far as its first lines say, so that whoever gives one
/// where a converted feed is wanted can be told the very command that converts it.
struct RecordingGuess: Hashable, Sendable {
  private(set) var path: String
  private(set) var kind: BookProtocol?
  private(set) var symbol: String?
  private var decimals: (price: Int, quantity: Int)?

  /// Lines that are looked at.
  private static let linesMax = 400

  /// Looks at a file; nil for one that begins with no message.
  init?(path: String) {
    self.path = path
    var messages = 0
    var seen = 0
    var guess = self
    do throws(FileFailure) {
      try LineFile(path: path).visit { line in
        seen += 1
        guard let message = RecordedMessage(line) else { return seen < 3 }
        let bytes = line.extracting(message.start..<line.count)
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let document = try? JSONValue(parsing: text) else { return seen < 3 }
        messages += 1
        guess.take(document)
        return seen < Self.linesMax
      }
    } catch {
      return nil
    }
    guard messages > 0 else { return nil }
    self = guess
  }

  /// The command that converts the recording; what the lines do not say stands in angle brackets.
  var command: String {
    var target = path.split(separator: "/").last ?? path[...]
    for ending in [".gz", ".zst", ".jsonl", ".json", ".data", ".txt"] where target.hasSuffix(ending)
    {
      target = target.dropLast(ending.count)
    }
    return
      "athanor data convert --feed \(Self.quoted(path)) --out \(Self.quoted(target + ".feed")) "
      + "--venue \(kind?.rawValue ?? "<venue>") --symbol \(symbol ?? "<symbol>") "
      + "--tick \(Self.step(decimals?.price) ?? "<step of prices>") "
      + "--lot \(Self.step(decimals?.quantity) ?? "<step of quantities>")"
  }

  static func == (left: Self, right: Self) -> Bool { left.command == right.command }
  func hash(into hasher: inout Hasher) { hasher.combine(command) }

  // MARK: - Messages

  private mutating func take(_ message: JSONValue) {
    let inner = message["data"] ?? message
    if case .string(let topic)? = message["topic"] {
      let parts = topic.split(separator: ".")
      guard parts.first == "orderbook", let name = parts.last else { return }
      guard kind == nil || (kind == .bybit && symbol == String(name)) else { return }
      kind = .bybit
      symbol = String(name)
      learn(inner["b"])
      learn(inner["a"])
    } else if inner["e"] == .string("depthUpdate"), case .string(let name)? = inner["s"] {
      guard symbol == nil || symbol == name else { return }
      kind = inner["pu"] == nil ? .binanceSpot : .binanceFutures
      symbol = name
      learn(inner["b"])
      learn(inner["a"])
    }
  }

  private mutating func learn(_ levels: JSONValue?) {
    guard case .array(let rows)? = levels else { return }
    for row in rows {
      guard case .array(let pair) = row, pair.count >= 2, case .string(let price) = pair[0],
        case .string(let quantity) = pair[1]
      else { continue }
      decimals = (
        max(decimals?.price ?? 0, Self.decimals(of: price)),
        max(decimals?.quantity ?? 0, Self.decimals(of: quantity))
      )
    }
  }

  /// The digits behind the point that are no zeros at the end.
  private static func decimals(of text: String) -> Int {
    guard let point = text.firstIndex(of: ".") else { return 0 }
    let digits = text[text.index(after: point)...]
    return (digits.lastIndex { $0 != "0" }).map {
      digits.distance(from: digits.startIndex, to: $0) + 1
    }
      ?? 0
  }

  private static func step(_ decimals: Int?) -> String? {
    decimals.map { $0 == 0 ? "1" : "0." + String(repeating: "0", count: $0 - 1) + "1" }
  }

  /// A path as a shell takes it for one word.
  private static func quoted(_ path: some StringProtocol) -> String {
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@".contains($0) }
    return isPlain
      ? String(path)
      : "'"
        + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        + "'"
  }
}
