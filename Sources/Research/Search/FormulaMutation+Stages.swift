import AlphaLanguage

// Edits at the root: the stages that a raw signal passes on its way to positions.

extension FormulaMutation {
  private func isAllowed(_ code: OperatorCode) -> Bool { space.operators.contains(code) }

  private func call(
    _ code: OperatorCode, _ inputs: [FormulaTree], window: Int? = nil,
    _ options: [String: OptionValue] = [:]
  ) -> FormulaTree {
    var options = options
    if let window {
      for parameter in catalog.entry(of: code).options {
        if case .window = parameter.kind { options[parameter.name] = .number(Double(window)) }
      }
    }
    return .call(code, inputs, options, catalog: catalog)
  }

  /// The calls from the root down along first signals, through stages that keep a signal a signal.
  private func stages(of tree: FormulaTree) -> [FormulaTree.Path] {
    var result: [FormulaTree.Path] = []
    var path: FormulaTree.Path = []
    while true {
      result.append(path)
      guard let code = tree[path].code else { return result }
      switch code {
      case .tradeWhen: path.append(1)
      case .reverse, .winsorize, .groupNeutralize: path.append(0)
      case _
      where OperatorFamilies.smoothing.contains(code)
        || OperatorFamilies.normalizing.contains(code):
        path.append(0)
      default: return result
      }
    }
  }

  private func isNormalized(_ tree: FormulaTree) -> Bool {
    stages(of: tree).contains { path in
      tree[path].code.map(OperatorFamilies.normalizing.contains) ?? false
    }
  }

  /// Brings the signal onto one scale; nothing to do where a stage already does.
  func normalize(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    guard !isNormalized(tree) else { return nil }
    let choices = [OperatorCode.rank, .zscore, .quantile, .scale].filter(isAllowed)
    guard let code = choices.randomElement(using: &generator) else { return nil }
    guard code == .zscore, isAllowed(.winsorize), Bool.random(using: &generator) else {
      return (call(code, [tree]), "around all: \(code.rawValue)")
    }
    return (
      call(.zscore, [call(.winsorize, [tree])]), "around all: zscore of winsorize"
    )
  }

  /// Takes one scale away.
  func unwrap(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let places = tree.paths.filter { path in
      tree[path].code.map(OperatorFamilies.normalizing.contains) ?? false
    }
    guard let path = places.randomElement(using: &generator), let code = tree[path].code,
      let input = tree[path].inputs.first
    else { return nil }
    var tree = tree
    tree[path] = input
    return (tree, "without \(code.rawValue)")
  }

  /// Makes the signal slower: by a longer window of a smoothing that is there, else by one more.
  func smooth(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let decays: Set<OperatorCode> = [.tsDecayLinear, .tsDecayExpWindow, .tsMean]
    if let code = tree.code, decays.contains(code), Bool.random(using: &generator) {
      var tree = tree
      for (index, parameter) in catalog.entry(of: code).options.enumerated() {
        guard case .window = parameter.kind, case .number(let length) = tree.options[index],
          let longer = WindowGrid.neighbors(of: Int(length)).first(where: { Double($0) > length })
        else { continue }
        tree.options[index] = .number(Double(longer))
        return (tree, "\(code.rawValue) window \(Int(length)) to \(longer)")
      }
    }
    let choices = [
      OperatorCode.tsDecayLinear, .hump, .tsMean, .tsDecayExpWindow, .tsTargetTvrHump,
    ].filter { isAllowed($0) && $0 != tree.code }
    guard let code = choices.randomElement(using: &generator),
      let window = WindowGrid.lengths(of: .smoothing).randomElement(using: &generator),
      let step = [0.0001, 0.001, 0.01].randomElement(using: &generator)
    else { return nil }
    switch code {
    case .hump:
      return (call(.hump, [tree], ["hump": .number(step)]), "around all: hump of \(step)")
    case .tsTargetTvrHump: return (call(code, [tree]), "around all: \(code.rawValue)")
    case .tsDecayExpWindow:
      return (
        call(code, [tree], window: window, ["factor": .number(Self.decayFactor)]),
        "around all: \(code.rawValue) over \(window)"
      )
    default:
      return (call(code, [tree], window: window), "around all: \(code.rawValue) over \(window)")
    }
  }

