import Storage
import Worlds

extension NoiseStudy.Series {
  /// Reads series from a table: a column of dates, then a column of returns for each series, under
  /// its name; a name that ends with `:short` is one that holds short. Empty fields are missing.
  package static func read(path: String) throws -> [NoiseStudy.Series] {
    let table = try CSVReader(path: path)
    guard table.header.count > 1 else {
      throw StudyRefusal.noSeries(name: path, reason: "it has one column")
    }
    var columns = [[Double]](repeating: [], count: table.header.count - 1)
    while try table.next() {
      _ = try table.stamp(0)
      for place in columns.indices { columns[place].append(try table.decimal(place + 1)) }
    }
    guard table.rowCount > 0 else {
      throw StudyRefusal.noSeries(name: path, reason: "it has no rows")
    }
    return zip(table.header.dropFirst(), columns).map { name, returns in
      let isShort = name.hasSuffix(shortMark)
      return NoiseStudy.Series(
        name: isShort ? String(name.dropLast(shortMark.count)) : name,
        side: isShort ? .short : .long, returns: returns)
    }
  }

  private static let shortMark = ":short"

  /// The series without its mean: what is left where there is no skill.
  package var withoutMean: NoiseStudy.Series {
    let present = returns.filter(\.isFinite)
    guard !present.isEmpty else { return self }
    let mean = present.reduce(0, +) / Double(present.count)
    var copy = self
    copy.returns = returns.map { $0 - mean }
    return copy
  }
}
