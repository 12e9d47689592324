import AlphaLanguage
import Essentials
import Foundation
import Markets
import Storage

let folder = CommandLine.arguments[1]
let text = try String(contentsOfFile: CommandLine.arguments[2], encoding: .utf8)
var fields: [PanelField] = []
var rows = 0
var columns = 0
for name in ["open", "high", "low", "close", "volume"] {
  let array = try NpyArray(mapping: "\(folder)/\(name).npy")
  rows = array.shape[0]
  columns = array.shape[1]
  fields.append(
    PanelField(
      description: FieldDescription(name: name, kind: .matrix),
      values: .matrix(try array.matrix(rows: rows, columns: columns))))
}
let close = fields[3].values
let volume = fields[4].values
if case .matrix(let c) = close, case .matrix(let v) = volume {
  let a = zip(c.values(), v.values()).map { $0 * $1 }
  fields.append(
    PanelField(
      description: FieldDescription(name: "amount", kind: .matrix),
      values: .matrix(MatrixColumn(rows: rows, columns: columns, values: a))))
}
fields.append(
  PanelField(
    description: FieldDescription(name: "market", kind: .group),
    values: .group(
      GroupColumn(
        labels: ["m"], columns: columns, codes: [Int32](repeating: 0, count: columns)))))
let panel = Panel(
  name: "bench", fingerprint: Fingerprint(of: "bench"),
  axis: TimeAxis(tradingDays: (0..<rows).map { CalendarDate(daysSinceEpoch: Int32($0)) }),
  instruments: (0..<columns).map { Instrument(symbol: "\($0)") }, fields: fields)
let checker = FormulaChecker(schema: panel.schema)
let clock = ContinuousClock()
var formulas: [CheckedFormula] = []
var names: [String] = []
let checking = try clock.measure {
  for line in text.split(separator: "\n") {
    let parts = line.split(separator: ":", maxSplits: 1)
    names.append(String(parts[0]))
    do {
      formulas.append(try checker.check(String(parts[1].dropFirst())))
    } catch let rejection {
      print(line)
      print(rejection)
      throw rejection
    }
  }
}
print("check \(formulas.count):", checking)
if CommandLine.arguments.count > 3 {
  for (name, formula) in zip(names, formulas) {
    let evaluator = Evaluator(
      plan: EvaluationPlan([formula.graph]), panel: panel, settings: EvaluationSettings())
    let time = clock.measure { evaluator.advance(to: rows, on: panel) { _ in } }
    print(name, time)
  }
}
for round in 0..<3 {
  var sum = 0.0
  let plan = EvaluationPlan(formulas.map(\.graph))
  let time = clock.measure {
    let evaluator = Evaluator(plan: plan, panel: panel, settings: EvaluationSettings())
    evaluator.advance(to: rows, on: panel) { rows in
      for i in 0..<(rows.count * rows.stride) where !rows.values[i].isNaN { sum += rows.values[i] }
    }
  }
  print("round", round, "nodes", plan.nodes.count, time, sum)
}
