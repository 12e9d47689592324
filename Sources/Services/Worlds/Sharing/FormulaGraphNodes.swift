package import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets
package import Worlds

/// A formula at work on a panel as nodes of the strategy graph of all worlds.
///
/// The dataset, under the view that the settings take of it, is read by raw fields; every operator
/// and every constant is an indicator; the formula's value under its settings is a signal; and the
/// signal held on a side is the order node, the root of an instance. Equal subformulas of different
/// formulas, instances and worlds have one identity exactly where an ``EvaluationPlan`` computes
/// them once.
package struct FormulaGraphNodes: Sendable {
  package let graph: StrategyGraph
  /// The identity of each node of the formula's own graph, by its place there.
  package let places: [NodeID]
  package let dataset: NodeID
  package let signal: NodeID
  /// The root of the instance: the signal on its side.
  package let order: NodeID

  /// Describes `formula`; refuses one whose windows add up to more than
  /// ``GraphNode/longestWindow``. Cost: a digest for each node.
  package init(
    _ formula: CheckedFormula, panel: Panel, settings: SimulationSettings, side: TradingSide,
    catalog: OperatorCatalog = .fastexpr
  ) throws(GraphMistake) {
    let interval = Self.interval(of: panel.axis)
    var graph = StrategyGraph()
    func insert(
      _ kind: NodeKind, _ code: String, _ parameters: JSONValue, _ period: Int,
      _ dependencies: [NodeID], _ schema: String
    ) throws(GraphMistake) -> NodeID {
      let node = try GraphNode(
        kind, code: code, parameters: parameters, period: period, interval: interval,
        dependencies: dependencies, schema: schema)
      try graph.insert(node)
      return node.id
    }
    // What the settings change about evaluation is part of how the data is seen, so that everything
    // that is computed from it differs where they do.
    let dataset = try insert(
      .dataset, "panel",
      [
        "dataset": .string(panel.name),
        "nan_handling": .string(settings.nanHandling.rawValue),
        "pasteurization": .string(settings.pasteurization.rawValue),
        "universe": .string(settings.universe),
      ], 1, [], "PANEL")
    let periods = formula.graph.periods(catalog: catalog)
    var places: [NodeID] = []
    for (node, period) in zip(formula.graph.nodes, periods) {
      switch node.operation {
      case .field(let name):
        let kind = panel.fields[name]?.description.kind ?? .matrix
        places.append(
          try insert(
            .raw, "field", ["field": .string(name)], period, [dataset], kind.rawValue))
      case .constant(let value):
        places.append(
          try insert(
            .indicator, "constant", ["value": Self.json(value)], period, [dataset],
            FieldDescription.Kind.matrix.rawValue))
      case .apply(let code):
        let entry = catalog.entry(of: code)
        let inputs = node.inputs.map { places[$0] }
        let distinct = Set(inputs).sorted()
        // Dependencies are a set; which of them stands where is a parameter.
        let arguments = inputs.compactMap { distinct.firstIndex(of: $0) }
        places.append(
          try insert(
            .indicator, Self.code(of: entry),
            [
              "arguments": .array(arguments.map(JSONValue.integer)),
              "options": .object(
                zip(entry.options, node.options).map { .init($0.name, Self.json($1)) }),
            ], period, distinct, entry.result.rawValue))
      }
    }
    let root = formula.graph.root
    // The linear decay holds further values, and a position is taken `delay` rows after its value.
    let held = periods[root] + max(0, settings.decay - 1) + settings.delay
    let signal = try insert(
      .signal, "signal", ["settings": settings.json], held, [places[root]], "WEIGHTS")
    order = try insert(
      .order, "order", ["side": .string(side.rawValue)], held, [signal], "ORDERS")
    self.graph = graph
    self.places = places
    self.dataset = dataset
    self.signal = signal
  }

  /// The mean time from row to row, so that as many intervals as a window has rows last as long as
  /// the rows do: 365 / 252 days on an axis of trading days, whose weekends have no rows, and the
  /// length of a bar otherwise.
  package static func interval(of axis: TimeAxis) -> TimeSpan {
    let year = TimeSpan.days(365)
    return TimeSpan(
      milliseconds: Int64((Double(year.milliseconds) / axis.periodsPerYear).rounded(.up)))
  }

  /// Grows when a kernel gives other values than before though the operator's definition is the
  /// same, so that nobody takes an old value for a new one.
  static let kernelEdition = 1

  /// The operator's name with a digest of its definition: what it takes, what it computes, and what
  /// it makes of missing values.
  private static func code(of entry: OperatorEntry) -> String {
    let definition = [entry.signature, entry.formula, entry.missing.text].joined(separator: "\n")
    return "\(entry.name)/\(kernelEdition)/\(Fingerprint(of: definition).short)"
  }

  // MARK: - Constants

  private static func json(_ value: OptionValue) -> JSONValue {
    switch value {
    case .number(let number): json(number)
    case .flag(let flag): .bool(flag)
    case .word(let word): .object([.init("word", .string(word))])
    case .numbers(let numbers): .array(numbers.map(json))
    case .absent: .null
    }
  }

  /// A number, or as text what JSON cannot say.
  private static func json(_ number: Double) -> JSONValue {
    number.isFinite ? .number(number) : .string(number.isNaN ? "nan" : number.description)
  }
}
