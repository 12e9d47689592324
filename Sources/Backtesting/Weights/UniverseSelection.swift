import Essentials
import Markets

/// Who belongs to the universe in each row, and who to the smaller universe inside it.
///
/// Liquidity is the mean of `close * volume` over the 63 rows before a row, of which at least 10
/// must be present. The most traded are picked at the first row of each calendar month, and once
/// at row 20 so that a panel does not wait for its second month; between picks nothing changes,
/// which limits churn. A pick uses rows strictly before its own, so nothing is seen early; ties go
/// to the instrument that stands first. Before row 20 nobody has a rank.
struct UniverseSelection: Sendable {
  static let liquidityRows = 63
  static let liquidityRowsMinimum = 10
  static let firstPickRow = 20
  /// The smaller universe is the most traded third, as `TOP1000` is of `TOP3000`.
  static let smallerUniverseDivisor = 3

  /// 1 for members, row by row; an instrument may be a member without having a price.
  let members: LaneRows
  /// 1 for members of the smaller universe; nil where the panel has no volume.
  let smaller: LaneRows?
  let memberCounts: [Int]
  let smallerCounts: [Int]

  init(panel: Panel, universe: String, closes: MatrixColumn) throws(SimulationRefusal) {
    let rule = try UniverseRule(universe, panel: panel)
    let volumes = panel.matrix("volume")
    if case .mostTraded = rule, volumes == nil {
      throw .fieldMissing(
        name: "volume", purpose: "the universe \(universe)", panel: panel.name)
    }
    let rows = panel.rows
    let columns = panel.columns
    let picks = volumes.map { Self.rankings(panel: panel, closes: closes, volumes: $0) } ?? []
    let pickOfRow = Self.pickOfRow(rows: rows, picks: picks.map(\.row))
    var closeRow = [Double](repeating: .nan, count: columns)
    let membersOfRow = { (row: Int, target: UnsafeMutablePointer<Double>) in
      switch rule {
      case .everyPriced:
        closeRow.withUnsafeMutableBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          closes.copy(rows: row..<row + 1, to: base)
        }
        for column in 0..<columns { target[column] = closeRow[column].isNaN ? 0 : 1 }
      case .named(let membership):
        for column in 0..<columns {
          target[column] = membership.contains(row: row, column: column) ? 1 : 0
        }
      case .mostTraded(let count):
        guard let pick = pickOfRow[row] else { return }
        for column in picks[pick].order.prefix(count) { target[column] = 1 }
      }
    }
    let members = LaneRows(rows: rows, columns: columns, padding: 0, fill: membersOfRow)
    var smallerOfPick: [[Int]] = []
    for pick in picks {
      let ranked = pick.order.filter { members.value(row: pick.row, column: $0) != 0 }
      let divisor = Self.smallerUniverseDivisor
      smallerOfPick.append(Array(ranked.prefix((ranked.count + divisor / 2) / divisor)))
    }
    self.members = members
    memberCounts = (0..<rows).map { row in
      (0..<columns).reduce(0) { $0 + Int(members.value(row: row, column: $1)) }
    }
    if picks.isEmpty {
      smaller = nil
      smallerCounts = []
    } else {
      smaller = LaneRows(rows: rows, columns: columns, padding: 0) { row, target in
        guard let pick = pickOfRow[row] else { return }
        for column in smallerOfPick[pick] { target[column] = 1 }
      }
      smallerCounts = (0..<rows).map { row in pickOfRow[row].map { smallerOfPick[$0].count } ?? 0 }
    }
  }

  /// Instruments by falling liquidity as known before each pick row; without liquidity left out.
  private static func rankings(
    panel: Panel, closes: MatrixColumn, volumes: MatrixColumn
  ) -> [(row: Int, order: [Int])] {
    let columns = panel.columns
    var pickRows: [Int] = []
    for row in 0..<panel.rows where row >= firstPickRow {
      let (year, month, _) = panel.axis.date(row).civil
      let (yearBefore, monthBefore, _) = panel.axis.date(row - 1).civil
      if row == firstPickRow || month != monthBefore || year != yearBefore {
        pickRows.append(row)
      }
    }
    var closeRows = [Double](repeating: 0, count: liquidityRows * columns)
    var volumeRows = closeRows
    return pickRows.map { row in
      let window = max(0, row - liquidityRows)..<row
      closeRows.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { closes.copy(rows: window, to: base) }
      }
      volumeRows.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { volumes.copy(rows: window, to: base) }
      }
      var liquidity: [(column: Int, value: Double)] = []
      for column in 0..<columns {
        var sum = 0.0
        var count = 0
        for offset in 0..<window.count {
          let traded =
            closeRows[offset * columns + column] * volumeRows[offset * columns + column]
          if traded.isFinite {
            sum += traded
            count += 1
          }
        }
        if count >= liquidityRowsMinimum { liquidity.append((column, sum / Double(count))) }
      }
      liquidity.sort { ($1.value, $0.column) < ($0.value, $1.column) }
      return (row, liquidity.map(\.column))
    }
  }

  private static func pickOfRow(rows: Int, picks: [Int]) -> [Int?] {
    var result: [Int?] = []
    result.reserveCapacity(rows)
    var next = 0
    for row in 0..<rows {
      while next < picks.count, picks[next] <= row { next += 1 }
      result.append(next == 0 ? nil : next - 1)
    }
    return result
  }
}

/// How the members of a universe are found.
private enum UniverseRule {
  case everyPriced
  case named(MembershipColumn)
  case mostTraded(Int)

  init(_ name: String, panel: Panel) throws(SimulationRefusal) {
    if let membership = panel.universes[name] {
      self = .named(membership)
    } else if name == "ALL" {
      self = .everyPriced
    } else if name.hasPrefix("TOP"), let count = Int(name.dropFirst(3)), count > 0 {
      self = .mostTraded(count)
    } else {
      let known = ["ALL"] + panel.universes.keys.sorted()
      throw .unknownUniverse(
        name: name, nearest: nearestName(to: name, among: known), known: known)
    }
  }
}
