/// Defects found during an import, at most a hundred of one kind in full and the rest counted.
struct DefectLog {
  private(set) var entries: [PanelProvenance.Defect] = []
  private var counts: [String: Int] = [:]

  static let entriesPerKind = 100

  mutating func add(
    kind: String, instrument: String = "", date: String = "", note: String = "", handling: String
  ) {
    counts[kind, default: 0] += 1
    guard counts[kind, default: 0] <= Self.entriesPerKind else { return }
    entries.append(
      PanelProvenance.Defect(
        kind: kind, instrument: instrument, date: date, note: note, handling: handling))
  }

  mutating func add(contentsOf log: DefectLog) {
    for entry in log.entries {
      add(
        kind: entry.kind, instrument: entry.instrument, date: entry.date, note: entry.note,
        handling: entry.handling)
    }
    for (kind, count) in log.counts where count > Self.entriesPerKind {
      counts[kind, default: 0] += count - Self.entriesPerKind
    }
  }

  /// The entries, and one more for each kind that has more than fit.
  var summarized: [PanelProvenance.Defect] {
    entries
      + counts.keys.sorted().compactMap { kind in
        let count = counts[kind, default: 0]
        guard count > Self.entriesPerKind else { return nil }
        return PanelProvenance.Defect(
          kind: kind, note: "\(count - Self.entriesPerKind) more",
          handling: "Handled like the \(Self.entriesPerKind) listed.")
      }
  }
}
