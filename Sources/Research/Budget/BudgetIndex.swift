import Essentials
package import Storage

/// The state of the ledger as tables of the journal, written in the transaction of its events.
///
/// Opening a book costs what is open and remembered, not the length of the history, and what a run,
/// day, week, lane or model has used is one look-up.
package struct BudgetIndex: JournalReadModel {
  package let name = "budget_index"
  package let version = 1
  /// Accounts by scope, calls that wait, usage by model, what calibration remembers, and the number
  /// that comes next.
  package let tables = [
    JournalTable(
      name: "budget_index_account",
      columns: """
        scope TEXT NOT NULL, kind TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, \
        \(lanes.map(columns).joined(separator: ", ")), \
        granted INTEGER NOT NULL, settled INTEGER NOT NULL, voided INTEGER NOT NULL, \
        presumed INTEGER NOT NULL, refused INTEGER NOT NULL, unpriced INTEGER NOT NULL, \
        unpriced_tokens INTEGER NOT NULL, warnings_standing INTEGER NOT NULL, \
        warnings_given INTEGER NOT NULL, blocked INTEGER NOT NULL, last_seq INTEGER NOT NULL
        """, key: "scope", indexes: ["kind, last_seq"]),
    JournalTable(
      name: "budget_index_call",
      columns: """
        number INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, \
        payload TEXT NOT NULL
        """, key: "number", indexes: ["state"]),
    JournalTable(
      name: "budget_index_model",
      columns: """
        provider TEXT NOT NULL, model TEXT NOT NULL, calls INTEGER NOT NULL, \
        prompt_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL, \
        completion_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL, \
        nano_usd INTEGER NOT NULL, unpriced_calls INTEGER NOT NULL, overruns INTEGER NOT NULL
        """, key: "provider, model"),
    JournalTable(
      name: "budget_index_learned",
      columns: "model TEXT NOT NULL, ratios INTEGER NOT NULL", key: "model"),
    JournalTable(
      name: "budget_index_ratio",
      columns: """
        model TEXT NOT NULL, place INTEGER NOT NULL, seq INTEGER NOT NULL, \
        millionths INTEGER NOT NULL
        """, key: "model, place"),
    JournalTable(
      name: "budget_index_ledger",
      columns: "only_row INTEGER NOT NULL, next_number INTEGER NOT NULL", key: "only_row"),
  ]

  private static let lanes = ["exploit", "explore", "both"]

  private static func columns(lane: String) -> String {
    ["reserved", "spent", "overrun", "unreconciled"].map {
      "\(lane)_\($0)_tokens INTEGER NOT NULL, \(lane)_\($0)_nano_usd INTEGER NOT NULL"
    }.joined(separator: ", ")
  }

  package init() {}

  // MARK: - Taking in events

  /// Applies the events of the budget among `events`; one that contradicts the tables is refused.
  package func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    var state = LedgerState()
    for stored in events where BudgetEvent.kinds.contains(stored.kind) {
      let event = try read(stored)
      // Only what the event touches is loaded, so the cost does not grow with the history.
      try load(event, into: &state, from: store)
      do throws(LedgerFailure) {
        try state.apply(event)
      } catch {
        throw .refused(model: name, reason: error.explanation)
      }
      try keep(stored, event, state, in: store)
    }
  }

  private func read(_ stored: JournalEvent) throws(JournalFailure) -> BudgetEvent {
    do throws(BudgetEventFailure) {
      return try BudgetEvent(
        kind: stored.kind, at: stored.at, payload: stored.payload ?? .null)
    } catch {
      throw .refused(model: name, reason: error.explanation)
    }
  }

  private func load(
    _ event: BudgetEvent, into state: inout LedgerState, from store: JournalTables
  ) throws(JournalFailure) {
    var accounts: [LedgerAccount] = []
    for scope in LedgerState.scopes(of: event) {
      if let account = try account(scope, in: store) { accounts.append(account) }
    }
    var open: [Reservation] = []
    var presumed: [Reservation] = []
    if let id = event.closedReservation {
      let rows = try store.rows(
        "SELECT state, at, kind, payload FROM budget_index_call WHERE number = ?",
        .integer(Int64(id.number)))
      for (reservation, isPresumed) in try calls(rows) {
        if isPresumed { presumed.append(reservation) } else { open.append(reservation) }
      }
    }
    state = LedgerState(
      accounts: accounts, open: open, presumed: presumed, nextNumber: try nextNumber(in: store),
      calibration: TokenCalibration())
  }

  private func keep(
    _ stored: JournalEvent, _ event: BudgetEvent, _ state: LedgerState, in store: JournalTables
  ) throws(JournalFailure) {
    for scope in LedgerState.scopes(of: event) {
      try keep(state.account(scope), stored.seq, in: store)
    }
    switch event.fact {
    case .granted(let reservation, _):
      try store.run(
        "INSERT INTO budget_index_call VALUES (?, 'open', ?, ?, ?)",
        .integer(Int64(reservation.id.number)), .integer(stored.at.millisecondsSinceEpoch),
        .text(stored.kind), .text(stored.payloadText))
      try store.run(
        "INSERT OR REPLACE INTO budget_index_ledger VALUES (1, ?)",
        .integer(Int64(state.nextNumber)))
    case .presumed(let reservation, _):
      try store.run(
        "UPDATE budget_index_call SET state = 'presumed' WHERE number = ?",
        .integer(Int64(reservation.id.number)))
    case .voided(let reservation, _, _): try forget(reservation.id, in: store)
    case .settled(let settlement):
      try forget(settlement.reservation.id, in: store)
      try count(settlement, in: store)
      try remember(settlement, seq: stored.seq, in: store)
    default: break
    }
  }

  private func forget(
    _ id: ReservationID, in store: JournalTables
  ) throws(JournalFailure) {
    try store.run(
      "DELETE FROM budget_index_call WHERE number = ?", .integer(Int64(id.number)))
  }

  private func count(
    _ settlement: Settlement, in store: JournalTables
  ) throws(JournalFailure) {
    let usage = settlement.point.usage
    let request = settlement.reservation.request
    let isUnpriced = !settlement.cost.isKnown && usage.total > 0
    try store.run(
      """
      INSERT INTO budget_index_model VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (provider, model) DO UPDATE SET
          calls = calls + 1, prompt_tokens = prompt_tokens + excluded.prompt_tokens,
          cached_tokens = cached_tokens + excluded.cached_tokens,
          completion_tokens = completion_tokens + excluded.completion_tokens,
          reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
          nano_usd = nano_usd + excluded.nano_usd,
          unpriced_calls = unpriced_calls + excluded.unpriced_calls,
          overruns = overruns + excluded.overruns
      """, .text(request.provider), .text(request.model), .integer(Int64(usage.prompt)),
      .integer(Int64(usage.cached)), .integer(Int64(usage.completion)),
      .integer(Int64(usage.reasoning)), .integer(settlement.cost.entered.count),
      .integer(isUnpriced ? 1 : 0), .integer(settlement.beyond == .zero ? 0 : 1))
  }

  /// Keeps the ratio that the calibration learns, as many as it remembers.
  private func remember(
    _ settlement: Settlement, seq: Int64, in store: JournalTables
  ) throws(JournalFailure) {
    let request = settlement.reservation.request
    guard settlement.point.source == .provider,
      let ratio = TokenCalibration.ratio(
        basis: request.promptTokensBasis, actual: settlement.point.usage.prompt)
    else { return }
    let known = try store.value(
      "SELECT ratios FROM budget_index_learned WHERE model = ?", .text(request.model))
    if known == .null {
      let models = try store.value("SELECT count(*) FROM budget_index_learned")
      guard (models.integer ?? 0) < Int64(TokenCalibration.modelsMax) else { return }
    }
    // A ring: the place of the oldest ratio is taken by the latest.
    let learned = known.integer ?? 0
    try store.run(
      "INSERT OR REPLACE INTO budget_index_learned VALUES (?, ?)", .text(request.model),
      .integer(learned + 1))
    try store.run(
      "INSERT OR REPLACE INTO budget_index_ratio VALUES (?, ?, ?, ?)", .text(request.model),
      .integer(learned % Int64(TokenCalibration.samplesMax)), .integer(seq),
      .integer(Int64(ratio)))
  }

  // MARK: - Accounts as rows

  private func keep(
    _ account: LedgerAccount, _ seq: Int64, in store: JournalTables
  ) throws(JournalFailure) {
    let (kind, first, second) = account.scope.parts
    let (exploit, explore, both) = (account.exploit, account.explore, account.both)
    let counts = account.counts
    func tokens(_ spend: Spend) -> SQLValue { .integer(Int64(spend.tokens)) }
    func money(_ spend: Spend) -> SQLValue { .integer(spend.cost.count) }
    func number(_ count: Int) -> SQLValue { .integer(Int64(count)) }
    try store.run(
      Self.keepStatement, .text(account.scope.key), .text(kind), .text(first), .text(second),
      tokens(exploit.reserved), money(exploit.reserved), tokens(exploit.spent),
      money(exploit.spent), tokens(exploit.overrun), money(exploit.overrun),
      tokens(exploit.unreconciled), money(exploit.unreconciled), tokens(explore.reserved),
      money(explore.reserved), tokens(explore.spent), money(explore.spent),
      tokens(explore.overrun), money(explore.overrun), tokens(explore.unreconciled),
      money(explore.unreconciled), tokens(both.reserved), money(both.reserved),
      tokens(both.spent), money(both.spent), tokens(both.overrun), money(both.overrun),
      tokens(both.unreconciled), money(both.unreconciled), number(counts.granted),
      number(counts.settled), number(counts.voided), number(counts.presumed),
      number(counts.refused), number(counts.unpriced), number(counts.unpricedTokens),
      .integer(Int64(account.warnings.standing)), .integer(Int64(account.warnings.given)),
      .integer(account.isBlocked ? 1 : 0), .integer(seq))
  }

  private static let columnCount = 39

  private static let keepStatement =
    "INSERT OR REPLACE INTO budget_index_account VALUES ("
    + Array(repeating: "?", count: columnCount).joined(separator: ", ") + ")"

  private static func account(_ row: [SQLValue]) -> LedgerAccount? {
    guard row.count == columnCount, let kind = row[1].text, let first = row[2].text,
      let second = row[3].text, let scope = BudgetScope(kind: kind, first: first, second: second)
    else { return nil }
    let numbers = row[4...].map { $0.integer ?? 0 }
    func spend(_ place: Int) -> Spend {
      Spend(tokens: Int(numbers[place]), cost: NanoDollars(numbers[place + 1]))
    }
    func lane(_ place: Int) -> LedgerAccount.LaneBalances {
      var balances = LedgerAccount.LaneBalances()
      balances.reserved = spend(place)
      balances.spent = spend(place + 2)
      balances.overrun = spend(place + 4)
      balances.unreconciled = spend(place + 6)
      return balances
    }
    var account = LedgerAccount(
      scope: scope, exploit: lane(0), explore: lane(8), both: lane(16))
    account.counts.granted = Int(numbers[24])
    account.counts.settled = Int(numbers[25])
    account.counts.voided = Int(numbers[26])
    account.counts.presumed = Int(numbers[27])
    account.counts.refused = Int(numbers[28])
    account.counts.unpriced = Int(numbers[29])
    account.counts.unpricedTokens = Int(numbers[30])
    account.warnings = WarningMarks(
      standing: UInt16(truncatingIfNeeded: numbers[31]),
      given: UInt16(truncatingIfNeeded: numbers[32]))
    account.isBlocked = numbers[33] != 0
    return account
  }

  // MARK: - Asking

  /// The account of a scope, nil where nothing happened in it. One look-up.
  package func account(
    _ scope: BudgetScope, in store: JournalTables
  ) throws(JournalFailure) -> LedgerAccount? {
    try store.rows("SELECT * FROM budget_index_account WHERE scope = ?", .text(scope.key))
      .first.flatMap(Self.account)
  }

  /// The accounts of a period that something happened in last, the latest at the end. Cost: as many
  /// look-ups as accounts asked for.
  package func latest(
    _ count: Int, _ period: BudgetPeriod, in store: JournalTables
  ) throws(JournalFailure) -> [LedgerAccount] {
    try store.rows(
      "SELECT * FROM budget_index_account WHERE kind = ? ORDER BY last_seq DESC LIMIT ?",
      .text(period == .batch ? "run" : period.rawValue), .integer(Int64(count))
    ).reversed().compactMap(Self.account)
  }

  /// What each model has used, by provider and name.
  package func models(in store: JournalTables) throws(JournalFailure) -> [ModelUsage] {
    try store.rows("SELECT * FROM budget_index_model ORDER BY provider, model").compactMap { row in
      guard row.count == 10, let provider = row[0].text, let model = row[1].text else { return nil }
      let numbers = row[2...].map { Int($0.integer ?? 0) }
      var usage = TokenUsage(prompt: numbers[1], completion: numbers[3])
      usage.cached = numbers[2]
      usage.reasoning = numbers[4]
      return ModelUsage(
        provider: provider, model: model, calls: numbers[0], usage: usage,
        cost: NanoDollars(Int64(numbers[5])), unpricedCalls: numbers[6], overruns: numbers[7])
    }
  }

  /// Whether the journal has ever kept a budget.
  package func isPresent(in store: JournalTables) throws(JournalFailure) -> Bool {
    try store.value(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'budget_index_account'")
      != .null
  }

  /// The state that the events have led to. Cost: what is remembered, whatever the history.
  package func state(in store: JournalTables) throws(JournalFailure) -> LedgerState {
    var calibration = TokenCalibration()
    let ratios = try store.rows(
      "SELECT model, millionths FROM budget_index_ratio ORDER BY seq")
    for row in ratios {
      if let model = row[0].text, let ratio = row[1].integer {
        calibration.add(Int32(truncatingIfNeeded: ratio), to: model)
      }
    }
    let calls = try calls(
      store.rows("SELECT state, at, kind, payload FROM budget_index_call ORDER BY number"))
    return LedgerState(
      accounts: try store.rows("SELECT * FROM budget_index_account").compactMap(Self.account),
      open: calls.filter { !$0.isPresumed }.map(\.reservation),
      presumed: calls.filter(\.isPresumed).map(\.reservation),
      nextNumber: try nextNumber(in: store), calibration: calibration)
  }

  private func nextNumber(in store: JournalTables) throws(JournalFailure) -> Int {
    Int(try store.value("SELECT next_number FROM budget_index_ledger").integer ?? 1)
  }

  private func calls(
    _ rows: [[SQLValue]]
  ) throws(JournalFailure) -> [(reservation: Reservation, isPresumed: Bool)] {
    var calls: [(reservation: Reservation, isPresumed: Bool)] = []
    for row in rows {
      guard let at = row[1].integer, let kind = row[2].text, let text = row[3].text,
        let payload = try? JSONValue(parsing: text),
        let event = try? BudgetEvent(
          kind: kind, at: Timestamp(millisecondsSinceEpoch: at), payload: payload),
        case .granted(let reservation, _) = event.fact
      else { throw .refused(model: name, reason: "a call that is kept cannot be read") }
      calls.append((reservation, row[0] == .text("presumed")))
    }
    return calls
  }
}

