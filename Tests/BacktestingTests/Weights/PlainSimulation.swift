import Essentials
import Markets

@testable import Backtesting

/// The pipeline of `BookSimulation`, written down step by step with optionals and without regard to
/// cost: the oracle of the fast one.
struct PlainSimulation {
  let panel: Panel
  let settings: SimulationSettings
  /// `alpha[row][column]`, NaN for missing.
  let alpha: [[Double]]

  struct Row {
    var pnl = 0.0
    var traded = 0.0
    var gross = 0.0
    var net = 0.0
    var longs = 0
    var shorts = 0
    var covered = 0
    var admitted = 0
    var largest = 0.0
    var unpriced = 0
    var smaller = 0.0
  }

  /// The rows 1, 2, ... of the panel.
  func run() -> [Row] {
    var positions = [Double](repeating: 0, count: panel.columns)
    var decayed: [[Double?]] = []
    var result: [Row] = []
    for t in 0..<(panel.rows - 1) {
      let isAdmitted = (0..<panel.columns).map { self.isAdmitted(t, $0) }
      let raw = (0..<panel.columns).map { c -> Double? in
        let value = alpha[t][c]
        let isKept = settings.pasteurization == .off || isAdmitted[c]
        return value.isFinite && isKept ? value : nil
      }
      func admit(_ values: [Double?]) -> [Double?] {
        values.indices.map { c in
          isAdmitted[c] ? values[c] ?? (settings.nanHandling == .on ? 0 : nil) : nil
        }
      }
      let weights: [Double?]
      switch settings.stepOrder {
      case .neutralizeLast:
        decayed.append(raw)
        weights = scaled(neutralized(t, truncated(admit(decay(decayed)))))
      case .truncateLast:
        decayed.append(raw)
        weights = scaled(truncated(neutralized(t, admit(decay(decayed)))))
      case .decayWeights:
        decayed.append(scaled(neutralized(t, admit(raw))))
        weights = scaled(truncated(admit(decay(decayed))))
      }
      var row = Row()
      row.admitted = isAdmitted.filter { $0 }.count
      row.covered = raw.indices.filter { raw[$0] != nil && isAdmitted[$0] }.count
      for c in 0..<panel.columns {
        var position = (weights[c] ?? 0) * settings.bookSize
        if settings.maxTrade == .on {
          let limit = tradeLimit(t, c)
          position = min(max(position, positions[c] - limit), positions[c] + limit)
        }
        row.traded += abs(position - positions[c])
        positions[c] = position
        row.gross += abs(position)
        row.net += position
        row.longs += position > 0 ? 1 : 0
        row.shorts += position < 0 ? 1 : 0
        row.largest = max(row.largest, abs(position))
        let earned = returnOf(t + 1, c)
        row.pnl += position * (earned ?? 0)
        row.unpriced += earned == nil && position != 0 ? 1 : 0
      }
      row.pnl -= settings.costRate * row.traded
      if row.gross > 0 { row.largest /= row.gross }
      row.smaller = smallerProfit(t, weights)
      result.append(row)
    }
    return result
  }

  private func value(_ field: String, _ row: Int, _ column: Int) -> Double? {
    guard let matrix = panel.matrix(field) else { return nil }
    let value = matrix[row, column]
    return value.isNaN ? nil : value
  }

  func returnOf(_ row: Int, _ column: Int) -> Double? {
    if panel.matrix("returns") != nil { return value("returns", row, column) }
    guard row > 0, let now = value("close", row, column),
      let before = value("close", row - 1, column), before > 0
    else { return nil }
    return now / before - 1
  }

  private func traded(_ row: Int, _ column: Int) -> Double? {
    guard let close = value("close", row, column), let volume = value("volume", row, column)
    else { return nil }
    return close * volume
  }

  func isAdmitted(_ row: Int, _ column: Int) -> Bool {
    guard isMember(row, column), let close = value("close", row, column), close > 0 else {
      return false
    }
    return panel.matrix("volume") == nil || (value("volume", row, column) ?? 0) > 0
  }

  func isMember(_ row: Int, _ column: Int) -> Bool {
    if settings.universe == "ALL" { return value("close", row, column) != nil }
    if let named = panel.universes[settings.universe] {
      return named.contains(row: row, column: column)
    }
    guard let count = Int(settings.universe.dropFirst(3)), let pick = pickRow(row) else {
      return false
    }
    return ranking(pick).prefix(count).contains(column)
  }

