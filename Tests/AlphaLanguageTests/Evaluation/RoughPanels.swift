import Essentials
import Markets
import Mathematics
import TestKit

/// Panels with every roughness that an operator may meet.
///
/// To the fields of `RandomPanels` they add: `signal`, small numbers of both signs with many ties;
/// `trigger`, -1, 0 and 1; `wild`, whose columns are huge, tiny, constant, empty, or nearly constant
/// and far from zero; `late`, far from zero with its first values missing; `cluster`, a grouping
/// that changes by row; `calls`, events of which some are missing, equal or infinite. One row of
/// `signal` and `wild` is missing altogether.
enum RoughPanels {
  static let matrices = [
    "close", "signal", "wild", "returns", "late", "trigger", "volume", "open",
  ]
  static let groups = ["sector", "cluster", "market", "industry"]
  static let vectors = ["calls", "news"]

  static func make(rows: Int, columns: Int, seed: UInt64) -> Panel {
    let base = RandomPanels.make(RandomPanels.Shape(rows: rows, columns: columns), seed: seed)
    var generator = SplitMix64(seed: seed ^ 0x5EED)
    var fields = base.fields.values.sorted { $0.name < $1.name }
    func add(_ name: String, missing: Double, _ value: (Int, Int) -> Double) {
      var values: [Double] = []
      for row in 0..<rows {
        for column in 0..<columns {
          let isMissing = generator.nextUniform() < missing
          values.append(isMissing ? .nan : value(row, column))
        }
      }
      fields.append(
        PanelField(
          description: FieldDescription(name: name, kind: .matrix),
          values: .matrix(MatrixColumn(rows: rows, columns: columns, values: values))))
    }
    let emptyRow = rows / 2
    add("signal", missing: 0.15) { row, _ in
      row == emptyRow ? .nan : 0.7 * Double(Int.random(in: -3...3, using: &generator))
    }
    add("trigger", missing: 0.1) { _, _ in Double(Int.random(in: -1...1, using: &generator)) }
    add("wild", missing: 0.1) { row, column in
      let draw = generator.nextUniform() - 0.5
      if row == emptyRow { return .nan }
      switch column % 7 {
      case 0: return 1e12 * draw
      case 1: return 1e-12 * draw
      case 2: return 0.1
      case 3: return .nan
      case 4: return 1e6 + draw
      case 5: return row < rows - 3 ? .nan : draw
      default: return 3 + draw
      }
    }
    add("late", missing: 0.1) { row, column in
      row <= column % 9 ? .nan : 1000 + generator.nextUniform()
    }
    fields.append(
      PanelField(
        description: FieldDescription(name: "cluster", kind: .group),
        values: .group(
          GroupColumn(
            labels: ["a", "b", "c", "d"], columns: columns,
            codes: (0..<(rows * columns)).map { _ in
              Int32.random(in: -1...3, using: &generator)
            }))))
    var offsets: [Int32] = [0]
    var events: [Double] = []
    for _ in 0..<(rows * columns) {
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        let draw = Int.random(in: -4...6, using: &generator)
        events.append(draw == 6 ? .nan : (draw == 5 ? .infinity : 0.7 * Double(draw)))
      }
      offsets.append(Int32(events.count))
    }
    fields.append(
      PanelField(
        description: FieldDescription(name: "calls", kind: .vector),
        values: .vector(
          VectorColumn(rows: rows, columns: columns, offsets: offsets, values: events))))
    return Panel(
      name: "rough-\(seed)", fingerprint: Fingerprint(of: "rough panel \(rows) \(columns) \(seed)"),
      axis: base.axis, instruments: base.instruments, fields: fields)
  }

  /// A universe of which about a quarter of the instruments is absent in each row.
  static func universe(of panel: Panel, seed: UInt64) -> MembershipColumn {
    var generator = SplitMix64(seed: seed)
    return MembershipColumn(
      rows: panel.rows, columns: panel.columns,
      members: (0..<(panel.rows * panel.columns)).map { _ in
        generator.nextUniform() < 0.75 ? 1 : 0
      })
  }
}

extension Panel {
  /// The panel as it was when it had only its first rows.
  func truncated(to count: Int) -> Panel {
    let kept = fields.values.sorted { $0.name < $1.name }.map { field in
      let values: PanelField.Values =
        switch field.values {
        case .matrix(let column):
          .matrix(
            MatrixColumn(
              rows: count, columns: columns,
              values: Array(column.values().prefix(count * columns))))
        case .group(let column):
          .group(
            column.isFixed
              ? column
              : GroupColumn(
                labels: column.labels, columns: columns,
                codes: Array(column.codes.prefix(count * columns))))
        case .vector(let column):
          .vector(
            VectorColumn(
              rows: count, columns: columns,
              offsets: Array(column.offsets.prefix(count * columns + 1)),
              values: Array(column.values.prefix(Int(column.offsets[count * columns])))))
        }
      return PanelField(description: field.description, values: values)
    }
    return Panel(
      name: name, fingerprint: Fingerprint(of: "\(fingerprint) to \(count)"),
      axis: TimeAxis(stamps: Array(axis.stamps.prefix(count)), spacing: axis.spacing),
      instruments: instruments, fields: kept)
  }
}
