import AlphaLanguage
import Markets

/// The values of one node of a graph, the plain way: an array of rows, each an array of instruments.
enum PlainValue {
  case matrix([[Double]])
  /// The class of each instrument, nil where it is not known.
  case group([[Int?]])
  /// The events of each cell.
  case vector([[[Double]]])
}

/// The oracle of the formula engine: computes every operator cell by cell from the formula that the
/// catalogue states, with no thought of speed and no line in common with the kernels.
struct PlainEvaluator {
  let panel: Panel
  var settings = EvaluationSettings()
  var universe: MembershipColumn?

  /// The values of a formula, row by row.
  func values(of graph: FormulaGraph) -> [[Double]] {
    guard case .matrix(let rows) = nodeValues(of: graph)[graph.root] else {
      preconditionFailure("the root of \(graph) is no matrix")
    }
    return rows
  }

  /// The values of every node.
  func nodeValues(of graph: FormulaGraph) -> [PlainValue] {
    var known: [PlainValue] = []
    for node in graph.nodes { known.append(value(of: node, given: node.inputs.map { known[$0] })) }
    return known
  }

  /// The value of one node from those of its inputs.
  func value(of node: FormulaGraph.Node, given inputs: [PlainValue]) -> PlainValue {
    switch node.operation {
    case .constant(let number):
      return .matrix(everywhere { _, _ in number })
    case .field(let name):
      return field(name)
    case .apply(let code):
      let call = PlainCall(code: code, inputs: inputs, options: node.options, evaluator: self)
      if let classes = call.formedGroups { return .group(classes) }
      if let events = call.filteredEvents { return .vector(events) }
      guard
        let rows = call.elementwise ?? call.timeSeries ?? call.remembered ?? call.crossSection
          ?? call.grouped ?? call.ofEvents
      else { preconditionFailure("no plain definition of \(code.rawValue)") }
      return .matrix(rows.map { row in row.map { $0.isInfinite ? .nan : $0 } })
    }
  }

  func everywhere<Cell>(_ cell: (_ row: Int, _ column: Int) -> Cell) -> [[Cell]] {
    (0..<panel.rows).map { row in (0..<panel.columns).map { cell(row, $0) } }
  }

  func isInUniverse(_ row: Int, _ column: Int) -> Bool {
    universe?.contains(row: row, column: column) ?? true
  }

  private func field(_ name: String) -> PlainValue {
    func counts(_ row: Int, _ column: Int) -> Bool {
      !settings.pasteurizes || isInUniverse(row, column)
    }
    switch panel.fields[name]?.values {
    case .matrix(let values):
      return .matrix(
        everywhere { counts($0, $1) ? values[$0, $1] : .nan })
    case .group(let classes):
      return .group(
        everywhere { row, column in
          let code = classes.code(row: row, column: column)
          return counts(row, column) && code >= 0 ? Int(code) : nil
        })
    case .vector(let events):
      return .vector(
        everywhere { counts($0, $1) ? Array(events.events(row: $0, column: $1)) : [] })
    case nil:
      preconditionFailure("the panel has no field \(name)")
    }
  }
}

/// One call of an operator with the values of its inputs.
struct PlainCall {
  let code: OperatorCode
  let inputs: [PlainValue]
  let options: [OptionValue]
  let evaluator: PlainEvaluator

  var rows: Int { evaluator.panel.rows }
  var columns: Int { evaluator.panel.columns }
  var fillsMissing: Bool { evaluator.settings.fillsMissing }

  /// The matrix inputs, in order.
  var matrices: [[[Double]]] {
    inputs.compactMap { if case .matrix(let rows) = $0 { rows } else { nil } }
  }

  /// The groupings among the inputs, in order.
  var groups: [[[Int?]]] {
    inputs.compactMap { if case .group(let rows) = $0 { rows } else { nil } }
  }

  func number(_ position: Int) -> Double {
    guard case .number(let value) = options[position] else {
      preconditionFailure("option \(position) of \(code.rawValue) is \(options[position])")
    }
    return value
  }

  func integer(_ position: Int) -> Int { Int(number(position)) }

  func flag(_ position: Int) -> Bool { options[position] == .flag(true) }

  func word(_ position: Int) -> String {
    if case .word(let word) = options[position] { word } else { "" }
  }

  func list(_ position: Int) -> [Double] {
    if case .numbers(let list) = options[position] { list } else { [] }
  }

  func isGiven(_ position: Int) -> Bool { options[position] != .absent }
}
