package import Essentials
import Markets

/// What all gates say of one entry.
package struct EntryReview: Hashable, Sendable {
  /// A gate and its verdict.
  package struct Ruling: Hashable, Sendable {
    package var gate: EntryGate
    package var verdict: TacticVerdict
  }

  /// The name of the measure by which a gate asks for a smaller entry instead of none.
  static let sizeScale = "size_scale"

  /// One ruling for each gate, in the order of ``EntryGate``.
  package private(set) var rulings: [Ruling]

  /// Asks every gate.
  ///
  /// Where no side is to be entered no gate applies. Gates that are named in the overrides, and for
  /// a flip those that a flip overrides, do not fail.
  package init(of entry: EntryCircumstances, under settings: TacticsSettings) {
    guard let side = entry.side else {
      rulings = EntryGate.allCases.map {
        Ruling(gate: $0, verdict: .notApplicable($0.rawValue))
      }
      return
    }
    let rules = settings.entry
    var netExpectancy = CostGates.netExpectancy(entry, side: side, rules)
    var fee = CostGates.fee(entry, side: side, rules)
    CostGates.reconcile(netExpectancy: &netExpectancy, fee: &fee, by: rules.costs.mode)
    let overrides = rules.overrides + (entry.isFlip ? rules.flipOverrides : [])
    rulings = EntryGate.allCases.map { gate in
      var verdict: TacticVerdict
      switch gate {
      case .spread: verdict = MarketGates.spread(entry, rules)
      case .eventShortfall: verdict = EventGates.shortfall(entry, side: side, rules.event)
      case .eventExit: verdict = EventGates.exit(entry, side: side, rules.event)
      case .bothNegative: verdict = CostGates.bothNegative(entry, rules)
      case .gross: verdict = CostGates.gross(entry, side: side, rules)
      case .netExpectancy: verdict = netExpectancy
      case .direction: verdict = DirectionGate.judge(entry, side: side, rules.direction)
      case .symbolQuality:
        verdict =
          entry.quality?.verdict(in: entry.market.regime, settings.quality)
          ?? .notApplicable(gate.rawValue)
      case .unified: verdict = UnifiedGate.judge(entry, side: side, rules.unified)
      case .floorLock:
        verdict = FloorLock.judge(
          entry, side: side, leverageFloor: settings.leverage.blend.targetMin, rules)
      case .liquidity: verdict = MarketGates.liquidity(entry, rules)
      case .notionalMin: verdict = SizeGates.notional(entry, rules.size)
      case .exposureMin: verdict = SizeGates.exposure(entry, rules.size)
      case .tickVolatility: verdict = MarketGates.tickVolatility(entry, rules)
      case .fee: verdict = fee
      case .rank: verdict = SizeGates.rank(entry, rules.size)
      case .portfolio: verdict = SizeGates.portfolio(entry, rules.portfolio)
      case .cap: verdict = SizeGates.cap(entry, rules.size)
      }
      if verdict.outcome == .fail, overrides.contains(gate.rawValue) {
        verdict = .notApplicable(gate.rawValue + "_overridden", verdict.measures)
      }
      return Ruling(gate: gate, verdict: verdict)
    }
  }

  /// The first gate that fails; nil where the entry may be made.
  package var denial: Ruling? { rulings.first { $0.verdict.outcome == .fail } }

  /// The share of its size that the entry may have, from 0 to 1.
  package var sizeShare: Double {
    rulings.map { $0.verdict[Self.sizeScale].known(or: 1) }.reduce(1, min)
  }

  /// The verdict of one gate.
  package subscript(gate: EntryGate) -> TacticVerdict {
    rulings.first { $0.gate == gate }?.verdict ?? .notApplicable(gate.rawValue)
  }

  /// What is stored with the trade: each gate with its verdict, and the reason of a denial.
  package var json: JSONValue {
    [
      "denial": denial.map { .string($0.gate.rawValue) } ?? .null,
      "size_share": .number(sizeShare),
      "gates": .object(
        rulings.map { JSONValue.Member($0.gate.rawValue, $0.verdict.json) }),
    ]
  }
}
