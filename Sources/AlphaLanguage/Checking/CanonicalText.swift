import Essentials

/// The one text that stands for a formula graph: function calls on one line, positional arguments
/// first, then the options that differ from their defaults.
///
/// A graph whose tree would be long, because it shares subformulas or is deep, is written with names
/// (`v1 = ...; v2 = ...; v2`), so the text grows with the graph and not with its tree. Checking the
/// text gives the same graph again.
struct CanonicalText {
  /// Trees of up to this many nodes are written without names.
  private static let largestTree = 400
  /// Calls inside calls before one is given a name; well below the limit of the parser.
  private static let deepestTree = 100

  private let graph: FormulaGraph
  private let catalog: OperatorCatalog
  private var output: [UInt8] = []
  private var names: [String?]
  /// Syntax nodes that reading the text will take.
  private var written = 0

  /// Returns the text, or nil where it would be longer than a formula may be.
  static func of(_ graph: FormulaGraph, catalog: OperatorCatalog) -> String? {
    var text = CanonicalText(graph, catalog)
    return text.write() ? String(decoding: text.output, as: UTF8.self) : nil
  }

  /// The shortest decimal text that is read back as the same number; `nan` for a missing value.
  static func spelling(of number: Double) -> String {
    if number.isNaN { return "nan" }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private init(_ graph: FormulaGraph, _ catalog: OperatorCatalog) {
    self.graph = graph
    self.catalog = catalog
    names = [String?](repeating: nil, count: graph.nodes.count)
    output.reserveCapacity(graph.nodes.count * 16)
    chooseNames()
  }

  /// Names the calls that are used more than once, where the tree is large, and calls so deep that
  /// a reader's limit on nesting would be met.
  private mutating func chooseNames() {
    let nodes = graph.nodes
    var treeSizes = [Int](repeating: 1, count: nodes.count)
    var uses = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs {
        treeSizes[index] = min(treeSizes[index] + treeSizes[input], Self.largestTree + 1)
        uses[input] += 1
      }
    }
    let isShared = treeSizes[graph.root] > Self.largestTree
    var depths = [Int](repeating: 0, count: nodes.count)
    var taken: Set<String>?
    var number = 0
    for (index, node) in nodes.enumerated() where !node.inputs.isEmpty {
      for input in node.inputs where names[input] == nil {
        depths[index] = max(depths[index], depths[input] + 1)
      }
      let wantsName = (isShared && uses[index] > 1) || depths[index] >= Self.deepestTree
      guard wantsName, index != graph.root else { continue }
      let fields =
        taken
        ?? Set(nodes.compactMap { if case .field(let name) = $0.operation { name } else { nil } })
      taken = fields
      repeat { number += 1 } while fields.contains("v\(number)")
      names[index] = "v\(number)"
    }
  }

  private mutating func write() -> Bool {
    for index in graph.nodes.indices {
      guard let name = names[index] else { continue }
      append(name)
      append(" = ")
      guard writeTree(index) else { return false }
      append("; ")
    }
    return writeTree(graph.root)
  }

  /// One step of writing a tree: literal text, or a node.
  private enum Step {
    case text(String)
    case node(Int)
  }

  /// Writes a node and everything below it down to named nodes. The stack is explicit and its
  /// depth bounded by `deepestTree` times the number of arguments.
  private mutating func writeTree(_ root: Int) -> Bool {
    var steps = [Step.node(root)]
    while let step = steps.popLast() {
      guard output.count <= FormulaLimits.sourceBytes, written <= FormulaLimits.nodes else {
        return false
      }
      switch step {
      case .text(let text): append(text)
      case .node(let index):
        if index != root, let name = names[index] {
          append(name)
          written += 1
          continue
        }
        switch graph.nodes[index].operation {
        case .field(let name):
          append(name)
          written += 1
        case .constant(let value):
          append(Self.spelling(of: value))
          written += 2
        case .apply(let code):
          append(code.rawValue)
          append("(")
          written += 1
          steps.append(.text(")"))
          steps.append(contentsOf: arguments(of: index, code).reversed())
        }
      }
    }
    return true
  }

  private mutating func arguments(of index: Int, _ code: OperatorCode) -> [Step] {
    let node = graph.nodes[index]
    let entry = catalog.entry(of: code)
    var steps: [Step] = []
    var input = 0
    var option = 0
    let givenInputs = node.inputs.count - entry.impliedFields.count
    func separate() { if !steps.isEmpty { steps.append(.text(", ")) } }
    for parameter in entry.parameters {
      if parameter.kind.isOption {
        let value = node.options[option]
        option += 1
        guard value != parameter.standard else { continue }
        written += 2
        separate()
        let isNamed = parameter.standard != nil
        steps.append(
          .text((isNamed ? "\(parameter.name)=" : "") + Self.spelling(of: value, parameter)))
      } else {
        let count = parameter.isVariadic ? givenInputs - (entry.inputs.count - 1) : 1
        for _ in 0..<max(0, count) {
          separate()
          steps.append(.node(node.inputs[input]))
          input += 1
        }
      }
    }
    return steps
  }

  /// An option as a formula writes it; empty where it is absent.
  static func spelling(of value: OptionValue, _ parameter: OperatorParameter) -> String {
    switch value {
    case .number(let number): return spelling(of: number)
    case .flag(let flag): return flag ? "true" : "false"
    case .word(let word): return "\"\(word)\""
    case .numbers(let numbers):
      var separator = ","
      if case .numbers(let written) = parameter.kind { separator = String(written) }
      let list = numbers.map { $0.isNaN ? "NAN" : spelling(of: $0) }
      return "\"\(list.joined(separator: separator))\""
    case .absent: return ""
    }
  }

  private mutating func append(_ text: String) {
    output.append(contentsOf: text.utf8)
  }
}
