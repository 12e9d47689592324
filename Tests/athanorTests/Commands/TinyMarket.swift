import Essentials
import Foundation
import TestKit
import Testing

@testable import athanor

/// A store with two small panels: `tiny`, six random walks in two sectors, and the bundled
/// `us-equities`, which a first use imports.
final class TinyMarket: Sendable {
  /// Made once for all tests; they only read it.
  static let shared = Result { try TinyMarket() }

  let folder: ScratchFolder

  private init() throws {
    folder = try ScratchFolder()
    try Self.bars(rows: 120).write(to: path("bars.csv"), atomically: true, encoding: .utf8)
    let sectors = Self.symbols.enumerated().map { "\($1),\($1) Inc.,\($0 < 3 ? "Iron" : "Wool")" }
    try (["symbol,name,sector"] + sectors).joined(separator: "\n")
      .write(to: path("instruments.csv"), atomically: true, encoding: .utf8)
    let rehearsal = rehearse()
    let code = rehearsal.serve(
      "data", "import", "tiny", "--table", path("bars.csv").path, "--instruments",
      path("instruments.csv").path)
    try #require(code == 0, "\(rehearsal.errors)")
  }

  static let symbols = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]

  /// Bars of random walks from a fixed seed.
  static func bars(rows: Int) -> String {
    var state: UInt64 = 7
    // The constants of D. Knuth's MMIX; good enough for prices that nobody believes.
    func draw(_ range: ClosedRange<Double>) -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let share = Double(state >> 11) * 0x1p-53
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
    var lines = ["date,symbol,open,high,low,close,volume"]
    for symbol in symbols {
      var price = 100.0
      for row in 0..<rows {
        let open = price * draw(0.99...1.01)
        price = open * draw(0.98...1.02)
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + row))
        let volume = Int(draw(1000...9000))
        lines.append(
          "\(date),\(symbol),\(open),\(max(open, price) + 1),\(min(open, price) - 1),\(price),\(volume)"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func path(_ name: String) -> URL { folder.url.appendingPathComponent(name) }

  func file(_ name: String, _ text: String) throws -> String {
    try text.write(to: path(name), atomically: true, encoding: .utf8)
    return path(name).path
  }

  /// A front door before this store, by default with a journal of its own, so that no test counts
  /// the trials of another.
  func rehearse(
    width: Int? = nil, isTerminal: Bool = false, input: [UInt8]? = [], journal: String? = nil
  ) -> Rehearsal {
    Rehearsal(
      width: width, isTerminal: isTerminal,
      environment: [
        "ATHANOR_HOME": folder.url.path,
        "ATHANOR_JOURNAL": journal ?? path("\(UUID().uuidString).sqlite").path,
        "ATHANOR_EXAMPLES": checkoutFolder.appendingPathComponent("Examples").path,
      ], input: input)
  }
}

extension Rehearsal {
  /// What was answered, as a JSON object.
  func object() throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// What was complained of, as a JSON object.
  func complaint() throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(errors.utf8)) as? [String: Any], "\(errors)")
  }
}
