import AlphaLanguage
import Dispatch
import Essentials
import Markets
import Storage
import Synchronization

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
    var times: [Double] = []
    var digest = ""
    for _ in 0..<rounds {
      times.append(Benchmark.seconds { digest = evaluate() })
    }
    Benchmark.answer([
      ("suite", "\"alpha101\""), ("formulas", "\(graphs.count)"), ("rows", "\(panel.rows)"),
      ("instruments", "\(panel.columns)"), ("threads", "\(threads)"),
      ("seconds_median", "\(Benchmark.median(times))"), ("seconds_min", "\(times.min() ?? .nan)"),
      ("peak_mib", "\(Benchmark.peakMemory)"), ("digest", "\"\(digest)\""),
    ])
  }

  /// Evaluates one share of the set on each thread, and keeps of each formula the sum of its last
  /// row, so that no value can be left out.
  private func evaluate() -> String {
    let size = (graphs.count + threads - 1) / threads
    let batches = stride(from: 0, to: graphs.count, by: size).map {
      $0..<min($0 + size, graphs.count)
    }
    let next = Atomic<Int>(0)
    let sums = Mutex<[Double]>(Array(repeating: 0, count: graphs.count))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < batches.count else { return }
        let batch = batches[turn]
        let evaluator = Evaluator(
          plan: EvaluationPlan(Array(graphs[batch])), panel: panel,
          settings: EvaluationSettings())
        evaluator.advance(to: panel.rows, on: panel) { rows in
          var sum = 0.0
          for column in 0..<rows.columns {
            let value = rows[rows.count - 1, column]
            if !value.isNaN { sum += value }
          }
          let place = batch.lowerBound + rows.formula
          sums.withLock { $0[place] += sum }
        }
      }
    }
    return sums.withLock { values in
      values.withUnsafeBytes { Fingerprint(of: $0).short }
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
