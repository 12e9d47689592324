import Essentials
import Markets

extension FormulaAnalysis {
  /// Returns the value of a call whose inputs and options fit: folded where everything is constant,
  /// otherwise a node of the graph with its unit and its reach in time.
  mutating func result(
    of entry: OperatorEntry, _ code: OperatorCode, _ inputs: [AnalyzedInput],
    _ options: [OptionValue], span: SourceSpan
  ) -> AnalyzedValue {
    let isConstant = !inputs.isEmpty && inputs.allSatisfy { constant($0) != nil }
    if isConstant { return folded(entry, code, inputs, options, span: span) }
    countOperator()
    var value = AnalyzedValue(shape: shape(of: entry.result))
    value.unit = unit(of: entry, inputs, options, span: span)
    reach(&value, entry, inputs, options)

    var nodes: [Int] = []
    nodes.reserveCapacity(inputs.count)
    for input in inputs { nodes.append(node(input)) }
    if Self.isFoldedFromLeft(code) {
      value.node = nodes.dropFirst().reduce(nodes[0]) {
        builder.apply(code, [$0, $1], options, isCommutative: entry.isCommutative)
      }
    } else {
      value.node = builder.apply(code, nodes, options, isCommutative: entry.isCommutative)
    }
    return value
  }

  private func shape(of result: OperatorEntry.Result) -> AnalyzedValue.Shape {
    switch result {
    case .matrix: .matrix
    case .truth: .truth
    case .group: .group
    case .vector: .vector
    }
  }

  /// Whether a call of many inputs is a chain of calls of two.
  private static func isFoldedFromLeft(_ code: OperatorCode) -> Bool {
    switch code {
    case .add, .subtract, .multiply, .max, .min: true
    default: false
    }
  }

  private func constant(_ input: AnalyzedInput) -> Double? {
    if case .constant(let value) = input.value.shape { value } else { nil }
  }

  private mutating func node(_ input: AnalyzedInput) -> Int {
    if case .constant(let value) = input.value.shape {
      builder.constant(value)
    } else {
      input.value.node
    }
  }

  private mutating func folded(
    _ entry: OperatorEntry, _ code: OperatorCode, _ inputs: [AnalyzedInput],
    _ options: [OptionValue], span: SourceSpan
  ) -> AnalyzedValue {
    let numbers = inputs.compactMap(constant)
    let filter = options == [.flag(true)]
    let isChain = Self.isFoldedFromLeft(code)
    var value = ConstantFolding.value(
      of: code, isChain ? Array(numbers.prefix(2)) : numbers, filter: filter)
    if isChain {
      for number in numbers.dropFirst(2) {
        value = value.flatMap {
          ConstantFolding.value(of: code, [$0, number], filter: filter)
        }
      }
    }
    if let value { return AnalyzedValue(shape: .constant(value)) }
    findings.report(
      "constant_input", "Operator \(entry.name) received only constants.", at: span,
      remedy: "Use a field or an expression of fields.")
    return .unusable
  }

  // MARK: - Time

  private func reach(
    _ value: inout AnalyzedValue, _ entry: OperatorEntry, _ inputs: [AnalyzedInput],
    _ options: [OptionValue]
  ) {
    for (index, input) in inputs.enumerated() {
      if index == 0 || input.value.latestLead > value.latestLead {
        value.latestLead = input.value.latestLead
        value.leadSpan = input.value.leadSpan
      }
      value.lookBack = value.lookBack.merged(with: input.value.lookBack)
    }
    if entry.reach == .delayed { value.latestLead -= entry.window(options) }
    value.lookBack = value.lookBack.extended(by: entry.lookBack(options))
  }

  // MARK: - Units

  private mutating func unit(
    of entry: OperatorEntry, _ inputs: [AnalyzedInput], _ options: [OptionValue], span: SourceSpan
  ) -> MeasureUnit? {
    func unit(_ index: Int) -> MeasureUnit? { inputs[index].value.unit }
    switch entry.units {
    case .kept: return unit(0)
    case .ofSecond: return unit(1)
    case .agreeing: return agreedUnit(inputs, entry, span)
    case .comparing:
      _ = agreedUnit(inputs, entry, span)
      return .dimensionless
    case .choice: return agreedUnit(Array(inputs.dropFirst()), entry, span)
    case .product:
      return inputs.dropFirst().reduce(unit(0)) { known, input in
        guard let known, let next = input.value.unit else { return nil }
        return known.multiplied(by: next)
      }
    case .quotient: return quotient(unit(0), unit(1))
    case .inverse: return quotient(.dimensionless, unit(0))
    case .root: return unit(0)?.raised(to: 0.5)
    case .power:
      warnOfUnit(inputs[1], entry)
      if unit(0) == .dimensionless { return .dimensionless }
      guard let power = constant(inputs[1]) else { return nil }
      return unit(0)?.raised(to: power)
    case .dimensionless: return .dimensionless
    case .dimensionlessInput:
      warnOfUnit(inputs[0], entry)
      return .dimensionless
    case .dimensionlessIfInputIs: return unit(0) == .dimensionless ? .dimensionless : nil
    case .regression:
      switch entry.whole("rettype", options) {
      case 0, 1, 3, 9: return unit(0)
      case 2, 8: return quotient(unit(0), unit(1))
      case 6: return .dimensionless
      default: return unit(0)?.raised(to: 2)
      }
    case .unknown: return nil
    }
  }

  private func quotient(_ left: MeasureUnit?, _ right: MeasureUnit?) -> MeasureUnit? {
    guard let left, let right else { return nil }
    return left.divided(by: right)
  }

  /// Returns the unit of the inputs, not known where that of one is not, and warns where they differ.
  /// The constants 0 and nan have any unit.
  private mutating func agreedUnit(
    _ inputs: [AnalyzedInput], _ entry: OperatorEntry, _ span: SourceSpan
  ) -> MeasureUnit? {
    var agreed: MeasureUnit?
    var isKnown = true
    for input in inputs {
      if let constant = constant(input), constant == 0 || constant.isNaN { continue }
      guard let unit = input.value.unit else {
        isKnown = false
        continue
      }
      if let agreed, agreed != unit {
        findings.warn(
          "incompatible_unit",
          "Operator \(entry.name) joins \(agreed) with \(unit).", at: span,
          remedy: "Bring both to one unit first, for example with rank or zscore.")
        return nil
      }
      agreed = unit
    }
    return isKnown ? agreed ?? .dimensionless : nil
  }

  private mutating func warnOfUnit(_ input: AnalyzedInput, _ entry: OperatorEntry) {
    guard let unit = input.value.unit, unit != .dimensionless else { return }
    findings.warn(
      "incompatible_unit",
      "Operator \(entry.name) expects a number without unit and received \(unit).",
      at: input.span, remedy: "Divide by a value of the same unit first.")
  }
}
