package import Essentials
package import Storage

/// Where the events of worlds stand in the journal: which worlds there are, which cycle was evaluated
/// by which event, which event holds a snapshot, which fills are recorded.
package struct WorldBook: JournalReadModel {
  package let name = "world_book"
  package let version = 1
  /// The tables that are dropped when the book is built anew.
  package let tables = [
    JournalTable(
      name: "world_book_world",
      columns: "world TEXT NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL",
      key: "world"),
    JournalTable(
      name: "world_book_cycle",
      columns: """
        world TEXT NOT NULL, seq INTEGER NOT NULL, cycle INTEGER NOT NULL, plan TEXT NOT NULL, \
        snapshot TEXT NOT NULL
        """, key: "world, seq", indexes: ["world, cycle", "world, plan"]),
    JournalTable(
      name: "world_book_snapshot",
      columns: "world TEXT NOT NULL, fingerprint TEXT NOT NULL, seq INTEGER NOT NULL",
      key: "world, fingerprint"),
    JournalTable(
      name: "world_book_fill",
      columns: """
        world TEXT NOT NULL, account TEXT NOT NULL, client TEXT NOT NULL, \
        number INTEGER NOT NULL, seq INTEGER NOT NULL
        """, key: "world, account, client, number"),
  ]

  package init() {}

  /// The run that the events of a world are recorded in.
  package static func run(of world: String) -> String { "world:\(world)" }

  /// Takes events in, within the transaction that appends them.
  package func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    for event in events where !event.world.isEmpty && event.run == Self.run(of: event.world) {
      try store.run(
        """
        INSERT INTO world_book_world VALUES (?, ?, ?)
          ON CONFLICT (world) DO UPDATE SET last_seq = excluded.last_seq
        """, .text(event.world), .integer(event.seq), .integer(event.seq))
      switch event.kind {
      case "world.evaluated": try note(evaluation: event, in: store)
      case "paper.filled": try note(fill: event, in: store)
      default: break
      }
    }
  }

  private func note(
    evaluation event: JournalEvent, in store: JournalTables
  ) throws(JournalFailure) {
    guard let payload = event.payload, case .integer(let cycle)? = payload["cycle"],
      case .string(let plan)? = payload["plan_id"],
      case .string(let snapshot)? = payload["snapshot_fingerprint"]
    else { return }
    try store.run(
      "INSERT INTO world_book_cycle VALUES (?, ?, ?, ?, ?)", .text(event.world),
      .integer(event.seq), .integer(Int64(cycle)), .text(plan), .text(snapshot))
    guard payload["snapshot"] != nil else { return }
    try store.run(
      """
      INSERT INTO world_book_snapshot VALUES (?, ?, ?)
        ON CONFLICT (world, fingerprint) DO NOTHING
      """, .text(event.world), .text(snapshot), .integer(event.seq))
  }

  private func note(fill event: JournalEvent, in store: JournalTables) throws(JournalFailure) {
    guard let payload = event.payload, case .string(let account)? = payload["account"],
      case .string(let order)? = payload["order"], case .integer(let number)? = payload["seq"]
    else { return }
    try store.run(
      """
      INSERT INTO world_book_fill VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (world, account, client, number) DO NOTHING
      """, .text(event.world), .text(account), .text(order), .integer(Int64(number)),
      .integer(event.seq))
  }

  // MARK: - Questions

  /// The names of all worlds, in the order in which they began.
  package func worlds(in store: JournalTables) throws(JournalFailure) -> [String] {
    try store.rows("SELECT world FROM world_book_world ORDER BY first_seq")
      .compactMap { $0[0].text }
  }

  /// Where an evaluation stands.
  package struct Evaluation: Hashable, Sendable {
    package var seq: Int64
    package var cycle: Int
    package var plan: String
    package var snapshot: String
  }

  private func evaluations(_ rows: [[SQLValue]]) -> [Evaluation] {
    rows.compactMap { row in
      guard let seq = row[0].integer, let cycle = row[1].integer, let plan = row[2].text,
        let snapshot = row[3].text
      else { return nil }
      return Evaluation(seq: seq, cycle: Int(cycle), plan: plan, snapshot: snapshot)
    }
  }

  /// The last evaluation of a cycle.
  package func evaluation(
    of world: String, cycle: Int, in store: JournalTables
  ) throws(JournalFailure) -> Evaluation? {
    evaluations(
      try store.rows(
        """
        SELECT seq, cycle, plan, snapshot FROM world_book_cycle
        WHERE world = ? AND cycle = ? ORDER BY seq DESC LIMIT 1
        """, .text(world), .integer(Int64(cycle)))
    ).first
  }

  /// The evaluation that made a plan.
  package func evaluation(
    of world: String, plan: Fingerprint, in store: JournalTables
  ) throws(JournalFailure) -> Evaluation? {
    evaluations(
      try store.rows(
        """
        SELECT seq, cycle, plan, snapshot FROM world_book_cycle
        WHERE world = ? AND plan = ? ORDER BY seq LIMIT 1
        """, .text(world), .text(plan.hexadecimal))
    ).first
  }

  /// The latest evaluations, the last one first.
  package func evaluations(
    of world: String, limit: Int, in store: JournalTables
  ) throws(JournalFailure) -> [Evaluation] {
    evaluations(
      try store.rows(
        """
        SELECT seq, cycle, plan, snapshot FROM world_book_cycle
        WHERE world = ? ORDER BY seq DESC LIMIT ?
        """, .text(world), .integer(Int64(limit))))
  }

  /// The first evaluations behind event number `seq`, in order.
  package func evaluations(
    of world: String, after seq: Int64, limit: Int, in store: JournalTables
  ) throws(JournalFailure) -> [Evaluation] {
    evaluations(
      try store.rows(
        """
        SELECT seq, cycle, plan, snapshot FROM world_book_cycle
        WHERE world = ? AND seq > ? ORDER BY seq LIMIT ?
        """, .text(world), .integer(seq), .integer(Int64(limit))))
  }

  /// How many evaluations of a world are on record.
  package func evaluationCount(
    of world: String, in store: JournalTables
  ) throws(JournalFailure) -> Int {
    try store.value(
      "SELECT COUNT(*) FROM world_book_cycle WHERE world = ?", .text(world)
    ).integer.map(Int.init) ?? 0
  }

  /// The number of the event that holds a snapshot, nil where none does.
  package func snapshot(
    of world: String, _ fingerprint: String, in store: JournalTables
  ) throws(JournalFailure) -> Int64? {
    try store.value(
      "SELECT seq FROM world_book_snapshot WHERE world = ? AND fingerprint = ?", .text(world),
      .text(fingerprint)
    ).integer
  }

  /// Whether a fill is on record.
  package func hasFill(
    _ fill: (account: String, order: String, number: Int), of world: String,
    in store: JournalTables
  ) throws(JournalFailure) -> Bool {
    try store.value(
      """
      SELECT 1 FROM world_book_fill
      WHERE world = ? AND account = ? AND client = ? AND number = ?
      """, .text(world), .text(fill.account), .text(fill.order), .integer(Int64(fill.number))
    ) != .null
  }
}
