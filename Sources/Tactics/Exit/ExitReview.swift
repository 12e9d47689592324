package import Essentials
package import Markets

/// What all exits say of one position at one moment.
package struct ExitReview: Hashable, Sendable {
  /// An exit and its verdict; fail wants the position closed.
  package struct Ruling: Hashable, Sendable {
    package var kind: ExitKind
    package var verdict: TacticVerdict
  }

  /// One ruling for each exit, in the order of ``ExitKind``.
  package private(set) var rulings: [Ruling]
  /// The side that is entered once the position is closed; nil where none is.
  package private(set) var turnsTo: PositionSide?
  /// The thresholds that the event exit used.
  package private(set) var thresholds: EventThresholds

  /// Asks every exit, so that each keeps its count whatever the others say.
  package init(
    of circumstances: ExitCircumstances, memory: inout ExitMemory, under settings: ExitSettings
  ) {
    let reading = ExitReading(circumstances, settings)
    let position = circumstances.position
    let mode = reading.mode(settings.event.confirmation)
    let thresholds = EventThresholds(
      for: position.side, in: circumstances.market, alignment: reading.standardizedAlignment,
      entryQuality: position.entryQuality, oneWay: circumstances.oneWay, shock: reading.shock,
      under: settings.policy)
    self.thresholds = thresholds
    rulings = []
    for kind in ExitKind.allCases {
      let verdict: TacticVerdict
      if kind.isOptional, settings.general.off.contains(kind.rawValue) {
        rulings.append(Ruling(kind: kind, verdict: .notApplicable("switched_off")))
        continue
      }
      switch kind {
      case .liquidation:
        verdict = PriceExit.liquidation(circumstances, under: settings.account)
      case .protectiveStop: verdict = PriceExit.protectiveStop(circumstances)
      case .time: verdict = TimeExit.judge(reading)
      case .event:
        verdict = EventExit.judge(
          circumstances.event,
          EventExit.Circumstances(
            thresholds: thresholds, mode: mode, shock: reading.shock.score,
            ageSeconds: position.age(at: circumstances.now),
            progress: reading.progress(targetMin: settings.event.targetHoldMin),
            market: circumstances.market),
          confirmations: &memory.confirmations, at: circumstances.now, under: settings)
      case .hold: verdict = HoldExit.judge(reading, &memory)
      case .hybrid: verdict = HybridExit.judge(reading, &memory)
      case .mean: verdict = MeanExit.judge(reading, &memory)
      case .flip: verdict = FlipExit.judge(reading, &memory)
      case .cash: verdict = CashExit.judge(reading, &memory)
      case .drawdown: verdict = DrawdownExit.judge(reading, &memory)
      case .drop: verdict = DropExit.judge(reading, &memory)
      }
      rulings.append(Ruling(kind: kind, verdict: verdict))
    }
    turnsTo = Self.turn(rulings, circumstances, settings)
  }

  /// The first exit that wants the position closed; nil where it stays.
  package var exit: Ruling? { rulings.first { $0.verdict.outcome == .fail } }

  /// The reason that is stored with the trade, such as `event_mc_exit_shock`; nil where it stays.
  package var reason: String? {
    guard let exit else { return nil }
    return exit.kind == .event && turnsTo != nil
      ? "\(ExitKind.event.rawValue)_flip" : exit.verdict.reason
  }

  /// The verdict of one exit.
  package subscript(kind: ExitKind) -> TacticVerdict { rulings[kind.index].verdict }

  /// What is stored with the decision.
  package var json: JSONValue {
    [
      "reason": reason.map(JSONValue.string) ?? .null,
      "turns_to": turnsTo.map { .string($0.rawValue) } ?? .null,
      "thresholds": [
        "score": .number(thresholds.score), "stop": .number(thresholds.stop),
        "shortfall": .number(thresholds.shortfall), "time": .number(thresholds.time),
        "target": .number(thresholds.target), "reasons": .strings(thresholds.reasons),
      ],
      "exits": .object(
        rulings.map { JSONValue.Member($0.kind.rawValue, $0.verdict.json) }),
    ]
  }

  private static func turn(
    _ rulings: [Ruling], _ circumstances: ExitCircumstances, _ settings: ExitSettings
  ) -> PositionSide? {
    guard let exit = rulings.first(where: { $0.verdict.outcome == .fail }) else { return nil }
    let opposite = circumstances.position.side.opposite
    switch exit.kind {
    case .flip: return opposite
    case .hold: return exit.verdict.reason == HoldExit.flipReason ? opposite : nil
    case .event:
      return EventExit.flips(
        from: circumstances.event.score(under: settings.event),
        to: circumstances.oppositeEvent.score(under: settings.event), under: settings.event)
        ? opposite : nil
    default: return nil
    }
  }
}
