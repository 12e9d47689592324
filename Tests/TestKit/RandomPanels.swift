import Essentials
package import Markets
import Mathematics

/// Seeded panels with everything that real data has: gaps, ties, constants and short histories.
package enum RandomPanels {
  /// The shape and roughness of a random panel.
  package struct Shape {
    package var rows: Int
    package var columns: Int
    /// The share of cells that are missing.
    package var missing: Double
    /// The share of cells that repeat the value of another cell.
    package var ties: Double

    package init(rows: Int, columns: Int, missing: Double = 0.1, ties: Double = 0.2) {
      self.rows = rows
      self.columns = columns
      self.missing = missing
      self.ties = ties
    }
  }

  /// Makes a panel with matrix fields open, high, low, close, vwap, volume, returns, cap and adv20,
  /// groups market, sector, industry and subindustry, and a vector field `news`.
  package static func make(_ shape: Shape, seed: UInt64) -> Panel {
    var generator = SplitMix64(seed: seed)
    let rows = shape.rows
    let columns = shape.columns
    func gaussian() -> Double {
      var sum = 0.0
      for _ in 0..<12 { sum += generator.nextUniform() }
      return sum - 6
    }
    var fields: [PanelField] = []
    var close = [Double](repeating: 0, count: rows * columns)
    let births = (0..<columns).map { _ in
      generator.nextUniform() < 0.2 ? Int.random(in: 0..<max(1, rows), using: &generator) : 0
    }
    for column in 0..<columns {
      var price = 20 + 80 * generator.nextUniform()
      for row in 0..<rows {
        if generator.nextUniform() >= shape.ties { price *= 1 + 0.02 * gaussian() }
        price = (price * 100).rounded() / 100
        close[row * columns + column] = row < births[column] ? .nan : price
      }
    }
    func roughened(_ values: [Double]) -> [Double] {
      values.map { generator.nextUniform() < shape.missing ? .nan : $0 }
    }
    func add(_ name: String, _ unit: MeasureUnit, _ values: [Double]) {
      fields.append(
        PanelField(
          description: FieldDescription(name: name, kind: .matrix, unit: unit),
          values: .matrix(MatrixColumn(rows: rows, columns: columns, values: roughened(values)))))
    }
    add("close", .price, close)
    add("open", .price, close.map { $0 * (1 + 0.003 * gaussian()) })
    add("high", .price, close.map { $0 * (1 + 0.01 * generator.nextUniform()) })
    add("low", .price, close.map { $0 * (1 - 0.01 * generator.nextUniform()) })
    add("vwap", .price, close.map { $0 * (1 + 0.002 * gaussian()) })
    add("volume", .share, close.map { _ in (1e6 * generator.nextUniform()).rounded() })
    add("adv20", .share, close.map { _ in 5e5 + 1e5 * generator.nextUniform() })
    add("cap", .money, close.map { $0 * 1e8 })
    var returns = [Double](repeating: .nan, count: rows * columns)
    for i in columns..<max(columns, rows * columns) {
      returns[i] = close[i] / close[i - columns] - 1
    }
    add("returns", .dimensionless, returns)
    for (name, classes) in [("market", 1), ("sector", 3), ("industry", 5), ("subindustry", 8)] {
      let codes = (0..<columns).map { _ in
        generator.nextUniform() < 0.05
          ? -1 : Int32.random(in: 0..<Int32(classes), using: &generator)
      }
      fields.append(
        PanelField(
          description: FieldDescription(name: name, kind: .group),
          values: .group(
            GroupColumn(
              labels: (0..<classes).map { "\(name)-\($0)" }, columns: columns, codes: codes))))
    }
    var offsets: [Int32] = [0]
    var events: [Double] = []
    for _ in 0..<(rows * columns) {
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        events.append((10 * gaussian()).rounded() / 10)
      }
      offsets.append(Int32(events.count))
    }
    fields.append(
      PanelField(
        description: FieldDescription(name: "news", kind: .vector),
        values: .vector(
          VectorColumn(rows: rows, columns: columns, offsets: offsets, values: events))))
    return Panel(
      name: "random-\(seed)", fingerprint: Fingerprint(of: "random panel \(shape) \(seed)"),
      axis: TimeAxis(
        tradingDays: (0..<rows).map { CalendarDate(daysSinceEpoch: Int32(14_610 + $0)) }),
      instruments: (0..<columns).map { Instrument(symbol: "T\($0)") }, fields: fields)
  }
}
