/// Defects of the sources of an import: all that somebody listed, and of those that the import found
/// itself at most a hundred of one kind in full and the rest counted.
struct DefectLog {
  private(set) var entries: [PanelProvenance.Defect] = []
  private var found: [String: Int] = [:]
  private var unlisted: [String: Int] = [:]

  static let entriesPerKind = 100

  /// Records a defect that the import found.
  mutating func add(
    kind: String, instrument: String = "", date: String = "", note: String = "", handling: String
  ) {
    found[kind, default: 0] += 1
    guard found[kind, default: 0] <= Self.entriesPerKind else {
      unlisted[kind, default: 0] += 1
      return
    }
    entries.append(
      PanelProvenance.Defect(
        kind: kind, instrument: instrument, date: date, note: note, handling: handling))
  }

  /// Records a defect that a person listed; it is kept whatever their number.
  mutating func addListed(_ defect: PanelProvenance.Defect) { entries.append(defect) }

  mutating func add(contentsOf log: DefectLog) {
    entries += log.entries
    for (kind, count) in log.unlisted { unlisted[kind, default: 0] += count }
  }

  /// The entries, and one more for each kind of which not all are listed.
  var summarized: [PanelProvenance.Defect] {
    entries
      + unlisted.keys.sorted().map { kind in
        PanelProvenance.Defect(
          kind: kind, note: "\(unlisted[kind, default: 0]) more",
          handling: "Handled like those listed.")
      }
  }
}
