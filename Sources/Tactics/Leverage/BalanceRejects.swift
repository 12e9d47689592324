package import Essentials
import Mathematics

/// Orders of one symbol that the venue refused for want of balance.
package struct BalanceRejects: Hashable, Sendable {
  /// Counting stops here.
  package static let countMax = 20

  package private(set) var count = 0
  /// The latest; nil before the first.
  package private(set) var lastAt: Timestamp?

  package init() {}

  /// Takes a refusal in.
  package mutating func reject(at now: Timestamp) {
    count = min(Self.countMax, count + 1)
    lastAt = now
  }

  /// An order was accepted: all is forgotten.
  package mutating func accept() {
    self = BalanceRejects()
  }

  /// Returns what refusals leave of leverage: 1 without several within the window. A strong signal
  /// with confidence is spared some of it.
  package func scale(
    at now: Timestamp, signal: Double, confidence: Double, under settings: LeverageSettings.Rejects
  ) -> Double {
    guard let lastAt, count >= 2, now >= lastAt, now - lastAt <= settings.window else { return 1 }
    let scale = max(settings.floor, Elementary.pow(settings.decay, Double(min(6, count))))
    guard signal >= settings.reliefSignal, confidence >= settings.reliefConfidence else {
      return scale
    }
    return max(scale, Elementary.pow(scale, settings.reliefPower))
  }

  /// The refusals as a document.
  package var json: JSONValue {
    lastAt.map { .array([.integer(count), .integer(Int($0.millisecondsSinceEpoch))]) } ?? .null
  }

  /// Reads refusals back; nil where the document has none, and none where it says so.
  package init?(json: JSONValue) {
    self.init()
    if json == .null { return }
    guard case .array(let parts) = json, parts.count == 2, case .integer(let count) = parts[0],
      case .integer(let last) = parts[1], (1...Self.countMax).contains(count)
    else { return nil }
    self.count = count
    lastAt = Timestamp(millisecondsSinceEpoch: Int64(last))
  }
}
