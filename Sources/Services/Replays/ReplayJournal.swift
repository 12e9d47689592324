import Backtesting
package import Essentials
import Markets
package import Storage

/// A replay as the journal tells it.
///
/// ```
/// run.started ──┬── replay.decision   entries, exits, the first refusal of each gate in a row, and where
///               │                     nothing is wanted, each change of why, with the nearest look
///               ├── replay.order      what was sent
///               ├── replay.report     what became of it, fills with price and role
///               ├── replay.trade      each round trip, with the reasons and chances of its decisions
///               ├── replay.completed  that these settings were tried on these data, by which luck counts
///               └── run.summary       the report
/// ```
/// Decisions, orders, reports and trades happen at the instant of the market, and what they say follows
/// from the same inputs as the report. A replay does not end because it cannot be written down: from the
/// first failure on nothing is, and ``failure`` says why.
package struct ReplayJournal {
  private let recorder: RunRecorder
  private let symbols: [String]
  private var drafts: [JournalDraft] = []
  /// Why not everything was written down; nil where it was.
  package private(set) var failure: (any Error)?
  /// The gate that refused last, and how often in a row, by contract.
  private var refusals: [Refusal]

  private struct Refusal {
    var reason = ""
    var count = 0
  }

  /// Written down together, so that the disk is waited for seldom.
  private static let batch = 512

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - run: a name that no other run has.
  ///   - opening: what is replayed, and how.
  package init(
    run: String, in journal: Journal, symbols: [String], opening: JSONValue, at now: Timestamp
  ) throws {
    recorder = try RunRecorder(run: run, journal: journal)
    self.symbols = symbols
    refusals = Array(repeating: Refusal(), count: symbols.count)
    try recorder.record(JournalDraft("run.started", at: now, run: run, payload: opening))
  }

  /// The name of the run.
  package var run: String { recorder.run }

  /// Takes in what was decided. Of refusals by the same gate in a row the first is written down; the
  /// next event of the contract says how many there were.
  package mutating func take(_ decision: ReplayDecision) {
    let place = decision.contract.place
    let before = refusals[place]
    if decision.kind == .refused {
      guard decision.reason != before.reason else {
        refusals[place].count += 1
        return
      }
      refusals[place] = Refusal(reason: decision.reason, count: 1)
    } else {
      refusals[place] = Refusal()
    }
    add(
      "replay.decision", decision.instant, place,
      [
        "kind": .string(decision.word), "reason": .string(decision.reason),
        "side": decision.side.map { .string($0.rawValue) } ?? .null,
        "order": decision.order.map { .integer(Int(clamping: $0.value)) } ?? .null,
        "refused_before": .integer(before.count), "record": decision.record(),
      ])
  }

  /// Takes in what was sent or heard.
  package mutating func take(_ note: TradeNote) {
    switch note {
    case .wanted(let wish, let instant):
      add("replay.order", instant, wish.contract.place, wish.directive.json)
    case .heard(let report, let contract):
      add("replay.report", report.instant, contract.place, report.json)
    }
  }

  /// Ends the run with its round trips and its report.
  package mutating func finish(_ result: ReplayResult, at now: Timestamp) {
    for trade in result.closed + result.open {
      add("replay.trade", trade.trip.closedAt, trade.trip.contract.place, trade.json)
    }
    drafts.append(
      Self.trial(
        of: result.terms.settings, result.terms, through: result.reached,
        [
          .init("sharpe", .optional(result.summary.sharpe)),
          .init("result", .string(result.result.hexadecimal)),
        ], run: run, at: now))
    drafts.append(JournalDraft("run.summary", at: now, run: run, payload: result.brief))
    flush()
  }

  private static let completion = "replay.completed"

  /// That settings were tried on data, by which the luck of later replays is judged.
  static func trial(
    of settings: Fingerprint, _ terms: ReplayTerms, through reached: Timestamp,
    _ figures: [JSONValue.Member], run: String, at now: Timestamp
  ) -> JournalDraft {
    JournalDraft(
      completion, at: now, run: run, subject: terms.data.hexadecimal,
      payload: .object(
        [
          .init("settings", .string(settings.hexadecimal)),
          .init("models", terms.modelsFingerprint.map { .string($0.hexadecimal) } ?? .null),
          .init("seed", .string("\(terms.seed)")),
          .init("from", .string("\(terms.from)")), .init("to", .string("\(reached)")),
        ] + figures))
  }

  /// How many other settings, or the same with other parameters, were ever tried on the data. Cost: one
  /// event each.
  package static func trials(
    besides terms: ReplayTerms, in journal: Journal
  ) throws(JournalFailure) -> Int {
    func name(_ settings: String, _ models: String?) -> String { settings + (models ?? "") }
    var found: Set<String> = []
    var cursor = try JournalCursor(
      journal, filter: JournalFilter(kind: completion, subject: terms.data.hexadecimal))
    while let part = try cursor.next() {
      for event in part {
        if case .string(let settings) = event.payload?["settings"] {
          var models: String?
          if case .string(let known) = event.payload?["models"] { models = known }
          found.insert(name(settings, models))
        }
      }
    }
    found.remove(name(terms.settings.hexadecimal, terms.modelsFingerprint?.hexadecimal))
    return found.count
  }

  private mutating func add(
    _ kind: String, _ instant: Timestamp, _ place: Int, _ payload: JSONValue
  ) {
    guard failure == nil else { return }
    drafts.append(
      JournalDraft(kind, at: instant, run: run, subject: symbols[place], payload: payload))
    if drafts.count >= Self.batch { flush() }
  }

  private mutating func flush() {
    guard failure == nil else { return }
    do {
      try recorder.record(drafts)
    } catch {
      failure = error
    }
    drafts.removeAll(keepingCapacity: true)
  }
}

extension TradeDirective {
  /// The directive as the journal has it; prices in units, quantities in lots.
  fileprivate var json: JSONValue {
    switch self {
    case .submit(let order):
      [
        "directive": "submit", "order": .integer(Int(clamping: order.number.value)),
        "side": .string(order.side.rawValue), "lots": .integer(Int(order.quantity.lots)),
        "limit": order.limit.map { .string("\($0)") } ?? .null,
        "validity": .string("\(order.validity)"),
        "trigger": order.trigger.map { trigger in
          [
            "source": .string("\(trigger.source)"), "price": .string("\(trigger.price)"),
            "rising": .bool(trigger.isRising),
          ]
        } ?? .null,
        "reduces_only": .bool(order.reducesOnly),
      ]
    case .cancel(let number):
      ["directive": "cancel", "order": .integer(Int(clamping: number.value))]
    case .cancelAll: ["directive": "cancel_all"]
    case .leverage(let leverage): ["directive": "leverage", "leverage": .string("\(leverage)")]
    }
  }
}

extension OrderReport {
  fileprivate var json: JSONValue {
    [
      "order": .integer(Int(clamping: number.value)), "side": .string(side.rawValue),
      "state": .string("\(state)"), "filled": .integer(Int(filled.lots)),
      "rest": .integer(Int(rest.lots)),
      "price": price.map { .string("\($0)") } ?? .null,
      "role": role.map { .string($0.rawValue) } ?? .null,
      "end": end.map { .string($0.rawValue) } ?? .null,
    ]
  }
}
