import AlphaLanguage

// Edits that leave the formula's shape as it is: windows, constants, operators of one family, fields
// of one kind and unit.

extension FormulaMutation {
  /// A constant option of a call that may be varied.
  private struct Option {
    var path: FormulaTree.Path
    var index: Int
    var parameter: OperatorParameter
    var value: Double
  }

  private func options(
    of tree: FormulaTree, where isWanted: (OperatorParameter.Kind) -> Bool
  ) -> [Option] {
    tree.paths.flatMap { path -> [Option] in
      let node = tree[path]
      guard let code = node.code else { return [] }
      return zip(catalog.entry(of: code).options, node.options).enumerated().compactMap {
        index, pair in
        guard isWanted(pair.0.kind), case .number(let value) = pair.1, value.isFinite else {
          return nil
        }
        return Option(path: path, index: index, parameter: pair.0, value: value)
      }
    }
  }

  /// Moves one window to a neighbor on the grid; now and then all windows in the same direction,
  /// which changes the horizon of the whole idea.
  func windowStep(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let windows = options(of: tree) { if case .window = $0 { true } else { false } }
    guard let first = windows.randomElement(using: &generator) else { return nil }
    var tree = tree
    if windows.count > 1, Int.random(in: 0..<4, using: &generator) == 0 {
      let isLonger = Bool.random(using: &generator)
      for window in windows {
        let next = Self.neighbor(of: window, longer: isLonger)
        tree[window.path].options[window.index] = .number(Double(next ?? Int(window.value)))
      }
      return (tree, "all windows one step \(isLonger ? "longer" : "shorter")")
    }
    let isLonger = Bool.random(using: &generator)
    guard
      let next = Self.neighbor(of: first, longer: isLonger)
        ?? Self.neighbor(of: first, longer: !isLonger)
    else { return nil }
    tree[first.path].options[first.index] = .number(Double(next))
    let name = tree[first.path].code?.rawValue ?? ""
    return (tree, "\(name) window \(Int(first.value)) to \(next)")
  }

  private static func neighbor(of window: Option, longer: Bool) -> Int? {
    let length = Int(window.value)
    return WindowGrid.neighbors(of: length).first { ($0 > length) == longer }
  }

  /// Scales a constant of the formula, or a numeric option with a wide domain, by a factor.
  func constantStep(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    var places: [(path: FormulaTree.Path, option: Int?, value: Double)] = tree.paths.compactMap {
      guard case .constant(let value) = tree[$0].operation, value.isFinite,
        ![0, 1, -1].contains(value)
      else { return nil }
      return ($0, nil, value)
    }
    places += options(of: tree) { if case .number = $0 { true } else { false } }
      .filter { $0.value != 0 }.map { ($0.path, $0.index, $0.value) }
    guard let place = places.randomElement(using: &generator),
      let factor = [0.5, 0.8, 1.25, 2].randomElement(using: &generator)
    else { return nil }
    // Three digits are enough, and keep the text short.
    let scale = place.value.magnitude < 0.1 ? 1e5 : 1e3
    let next = (place.value * factor * scale).rounded() / scale
    var tree = tree
    if let option = place.option {
      tree[place.path].options[option] = .number(next)
    } else {
      tree[place.path] = .constant(next)
    }
    return (tree, "constant \(place.value) to \(next)")
  }

  /// Puts an operator of the same family in the place of one.
  func operatorSwap(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let swaps = tree.paths.flatMap { path in
      (tree[path].code.map(OperatorFamilies.relatives) ?? [])
        .filter(space.operators.contains).map { (path, $0) }
    }
    guard let (path, code) = swaps.randomElement(using: &generator) else { return nil }
    var tree = tree
    let old = tree[path]
    tree[path] = Self.recast(old, as: code, catalog)
    return (tree, "\(old.code?.rawValue ?? "") to \(code.rawValue)")
  }

  /// A call of another operator on the same inputs: options of the same name and kind are kept,
  /// the window is the window whatever its name, and the rest takes its default.
  private static func recast(
    _ node: FormulaTree, as code: OperatorCode, _ catalog: OperatorCatalog
  ) -> FormulaTree {
    var known: [String: OptionValue] = [:]
    var window: OptionValue?
    if let old = node.code {
      for (parameter, value) in zip(catalog.entry(of: old).options, node.options) {
        known["\(parameter.name) \(parameter.kind)"] = value
        if case .window = parameter.kind { window = value }
      }
    }
    let options = catalog.entry(of: code).options.map { parameter -> OptionValue in
      if case .window = parameter.kind, let window { return window }
      if let value = known["\(parameter.name) \(parameter.kind)"] { return value }
      // The one option without a default in any family is the factor of an exponential decay.
      return parameter.standard ?? .number(decayFactor)
    }
    return FormulaTree(.apply(code), inputs: node.inputs, options: options)
  }

  /// Half of the weight lies on the last three rows.
  static let decayFactor = 0.8

  /// Reads another field of the same kind and unit, everywhere or in one place.
  func fieldSwap(
    _ tree: FormulaTree, _ lane: Lane, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let places = tree.paths.filter { tree[$0].fieldName != nil }
    guard let path = places.randomElement(using: &generator), let old = tree[path].fieldName
    else { return nil }
    var candidates = space.substitutes(for: old)
    if lane == .explore {
      let untried = candidates.filter(space.exploredFields.contains)
      if !untried.isEmpty { candidates = untried }
    }
    guard let new = candidates.randomElement(using: &generator) else { return nil }
    var tree = tree
    if Bool.random(using: &generator) {
      for place in places where tree[place].fieldName == old { tree[place] = .field(new) }
    } else {
      tree[path] = .field(new)
    }
    return (tree, "field \(old) to \(new)")
  }
}
