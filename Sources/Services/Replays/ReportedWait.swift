package import Essentials
import Markets
package import Tactics

/// How long nothing was wanted of a market for one reason, and the look that came nearest to something.
package struct ReportedWait: Sendable {
  package let symbol: String
  /// In snake_case.
  package let reason: String
  /// Times between which something else held.
  package internal(set) var spells: Int
  package internal(set) var looks: Int
  package internal(set) var nearest: WaitingSpell.Look

  /// The value that missed its limit by least; nil where the reason is no number.
  package var miss: TacticVerdict.Measure? {
    nearest.verdict.measures.first { $0.value < $0.limit }
  }

  package var json: JSONValue {
    [
      "symbol": .string(symbol), "reason": .string(reason), "spells": .integer(spells),
      "looks": .integer(looks),
      "nearest": [
        "at": .string("\(nearest.at)"), "price": .number(nearest.price),
        "verdict": nearest.verdict.json,
      ],
    ]
  }
}

/// Adds up through which times nothing was wanted.
struct WaitTally: Sendable {
  private var waits: [[ReportedWait]]
  private let symbols: [String]

  init(_ symbols: [String]) {
    self.symbols = symbols
    waits = Array(repeating: [], count: symbols.count)
  }

  mutating func take(_ decision: ReplayDecision) {
    guard let spell = decision.waited else { return }
    let place = decision.contract.place
    guard let known = waits[place].firstIndex(where: { $0.reason == spell.reason }) else {
      waits[place].append(
        ReportedWait(
          symbol: symbols[place], reason: spell.reason, spells: 1, looks: spell.looks,
          nearest: spell.nearest))
      return
    }
    waits[place][known].spells += 1
    waits[place][known].looks += spell.looks
    if spell.nearest.miss < waits[place][known].nearest.miss {
      waits[place][known].nearest = spell.nearest
    }
  }

  /// By symbol, the most looks first.
  var all: [ReportedWait] {
    waits.flatMap { $0.sorted { ($1.looks, $0.reason) < ($0.looks, $1.reason) } }
  }
}
