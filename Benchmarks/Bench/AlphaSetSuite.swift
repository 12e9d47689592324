import AlphaLanguage
import Dispatch
import Essentials
import Markets
import Storage

/// The Alpha101 set over a panel of raw `.npy` columns: from checked formulas to every value.
struct AlphaSetSuite {
  private let panel: Panel
  private let graphs: [FormulaGraph]
  private let threads: Int
  private let rounds: Int

  init(arguments: [String]) throws {
    panel = try Self.panel(arguments[0])
    let checker = FormulaChecker(schema: panel.schema)
    graphs = try Benchmark.formulas(arguments[1]).map { try checker.check($0.text).graph }
    threads = Int(arguments[2]) ?? 1
    rounds = Int(arguments[3]) ?? 3
  }

  func run() {
    let cells = panel.rows * panel.columns
    let outputs = graphs.map { _ in UnsafeMutablePointer<Float>.allocate(capacity: cells) }
    defer { for output in outputs { output.deallocate() } }
    var times: [Double] = []
    for _ in 0..<rounds { times.append(Benchmark.seconds { evaluate(into: outputs) }) }
    var digest = FingerprintDigest()
    for output in outputs {
      digest.absorb(UnsafeRawBufferPointer(start: output, count: cells * 4))
    }
    Benchmark.answer([
      ("suite", "\"alpha101\""), ("formulas", "\(graphs.count)"), ("rows", "\(panel.rows)"),
      ("instruments", "\(panel.columns)"), ("threads", "\(threads)"),
      ("seconds_median", "\(Benchmark.median(times))"), ("seconds_min", "\(times.min() ?? .nan)"),
      ("peak_mib", "\(Benchmark.peakMemory)"), ("digest", "\"\(digest.finish().short)\""),
    ])
  }

  /// Evaluates one share of the set on each thread and keeps every value in single precision.
  private func evaluate(into outputs: [UnsafeMutablePointer<Float>]) {
    let size = (graphs.count + threads - 1) / threads
    let shares = stride(from: 0, to: graphs.count, by: size).map {
      $0..<min($0 + size, graphs.count)
    }
    // Sendable: the threads write to the memory of different formulas.
    nonisolated(unsafe) let outputs = outputs
    DispatchQueue.concurrentPerform(iterations: shares.count) { turn in
      let share = shares[turn]
      let evaluator = Evaluator(
        plan: EvaluationPlan(Array(graphs[share])), panel: panel, settings: EvaluationSettings())
      evaluator.advance(to: panel.rows, on: panel) { rows in
        let output = outputs[share.lowerBound + rows.formula]
        for row in 0..<rows.count {
          let source = rows.values + row * rows.stride
          let target = output + (rows.firstRow + row) * rows.columns
          for column in 0..<rows.columns { target[column] = Float(source[column]) }
        }
      }
    }
  }

  /// open, high, low, close and volume as they are in the folder, with the traded amount.
  static func panel(_ folder: String) throws -> Panel {
    var fields: [PanelField] = []
    func add(_ name: String, _ column: MatrixColumn) {
      fields.append(
        PanelField(
          description: FieldDescription(name: name, kind: .matrix), values: .matrix(column)))
    }
    var columns: [String: MatrixColumn] = [:]
    for name in ["open", "high", "low", "close", "volume"] {
      let array = try NpyArray(mapping: "\(folder)/\(name).npy")
      let column = try array.matrix(rows: array.shape[0], columns: array.shape[1])
      columns[name] = column
      add(name, column)
    }
    guard let close = columns["close"], let volume = columns["volume"] else {
      preconditionFailure("both were read")
    }
    add(
      "amount",
      MatrixColumn(
        rows: close.rows, columns: close.columns,
        values: zip(close.values(), volume.values()).map { $0 * $1 }))
    return Panel(
      name: "benchmark", fingerprint: Fingerprint(of: folder),
      axis: TimeAxis(
        tradingDays: (0..<close.rows).map { CalendarDate(daysSinceEpoch: Int32($0)) }),
      instruments: (0..<close.columns).map { Instrument(symbol: "I\($0)") }, fields: fields)
  }
}