  /// The last row at or before `row` at which universes were picked.
  func pickRow(_ row: Int) -> Int? {
    var last: Int?
    for r in 0...row where r >= 20 {
      let now = panel.axis.date(r).civil
      let before = panel.axis.date(r - 1).civil
      if r == 20 || now.month != before.month || now.year != before.year { last = r }
    }
    return last
  }

  func ranking(_ pick: Int) -> [Int] {
    var liquidity: [(Int, Double)] = []
    for c in 0..<panel.columns {
      let known = (max(0, pick - 63)..<pick).compactMap { traded($0, c) }
      if known.count >= 10 {
        liquidity.append((c, known.reduce(0, +) / Double(known.count)))
      }
    }
    return liquidity.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.map(\.0)
  }

  func smallerMembers(_ row: Int) -> [Int] {
    guard panel.matrix("volume") != nil, let pick = pickRow(row) else { return [] }
    let members = ranking(pick).filter { isMember(pick, $0) }
    return Array(members.prefix(Int((Double(members.count) / 3).rounded())))
  }

  private func tradeLimit(_ row: Int, _ column: Int) -> Double {
    guard let now = traded(row, column), now > 0 else { return 0 }
    let known = (max(0, row - 19)...row).compactMap { traded($0, column) }
    return 0.1 * known.reduce(0, +) / Double(known.count)
  }

  private func decay(_ history: [[Double?]]) -> [Double?] {
    let window = max(1, settings.decay)
    return (0..<panel.columns).map { c in
      var sum = 0.0
      var isKnown = false
      for age in 0..<min(window, history.count) {
        if let value = history[history.count - 1 - age][c] {
          sum += Double(window - age) * value
          isKnown = true
        }
      }
      return isKnown ? sum : nil
    }
  }

  private func truncated(_ values: [Double?]) -> [Double?] {
    let share = settings.truncation
    let sizes = values.compactMap { $0.map(abs) }
    guard share > 0, share < 1, let largest = sizes.max(),
      largest > share * sizes.reduce(0, +)
    else { return values }
    let count = sizes.filter { $0 > 0 }.count
    if Double(count) * share < 1 - 1e-12 { return values }
    if Double(count) * share < 1 + 1e-12 {
      return values.map { $0.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } }
    }
    // The excess of the permitted share over the cap is positive below the root, negative above.
    var low = 0.0
    var high = largest
    for _ in 0..<200 {
      let cap = (low + high) / 2
      if share * sizes.reduce(0, { $0 + min($1, cap) }) > cap { low = cap } else { high = cap }
    }
    return values.map { $0.map { min(max($0, -high), high) } }
  }

  private func neutralized(_ row: Int, _ values: [Double?]) -> [Double?] {
    guard settings.neutralization != .none else { return values }
    let group = settings.neutralization.groupField.flatMap { panel.group($0) }
    let codes = (0..<panel.columns).map { group?.code(row: row, column: $0) ?? 0 }
    return values.indices.map { c in
      guard let value = values[c] else { return nil }
      let mates = values.indices.filter { codes[$0] == codes[c] }.compactMap { values[$0] }
      return difference(value, mates.reduce(0, +) / Double(mates.count))
    }
  }

  private func difference(_ value: Double, _ mean: Double) -> Double {
    abs(value - mean) <= 1e-13 * (abs(value) + abs(mean)) ? 0 : value - mean
  }

  private func scaled(_ values: [Double?]) -> [Double?] {
    let size = values.compactMap { $0.map(abs) }.reduce(0, +)
    return values.map { $0.map { size > 0 ? $0 / size : 0 } }
  }

  private func smallerProfit(_ row: Int, _ weights: [Double?]) -> Double {
    let inside = smallerMembers(row).filter { weights[$0] != nil }
    let known = inside.compactMap { weights[$0] }
    guard !known.isEmpty, weights.contains(where: { ($0 ?? 0) != 0 }) else { return 0 }
    let mean = known.reduce(0, +) / Double(known.count)
    let centered = inside.map { difference(weights[$0] ?? 0, mean) }
    let size = centered.map(abs).reduce(0, +)
    guard size > 0 else { return 0 }
    return zip(inside, centered).reduce(0) {
      $0 + $1.1 / size * settings.bookSize * (returnOf(row + 1, $1.0) ?? 0)
    }
  }
}
