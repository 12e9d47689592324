import AlphaLanguage
import Mathematics

/// Seeded valid formulas over the fields of `DeskSchema`, from every operator of the catalogue.
struct RandomFormula {
  private var generator: SplitMix64
  private let entries: [OperatorEntry]
  private let matrices = ["open", "high", "low", "close", "volume", "adv20", "cap", "returns"]

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    entries = OperatorCatalog.fastexpr.entries.filter { $0.code != nil }
  }

  /// A script with up to two assignments.
  mutating func script() -> String {
    var names: [String] = []
    var text = ""
    for name in ["first", "second"].prefix(Int.random(in: 0...2, using: &generator)) {
      text += "\(name) = \(matrix(depth: 3, names));\n"
      names.append(name)
    }
    return text + matrix(depth: 4, names)
  }

  mutating func matrix(depth: Int, _ names: [String] = []) -> String {
    if depth == 0 || Int.random(in: 0..<6, using: &generator) == 0 {
      return (matrices + names).randomElement(using: &generator)!
    }
    if Int.random(in: 0..<3, using: &generator) == 0 { return infix(depth: depth, names) }
    let entry = entries.filter { $0.result == .matrix || $0.result == .truth }
      .randomElement(using: &generator)!
    return call(of: entry, depth: depth, names)
  }

  private mutating func infix(depth: Int, _ names: [String]) -> String {
    let left = matrix(depth: depth - 1, names)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: return "(-\(left))"
    case 1: return "(\(left) > 0 ? \(matrix(depth: depth - 1, names)) : \(constant()))"
    case 2:
      return "(\(left) \(["<", "==", "!=", ">="].randomElement(using: &generator)!) \(constant()))"
    default:
      let symbol = ["+", "-", "*", "/", "^", "&&", "||"].randomElement(using: &generator)!
      return "(\(left) \(symbol) \(matrix(depth: depth - 1, names)))"
    }
  }

  private mutating func constant() -> String {
    ["0", "1", "-1", "0.5", "1e-6", "nan", "2 * 3"].randomElement(using: &generator)!
  }

  private mutating func call(of entry: OperatorEntry, depth: Int, _ names: [String]) -> String {
    var copy = self
    let text = Self.call(of: entry) { parameter in
      switch parameter.kind {
      case .group, .groupOrMatrix: return copy.group(depth: depth - 1, names)
      case .vector: return "nws"
      default: return copy.matrix(depth: depth - 1, names)
      }
    }
    self = copy
    return text
  }

  private mutating func group(depth: Int, _ names: [String]) -> String {
    if depth > 0, Int.random(in: 0..<3, using: &generator) == 0 {
      let entry = entries.filter { $0.result == .group }.randomElement(using: &generator)!
      return call(of: entry, depth: depth, names)
    }
    return Bool.random(using: &generator) ? "sector" : "industry"
  }

  /// Writes a call with what it needs: `input` for its inputs, and the options without default and
  /// those without which it is refused.
  static func call(of entry: OperatorEntry, input: (OperatorParameter) -> String) -> String {
    var parts: [String] = []
    for parameter in entry.parameters {
      if !parameter.kind.isOption {
        parts.append(input(parameter))
        if parameter.isVariadic { parts.append(input(parameter)) }
        continue
      }
      guard parameter.standard == nil else { continue }
      switch parameter.kind {
      case .window(let minimum): parts.append("\(minimum + 5)")
      case .integer(let range): parts.append("\(range.lowerBound + 1)")
      case .numbers: parts.append("\"1 2\"")
      default: parts.append("0.5")
      }
    }
    switch entry.name {
    case "bucket": parts.append("range=\"0,1,0.1\"")
    case "nan_out", "clamp": parts.append("lower=0.25")
    default: break
    }
    return "\(entry.name)(\(parts.joined(separator: ", ")))"
  }
}
