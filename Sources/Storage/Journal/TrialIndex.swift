package import Essentials

/// Which formulas were ever simulated on which panel: the trials that luck is judged against.
///
/// An event `simulation.completed` counts by the members `formula.fingerprint` and
/// `panel.fingerprint` of its payload; a formula that is simulated again, with whatever settings, is
/// no other trial.
package struct TrialIndex: JournalReadModel {
  package let name = "trial_index"
  package let version = 1
  /// The tables that are dropped when the index is built anew.
  package let tables = [
    JournalTable(
      name: "trial_index_formula",
      columns: "panel TEXT NOT NULL, formula TEXT NOT NULL, first_seq INTEGER NOT NULL",
      key: "panel, formula"),
    JournalTable(
      name: "trial_index_panel",
      columns: "panel TEXT NOT NULL, formulas INTEGER NOT NULL", key: "panel"),
  ]

  /// The kind of event that counts.
  package static let kind = "simulation.completed"
  package var kinds: [String]? { [Self.kind] }

  package init() {}

  /// Takes one event in, within the transaction that appends it.
  package func apply(_ events: [JournalEvent], to store: JournalTables) throws(JournalFailure) {
    for event in events where event.kind == Self.kind {
      guard let payload = event.payload,
        case .string(let formula)? = payload["formula"]?["fingerprint"],
        case .string(let panel)? = payload["panel"]?["fingerprint"]
      else { continue }
      let isKnown = try store.value(
        "SELECT 1 FROM trial_index_formula WHERE panel = ? AND formula = ?", .text(panel),
        .text(formula))
      guard isKnown == .null else { continue }
      try store.run(
        "INSERT INTO trial_index_formula VALUES (?, ?, ?)", .text(panel), .text(formula),
        .integer(event.seq))
      try store.run(
        """
        INSERT INTO trial_index_panel VALUES (?, 1)
          ON CONFLICT (panel) DO UPDATE SET formulas = formulas + 1
        """, .text(panel))
    }
  }

  /// How many formulas other than `formulas` were ever simulated on a panel.
  package func trials(
    on panel: Fingerprint, besides formulas: Set<Fingerprint>, in store: JournalTables
  ) throws(JournalFailure) -> Int {
    let total = try store.value(
      "SELECT formulas FROM trial_index_panel WHERE panel = ?", .text(panel.hexadecimal))
    var count = Int(total.integer ?? 0)
    for formula in formulas.sorted() {
      let isKnown = try store.value(
        "SELECT 1 FROM trial_index_formula WHERE panel = ? AND formula = ?",
        .text(panel.hexadecimal), .text(formula.hexadecimal))
      if isKnown != .null { count -= 1 }
    }
    return count
  }

  /// How many formulas other than `formulas` were simulated on a panel before the event `seq`, such
  /// as the beginning of a run: what it was judged by in its first life, it is judged by in every
  /// one. Cost: linear in the formulas of the panel.
  package func trials(
    on panel: Fingerprint, before seq: Int64, besides formulas: Set<Fingerprint>,
    in store: JournalTables
  ) throws(JournalFailure) -> Int {
    let total = try store.value(
      "SELECT count(*) FROM trial_index_formula WHERE panel = ? AND first_seq < ?",
      .text(panel.hexadecimal), .integer(seq))
    var count = Int(total.integer ?? 0)
    for formula in formulas.sorted() {
      let first = try store.value(
        "SELECT first_seq FROM trial_index_formula WHERE panel = ? AND formula = ?",
        .text(panel.hexadecimal), .text(formula.hexadecimal))
      if let first = first.integer, first < seq { count -= 1 }
    }
    return count
  }
}
