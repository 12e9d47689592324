import Markets

/// Classes of a panel's instruments, named in ascending order of bytes, to sum sizes by.
struct ExposureClasses: Sendable {
  private let names: [String]
  /// The place of each label of the grouping among `names`, then that of an unknown class; or the
  /// place of each instrument, without a grouping.
  private let places: [Int]
  private let group: GroupColumn?

  /// Each instrument is a class of its own.
  init(instruments: [Instrument]) {
    self.init(labels: instruments.map(\.symbol), group: nil)
  }

  /// The classes of a grouping; instruments without a known one are `unknown`.
  init(_ group: GroupColumn) {
    self.init(labels: group.labels + ["unknown"], group: group)
  }

  private init(labels: [String], group: GroupColumn?) {
    let names = Set(labels).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    self.names = names
    self.places = labels.compactMap { places[$0] }
    self.group = group
  }

  /// Returns each class's share of the sizes, classes in the order of their names; those without any
  /// are left out.
  func shares(of sizes: [Double], row: Int) -> [ExposureShare] {
    var gross = 0.0
    var sums = [Double](repeating: 0, count: names.count)
    for (column, size) in sizes.enumerated() where size > 0 {
      gross += size
      sums[place(of: column, row: row)] += size
    }
    return names.indices.filter { sums[$0] > 0 }
      .map { ExposureShare(name: names[$0], share: sums[$0] / gross) }
  }

  private func place(of column: Int, row: Int) -> Int {
    guard let group else { return places[column] }
    let code = group.code(row: row, column: column)
    return places[code < 0 ? places.count - 1 : Int(code)]
  }
}
