import AlphaLanguage
import Mathematics

/// Random formulas over the fields of `RoughPanels`: every operator, typed as the checker types
/// them.
struct RandomFormulas {
  private var generator: SplitMix64
  private let longest: Int

  /// - Parameter longest: a window longer than the panel.
  init(seed: UInt64, longest: Int) {
    generator = SplitMix64(seed: seed)
    self.longest = longest
  }

  private static let entries = OperatorCode.allCases.map { OperatorCatalog.fastexpr.entry(of: $0) }
  private static let ofMatrix = entries.filter { $0.result == .matrix || $0.result == .truth }
  private static let ofGroup = entries.filter { $0.result == .group }

  /// A matrix formula of at most `depth` operators above each other.
  mutating func matrix(depth: Int) -> FormulaGraph {
    if depth <= 0 || generator.nextUniform() < 0.15 {
      if generator.nextUniform() < 0.1 { return .constant(one(of: [0.1, 0, -2, 1, 2.5])) }
      return .field(one(of: RoughPanels.matrices))
    }
    return call(one(of: Self.ofMatrix), depth: depth)
  }

  mutating func group(depth: Int) -> FormulaGraph {
    if depth <= 0 || generator.nextUniform() < 0.6 { return .field(one(of: RoughPanels.groups)) }
    return call(one(of: Self.ofGroup), depth: depth)
  }

  mutating func vector(depth: Int) -> FormulaGraph {
    if depth <= 0 || generator.nextUniform() < 0.6 { return .field(one(of: RoughPanels.vectors)) }
    return call(OperatorCatalog.fastexpr.entry(of: .vecFilter), depth: depth)
  }

  /// A matrix formula with a given operator: at its root where it gives a matrix, and else just
  /// below.
  mutating func formula(around code: OperatorCode, depth: Int) -> FormulaGraph {
    let entry = OperatorCatalog.fastexpr.entry(of: code)
    switch entry.result {
    case .matrix, .truth: return call(entry, depth: depth)
    case .group:
      return .call(.groupSum, [matrix(depth: depth - 1), call(entry, depth: depth - 1)])
    case .vector: return .call(.vecAvg, [call(entry, depth: depth - 1)])
    }
  }

  private mutating func call(_ entry: OperatorEntry, depth: Int) -> FormulaGraph {
    guard let code = entry.code else { preconditionFailure("\(entry.name) is for super-alphas") }
    var inputs: [FormulaGraph] = []
    for parameter in entry.inputs {
      let isFolded = [.add, .subtract, .multiply, .max, .min].contains(code)
      let count = parameter.isVariadic && !isFolded ? 1 + Int(generator.next() % 2) : 1
      for _ in 0..<count {
        switch parameter.kind {
        case .group: inputs.append(group(depth: depth - 1))
        case .vector: inputs.append(vector(depth: depth - 1))
        case .groupOrMatrix:
          let takesGroup = generator.nextUniform() < 0.5
          inputs.append(takesGroup ? group(depth: depth - 1) : matrix(depth: depth - 1))
        default: inputs.append(matrix(depth: depth - 1))
        }
      }
    }
    return .call(code, inputs, one(of: OperatorSettings.all(of: code, longest: longest)))
  }

  private mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int(generator.next() % UInt64(elements.count))]
  }
}