/// What one model has used in all.
package struct ModelUsage: Hashable, Sendable {
  package let provider: String
  package let model: String
  package let calls: Int
  package let usage: TokenUsage
  /// The known part of the cost; calls without a price are counted apart.
  package let cost: NanoDollars
  package let unpricedCalls: Int
  package let overruns: Int
}

extension BudgetEvent {
  /// The call that the event takes from those that wait.
  fileprivate var closedReservation: ReservationID? {
    switch fact {
    case .settled(let settlement): settlement.reservation.id
    case .voided(let reservation, _, _), .presumed(let reservation, _): reservation.id
    default: nil
    }
  }
}

extension BudgetScope {
  /// The scope as it stands in the columns `kind`, `first` and `second`.
  fileprivate var parts: (kind: String, first: String, second: String) {
    switch self {
    case .run(let run): ("run", run, "")
    case .day(let date): ("day", date.description, "")
    case .week(let week): ("week", week.monday.description, "")
    case .expansion(let run, let idea): ("expansion", run, idea)
    }
  }

  /// A text that no other scope has: names may contain colons, but no control characters.
  fileprivate var key: String {
    let (kind, first, second) = parts
    return "\(kind)\u{1F}\(first)\u{1F}\(second)"
  }

  fileprivate init?(kind: String, first: String, second: String) {
    switch kind {
    case "run": self = .run(first)
    case "expansion": self = .expansion(run: first, idea: second)
    case "day":
      guard let date = CalendarDate(first) else { return nil }
      self = .day(date)
    case "week":
      guard let monday = CalendarDate(first) else { return nil }
      self = .week(ISOWeek(containing: monday))
    default: return nil
    }
  }
}