  /// Sets the signal against its group: another group where one is used, else one more stage. Where
  /// the panel has no groups, classes of size are made.
  func neutralize(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    let grouped = tree.paths.filter { path in
      tree[path].fieldName.map(space.groupFields.contains) ?? false
    }
    if let path = grouped.randomElement(using: &generator), let old = tree[path].fieldName,
      let new = space.groupFields.filter({ $0 != old }).randomElement(using: &generator),
      Bool.random(using: &generator)
    {
      var tree = tree
      tree[path] = .field(new)
      return (tree, "group \(old) to \(new)")
    }
    let choices = [OperatorCode.groupNeutralize, .groupRank, .groupZscore].filter(isAllowed)
    guard let code = choices.randomElement(using: &generator),
      let group = group(using: &generator)
    else { return nil }
    return (
      call(code, [tree, group.tree]), "around all: \(code.rawValue) by \(group.name)"
    )
  }

  private func group(
    using generator: inout some RandomNumberGenerator
  ) -> (tree: FormulaTree, name: String)? {
    if let field = space.groupFields.randomElement(using: &generator) {
      return (.field(field), field)
    }
    guard isAllowed(.bucket), isAllowed(.rank),
      let field = space.allMatrixFields.randomElement(using: &generator)
    else { return nil }
    let classes = call(
      .bucket, [call(.rank, [.field(field)])], ["range": .numbers([0.1, 1, 0.1])])
    return (classes, "tenths of \(field)")
  }

  /// Bets on the opposite. A sign that is there is taken away, and a difference is turned round.
  func signFlip(_ tree: FormulaTree) -> Draft? {
    switch tree.code {
    case .reverse?: return (tree.inputs[0], "sign changed")
    case .subtract? where tree.inputs.count == 2:
      var tree = tree
      tree.inputs.swapAt(0, 1)
      return (tree, "difference turned round")
    case let code? where OperatorFamilies.smoothing.contains(code):
      // Within the smoothing, so that its stage stays the last.
      var tree = tree
      tree.inputs[0] = signFlip(tree.inputs[0])?.tree ?? tree.inputs[0]
      return (tree, "sign changed")
    default: return (call(.reverse, [tree]), "sign changed")
    }
  }

  /// Takes the signal up only where trading or movement is unusual, and holds it in between. A gate
  /// that is there is taken away.
  func gate(
    _ tree: FormulaTree, _ generator: inout some RandomNumberGenerator
  ) -> Draft? {
    if tree.code == .tradeWhen { return (tree.inputs[1], "without trade_when") }
    let measures = [OperatorCode.tsRank, .tsZscore, .rank].filter(isAllowed)
    guard isAllowed(.tradeWhen), let measure = measures.randomElement(using: &generator),
      let field = space.allMatrixFields.randomElement(using: &generator),
      let window = WindowGrid.lengths(of: .medium).randomElement(using: &generator),
      let threshold = [0.2, 0.5, 0.8].randomElement(using: &generator)
    else { return nil }
    let value = call(measure, [.field(field)], window: measure == .rank ? nil : window)
    let isAbove = Bool.random(using: &generator)
    let sides: [FormulaTree] =
      isAbove ? [.constant(threshold), value] : [value, .constant(threshold)]
    let tree = call(.tradeWhen, [call(.less, sides), tree, .constant(-1)])
    return (
      tree,
      "trade_when \(measure.rawValue) of \(field) is \(isAbove ? "above" : "below") \(threshold)"
    )
  }
}
