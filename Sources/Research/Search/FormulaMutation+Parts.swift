import AlphaLanguage
import Markets

// Edits that move whole subformulas.

extension FormulaMutation {
  /// What a place of a formula takes, or a subformula gives.
  private enum Shape: Hashable {
    case numbers, groups, events
    /// Numbers or groups.
    case either

    init(_ kind: OperatorParameter.Kind) {
      self =
        switch kind {
        case .group: .groups
        case .vector: .events
        case .groupOrMatrix: .either
        default: .numbers
        }
    }

    func takes(_ other: Shape) -> Bool {
      self == other || (self == .either && (other == .numbers || other == .groups))
    }
  }

  /// What a subformula gives.
  private func shape(of tree: FormulaTree) -> Shape {
    switch tree.operation {
    case .constant: .numbers
    case .field(let name):
      switch space.checker.schema.fields[name]?.kind {
      case .group: .groups
      case .vector: .events
      default: .numbers
      }
    case .apply(let code):
      switch catalog.entry(of: code).result {
      case .group: .groups
      case .vector: .events
      case .matrix, .truth: .numbers
      }
    }
  }

  /// What the place at `path` takes; the root takes numbers.
  private func slot(at path: FormulaTree.Path, of tree: FormulaTree) -> Shape {
    guard let index = path.last, let code = tree[FormulaTree.Path(path.dropLast())].code else {
      return .numbers
    }
    let inputs = catalog.entry(of: code).inputs
    // A variadic parameter takes as many inputs as exceed the others.
    let count = tree[FormulaTree.Path(path.dropLast())].inputs.count
    if let variadic = inputs.firstIndex(where: \.isVariadic) {
      let extra = count - inputs.count
      let position = index <= variadic ? index : max(variadic, index - extra)
      return Shape(inputs[min(position, inputs.count - 1)].kind)
    }
    return Shape(inputs[min(index, inputs.count - 1)].kind)
  }

  /// Grafts a part of `partner` into a place of `tree` that takes its type, or joins both whole.
  func crossover(
    _ tree: FormulaTree, _ partner: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    if Int.random(in: 0..<3, using: &generator) == 0 { return joined(tree, partner, &generator) }
    let places = tree.paths.filter { !$0.isEmpty && !isConstant(tree[$0]) }
    guard let place = places.randomElement(using: &generator) else {
      return joined(tree, partner, &generator)
    }
    let slot = slot(at: place, of: tree)
    let parts = partner.paths.filter {
      slot.takes(shape(of: partner[$0])) && !isConstant(partner[$0])
        && partner[$0] != tree[place]
    }
    guard let part = parts.randomElement(using: &generator) else {
      return joined(tree, partner, &generator)
    }
    let name = tree[FormulaTree.Path(place.dropLast())].code?.rawValue ?? "the root"
    var tree = tree
    tree[place] = partner[part]
    return (tree, "a part of the partner in \(name)")
  }

  private func isConstant(_ tree: FormulaTree) -> Bool {
    if case .constant = tree.operation { true } else { false }
  }

  /// Adds or multiplies the ranks of two signals.
  private func joined(
    _ tree: FormulaTree, _ partner: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let scales = [OperatorCode.rank, .zscore].filter(space.operators.contains)
    guard tree != partner, let scale = scales.randomElement(using: &generator) else { return nil }
    // The product of two zscores has no sign that means anything.
    let isProduct = scale == .rank && Bool.random(using: &generator)
    func scaled(_ tree: FormulaTree) -> FormulaTree {
      tree.code == scale ? tree : .call(scale, [tree], catalog: catalog)
    }
    let code: OperatorCode = isProduct ? .multiply : .add
    return (
      .call(code, [scaled(tree), scaled(partner)], catalog: catalog),
      "\(isProduct ? "product" : "sum") of both by \(scale.rawValue)"
    )
  }

  /// Puts one input of a call in the place of the call.
  func simplify(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let cuts = tree.paths.flatMap { path in
      tree[path].inputs.indices.compactMap { index -> (FormulaTree.Path, Int)? in
        let input = tree[path].inputs[index]
        let isFit = slot(at: path, of: tree).takes(shape(of: input)) && !isConstant(input)
        return isFit ? (path, index) : nil
      }
    }
    guard let (path, index) = cuts.randomElement(using: &generator),
      let code = tree[path].code
    else { return nil }
    var result = tree
    result[path] = tree[path].inputs[index]
    // A bare field is no signal.
    guard result.callCount > 0 else { return nil }
    return (result, "without \(code.rawValue)")
  }
}
