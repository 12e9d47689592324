import Markets
import Mathematics

/// Turns the nodes of a plan into kernels that are wired to each other's buffers.
///
/// Buffers without history are handed on to later nodes once their last reader has run, so a large
/// population needs little more memory than its widest moment.
struct KernelAssembly {
  /// The kernels in the order in which they run.
  private(set) var kernels: [Kernel] = []
  /// The rows of each node of the plan; nil for groupings, events and constants that stay numbers.
  private(set) var buffers: [RowBuffer?]
  /// The formulas whose value is complete when the kernel at this place has run.
  private(set) var finished: [[Int]] = []

  private let plan: EvaluationPlan
  private let settings: EvaluationSettings
  private let panel: Panel
  private let stride: Int
  private let blockRows: Int
  private let lastReaders: [Int]
  private var groups: [GroupBuffer?]
  private var spare: [RowBuffer] = []

  init(plan: EvaluationPlan, panel: Panel, settings: EvaluationSettings, blockRows: Int) {
    self.plan = plan
    self.settings = settings
    self.panel = panel
    self.blockRows = blockRows
    stride = (panel.columns + 7) / 8 * 8
    lastReaders = plan.lastReaders
    buffers = [RowBuffer?](repeating: nil, count: plan.nodes.count)
    groups = [GroupBuffer?](repeating: nil, count: plan.nodes.count)
    var formulas = [[Int]](repeating: [], count: plan.nodes.count)
    for (formula, root) in plan.roots.enumerated() { formulas[root].append(formula) }
    let needsRows = nodesThatNeedRows()
    var lastUses: [[Int]] = [[Int]](repeating: [], count: plan.nodes.count)
    for (place, reader) in lastReaders.enumerated() { lastUses[reader].append(place) }
    for (place, node) in plan.nodes.enumerated() {
      if case .constant = node.operation, !needsRows[place] { continue }
      if let kernel = assemble(node, at: place) {
        kernels.append(kernel)
        finished.append(formulas[place])
      }
      for spent in lastUses[place] {
        if let buffer = buffers[spent], buffer.history == 0 { spare.append(buffer) }
      }
    }
  }

  /// Constants that something other than an elementwise operator of two inputs reads.
  private func nodesThatNeedRows() -> [Bool] {
    var needed = [Bool](repeating: false, count: plan.nodes.count)
    for root in plan.roots { needed[root] = true }
    for node in plan.nodes where !node.takesNumbers {
      for input in node.inputs { needed[input] = true }
    }
    return needed
  }

  private mutating func makeBuffer(_ place: Int) -> RowBuffer {
    let history = plan.history[place]
    let buffer: RowBuffer
    if history == 0, let reused = spare.popLast() {
      buffer = RowBuffer(sharing: reused)
    } else {
      buffer = RowBuffer(stride: stride, history: history, blockRows: blockRows)
    }
    buffers[place] = buffer
    return buffer
  }

  private mutating func makeGroup(_ place: Int, bound: Int) -> GroupBuffer {
    let group = GroupBuffer(bound: bound, columns: panel.columns, blockRows: blockRows)
    groups[place] = group
    return group
  }

  private func rows(_ place: Int) -> RowBuffer {
    guard let buffer = buffers[place] else {
      preconditionFailure("node \(place), \(plan.nodes[place]), has no rows")
    }
    return buffer
  }

  private func group(_ place: Int) -> GroupBuffer {
    guard let group = groups[place] else {
      preconditionFailure("node \(place), \(plan.nodes[place]), is no grouping")
    }
    return group
  }

  private func operand(_ place: Int) -> Operand {
    if case .constant(let number) = plan.nodes[place].operation { return .number(number) }
    return .rows(rows(place))
  }

  /// The field and the removed events behind a vector node.
  private func vector(_ place: Int) -> (field: String, removed: [Double]) {
    let node = plan.nodes[place]
    switch node.operation {
    case .field(let name): return (name, [])
    case .apply(.vecFilter):
      let (field, removed) = vector(node.inputs[0])
      return (field, removed + [node.number(0)])
    default: preconditionFailure("node \(place), \(node), is no vector")
    }
  }

  private mutating func assemble(_ node: FormulaGraph.Node, at place: Int) -> Kernel? {
    switch node.operation {
    case .constant(let number):
      return ConstantKernel(output: makeBuffer(place), number: number)
    case .field(let name):
      switch panel.fields[name]?.values {
      case .matrix:
        return FieldKernel(
          output: makeBuffer(place), name: name, columns: panel.columns, blockRows: blockRows,
          pasteurizes: settings.pasteurizes)
      case .group(let column):
        return GroupFieldKernel(
          output: makeGroup(place, bound: column.labels.count), name: name,
          pasteurizes: settings.pasteurizes)
      case .vector, nil:
        return nil
      }
    case .apply(let code):
      return assemble(code, node, at: place)
    }
  }

  // MARK: - Families

  private mutating func assemble(
    _ code: OperatorCode, _ node: FormulaGraph.Node, at place: Int
  ) -> Kernel? {
    switch code {
    case .bucket, .densify, .groupCartesianProduct, .groupCoalesce:
      return formation(code, node, at: place)
    case .vecFilter:
      return nil
    case .vecAvg, .vecSum, .vecCount, .vecMax, .vecMin, .vecRange, .vecStddev, .vecIr, .vecNorm,
      .vecPowersum, .vecPercentage, .vecChoose, .vecSkewness, .vecKurtosis:
      let (field, removed) = vector(node.inputs[0])
      return VectorKernel(
        output: makeBuffer(place), name: field, columns: panel.columns, removed: removed,
        figure: vectorFigure(code, node), pasteurizes: settings.pasteurizes)
    default:
      break
    }
    let output = makeBuffer(place)
    return unary(code, node, output) ?? binary(code, node, output)
      ?? rolling(code, node, output) ?? scanned(code, node, output)
      ?? windowed(code, node, output) ?? crossSectional(code, node, output)
      ?? grouped(code, node, output) ?? remembering(code, node, output)
      ?? { preconditionFailure("no kernel computes \(code.rawValue)") }()
  }

  private func vectorFigure(
    _ code: OperatorCode, _ node: FormulaGraph.Node
  ) -> VectorKernel.Figure {
    switch code {
    case .vecAvg: .mean
    case .vecSum: .sum
    case .vecCount: .count
    case .vecMax: .maximum
    case .vecMin: .minimum
    case .vecRange: .range
    case .vecStddev: .deviation
    case .vecIr: .informationRatio
    case .vecNorm: .norm
    case .vecPowersum: .powerSum(exponent: node.number(0))
    case .vecPercentage: .percentile(share: node.number(0))
    case .vecChoose: .element(node.integer(0))
    case .vecSkewness: .skewness
    case .vecKurtosis: .kurtosis
    default: preconditionFailure("\(code.rawValue) takes no events")
    }
  }

  private mutating func formation(
    _ code: OperatorCode, _ node: FormulaGraph.Node, at place: Int
  ) -> Kernel {
    switch code {
    case .bucket:
      let edges: [Double]
      if case .numbers(let range) = node.options[0] {
        edges = BucketKernel.edges(from: range[0], through: range[1], by: range[2])
      } else {
        edges = node.numbers(1)
      }
      return BucketKernel(
        output: makeGroup(place, bound: edges.count + 2), input: rows(node.inputs[0]),
        edges: edges, skipsBegin: node.flag(2) || node.flag(4),
        skipsEnd: node.flag(3) || node.flag(4), missingHasClass: node.flag(5))
    case .densify:
      let source: DensifyKernel.Source =
        if let classes = groups[node.inputs[0]] {
          .classes(classes)
        } else {
          .numbers(rows(node.inputs[0]))
        }
      return DensifyKernel(output: makeGroup(place, bound: panel.columns), source: source)
    case .groupCartesianProduct:
      let pair = (group(node.inputs[0]), group(node.inputs[1]))
      return DensifyKernel(
        output: makeGroup(place, bound: panel.columns), source: .pairs(pair.0, pair.1))
    default:
      let sources = node.inputs.map(group)
      let bound = sources.reduce(0) { $0 + $1.bound }
      return CoalesceKernel(output: makeGroup(place, bound: bound), groups: sources)
    }
  }

  private func unary(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    let function: UnaryKernel.Function
    switch code {
    case .abs: function = .magnitude
    case .reverse: function = .reverse
    case .inverse: function = .inverse
    case .sqrt: function = .squareRoot
    case .sign: function = .sign
    case .isNan, .isNotFinite: function = .isNaN
    case .isNotNan, .isFinite: function = .isNotNaN
    case .not: function = .not
    case .log: function = .scalar { Elementary.log($0) }
    case .exp: function = .scalar(Elementary.exp)
    case .sigmoid: function = .scalar { 1 / (1 + Elementary.exp(-$0)) }
    case .tanh: function = .scalar(Elementary.tanh)
    case .arcSin: function = .scalar(Elementary.asin)
    case .arcCos: function = .scalar(Elementary.acos)
    case .arcTan: function = .scalar(Elementary.atan)
    case .fraction: function = .scalar { $0 - $0.rounded(.towardZero) }
    case .sLog1p:
      function = .scalar { x in
        let size = Elementary.log(onePlus: Swift.abs(x))
        return x < 0 ? -size : size
      }
    case .purify: function = .scalar { $0 }
    case .round: function = .scalar { $0.rounded() }
    case .floor: function = .scalar { $0.rounded(.down) }
    case .ceiling: function = .scalar { $0.rounded(.up) }
    case .roundDown:
      let step = node.number(0)
      function = .scalar { step * ($0 / step).rounded(.down) }
    case .nanOut:
      let low = node.optionalNumber(0) ?? -.infinity
      let high = node.optionalNumber(1) ?? .infinity
      function = .scalar { $0 < low || $0 > high ? .nan : $0 }
    case .toNan:
      let value = node.number(0)
      if node.flag(1) {
        return BinaryKernel(
          output: output, left: operand(node.inputs[0]), right: .number(value),
          function: .replaceMissing)
      }
      function = .scalar { $0 == value ? .nan : $0 }
    case .replace: return replacement(node, output)
    case .tail:
      let (low, high, value) = (node.number(0), node.number(1), node.number(2))
      function = .scalar { $0 > low && $0 < high ? value : $0 }
    case .leftTail:
      let bound = node.number(0)
      function = .scalar { $0 <= bound ? $0 : .nan }
    case .rightTail:
      let bound = node.number(0)
      function = .scalar { $0 >= bound ? $0 : .nan }
    case .clamp: function = .scalar(clampFunction(node))
    default: return nil
    }
    return UnaryKernel(output: output, input: rows(node.inputs[0]), function: function)
  }

  private func replacement(_ node: FormulaGraph.Node, _ output: RowBuffer) -> Kernel {
    let targets = node.numbers(0)
    let replacements = node.numbers(1)
    func replaced(_ x: Double) -> Double {
      for (index, target) in targets.enumerated()
      where target == x || (target.isNaN && x.isNaN) {
        return replacements.count == 1 ? replacements[0] : replacements[index]
      }
      return x
    }
    return MappingKernel(output: output, input: rows(node.inputs[0]), function: replaced)
  }

  private func clampFunction(_ node: FormulaGraph.Node) -> (Double) -> Double {
    let low = node.optionalNumber(0) ?? -.infinity
    let high = node.optionalNumber(1) ?? .infinity
    guard node.flag(2) else { return { max(low, min(high, $0)) } }
    func isInside(_ x: Double) -> Bool { x > low && x < high }
    switch node.options[3] {
    case .number(let mask): return { isInside($0) ? mask : $0 }
    case .word("mean"): return { isInside($0) ? (low + high) / 2 : $0 }
    case .word("NAN"): return { isInside($0) ? .nan : $0 }
    default: return { isInside($0) ? ($0 - low <= high - $0 ? low : high) : $0 }
    }
  }

  private func binary(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    var function: BinaryKernel.Function
    var missing = BinaryKernel.Missing.propagate
    switch code {
    case .add: function = .add
    case .subtract: function = .subtract
    case .multiply: function = .multiply
    case .divide: function = .divide
    case .max: function = .maximum
    case .min: function = .minimum
    case .power: function = .scalar(PowerFunction.raise)
    case .signedPower: function = .scalar(PowerFunction.raiseKeepingSign)
    case .less: function = .less
    case .lessEqual: function = .lessEqual
    case .greater: function = .less
    case .greaterEqual: function = .lessEqual
    case .equal: function = .equal
    case .notEqual: function = .notEqual
    case .and: function = .and
    case .or: function = .or
    case .nanMask: function = .mask
    case .convert: function = node.word(0) == "dollar2share" ? .divide : .multiply
    case .ifElse:
      return ChoiceKernel(
        output: output, condition: rows(node.inputs[0]), whenTrue: rows(node.inputs[1]),
        whenFalse: rows(node.inputs[2]))
    case .pasteurize:
      return PasteurizeKernel(output: output, input: rows(node.inputs[0]))
    case .tsStep:
      return StepKernel(output: output, first: node.number(0))
    default: return nil
    }
    var left = operand(node.inputs[0])
    var right = operand(node.inputs[1])
    switch code {
    case .greater, .greaterEqual: swap(&left, &right)
    case .add, .subtract: if node.flag(0) { missing = .counts(0) }
    case .multiply: if node.flag(0) { missing = .counts(1) }
    case .max, .min: if node.flag(0) { missing = .skip }
    default: break
    }
    return BinaryKernel(
      output: output, left: left, right: right, function: function, missing: missing)
  }

  private func rolling(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    func moments(_ figure: RollingMomentsKernel.Figure) -> Kernel {
      RollingMomentsKernel(
        output: output, input: rows(node.inputs[0]), window: node.integer(0), figure: figure,
        emptyIsZero: settings.fillsMissing)
    }
    func extreme(
      _ side: RollingExtremeKernel.Side, _ figure: RollingExtremeKernel.Figure
    ) -> Kernel {
      RollingExtremeKernel(
        output: output, input: rows(node.inputs[0]), window: node.integer(0), side: side,
        figure: figure, emptyIsZero: settings.fillsMissing)
    }
    func pair(_ figure: RollingPairKernel.Figure, lag: Int = 0) -> Kernel {
      RollingPairKernel(
        output: output, left: rows(node.inputs[0]), right: rows(node.inputs[1]), lag: lag,
        window: node.integer(0), figure: figure, emptyIsZero: settings.fillsMissing)
    }
    switch code {
    case .tsSum: return moments(.sum)
    case .tsMean: return moments(.mean)
    case .tsStdDev: return moments(.standardDeviation)
    case .tsZscore: return moments(.zscore)
    case .tsIr: return moments(.informationRatio)
    case .tsAvDiff: return moments(.deviationFromMean)
    case .tsCountNans: return moments(.missingCount)
    case .tsMax: return extreme(.maximum, .extreme)
    case .tsMin: return extreme(.minimum, .extreme)
    case .tsArgMax: return extreme(.maximum, .age)
    case .tsArgMin: return extreme(.minimum, .age)
    case .tsMaxDiff: return extreme(.maximum, .distance)
    case .tsMinDiff: return extreme(.minimum, .distance)
    case .tsCorr: return pair(.correlation)
    case .tsCovariance: return pair(.covariance)
    case .tsVectorProj: return pair(.projection)
    case .tsVectorNeut: return pair(.remainderOfProjection)
    case .tsRegression:
      guard let figure = RollingPairKernel.RegressionFigure(rawValue: node.integer(2)) else {
        preconditionFailure("ts_regression has no rettype \(node.integer(2))")
      }
      return pair(.regression(figure), lag: node.integer(1))
    default: return nil
    }
  }

  private func scanned(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    func scan(_ scan: WindowScanKernel.Scan) -> Kernel {
      WindowScanKernel(
        output: output, input: rows(node.inputs[0]), window: node.integer(0), scan: scan,
        emptyIsZero: settings.fillsMissing)
    }
    func lag(_ rows: Int, _ figure: LagKernel.Figure) -> Kernel {
      LagKernel(output: output, input: self.rows(node.inputs[0]), lag: rows, figure: figure)
    }
    switch code {
    case .tsRank: return scan(.rank(constant: node.number(1)))
    case .tsProduct: return scan(.product)
    case .tsDecayLinear: return scan(.linearDecay(dense: node.flag(1)))
    case .tsDecayExpWindow: return scan(.exponentialDecay(factor: node.number(1)))
    case .tsScale: return scan(.scale(constant: node.number(1)))
    case .tsMinMaxCps: return scan(.middle(f: node.number(1)))
    case .tsMinMaxDiff: return scan(.distanceFromMiddle(f: node.number(1)))
    case .tsDelay: return lag(node.integer(0), .earlier)
    case .tsDelta: return lag(node.integer(0), .change)
    case .tsReturns:
      return lag(node.integer(0), node.integer(1) == 2 ? .symmetricChange : .relativeChange)
    case .tsWeightedDecay: return lag(1, .blend(weight: node.number(0)))
    case .logDiff: return lag(1, .logChange)
    case .instPnl:
      return HeldReturnKernel(
        output: output, position: rows(node.inputs[0]), returns: rows(node.inputs[1]))
    default: return nil
    }
  }

  private func windowed(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    func window(
      _ rows: Int? = nil, fills: Bool = true, _ function: @escaping WindowFunctionKernel.Function
    ) -> Kernel {
      WindowFunctionKernel(
        output: output, inputs: node.inputs.map(self.rows), window: rows ?? node.integer(0),
        columns: panel.columns,
        zeroWhereEmpty: fills && settings.fillsMissing ? node.integer(0) : 0, function: function)
    }
    switch code {
    case .tsMedian: return window { WindowFunctions.percentile($0, share: 0.5) }
    case .tsPercentage:
      let share = node.number(1)
      return window { WindowFunctions.percentile($0, share: share) }
    case .tsSkewness: return window { WindowFunctions.skewness($0) }
    case .tsKurtosis: return window { WindowFunctions.kurtosis($0) }
    case .tsMoment:
      let order = node.integer(1)
      return window { WindowFunctions.centralMoment($0, order: order) }
    case .tsEntropy:
      let bins = node.integer(1)
      return window { WindowFunctions.entropy($0, bins: bins) }
    case .tsQuantile:
      let shape = quantile(node.word(1))
      return window { WindowFunctions.quantile($0, shape) }
    case .tsCoSkewness: return window { WindowFunctions.standardizedMoment($0, powers: [1, 2]) }
    case .tsCoKurtosis: return window { WindowFunctions.standardizedMoment($0, powers: [1, 3]) }
    case .tsTripleCorr:
      return window { WindowFunctions.standardizedMoment($0, powers: [1, 1, 1]) }
    case .tsPartialCorr: return window { WindowFunctions.partialCorrelation($0) }
    case .tsTheilsen: return window { WindowFunctions.theilSenSlope($0) }
    case .tsPolyRegression:
      let degree = node.integer(1)
      return window { WindowFunctions.polynomialResidual($0, degree: degree) }
    case .tsBackfill:
      let (k, ignored) = (node.integer(1), node.numbers(2))
      return window { WindowFunctions.backfilled($0, k: k, ignored: ignored) }
    case .kthElement:
      let (k, ignored) = (node.integer(1), node.numbers(2))
      return window { WindowFunctions.element($0, k: k, ignored: ignored) }
    case .lastDiffValue: return window { WindowFunctions.lastDifferent($0) }
    case .instTvr: return window(node.integer(0) + 1) { WindowFunctions.turnover($0) }
    case .jumpDecay:
      let (rows, sensitivity, force) = (node.integer(0), node.number(1), node.number(2))
      return window(max(rows, 2)) {
        WindowFunctions.jumpDamped($0, rows: rows, sensitivity: sensitivity, force: force)
      }
    case .tsRankGmeanAmeanDiff:
      let inputs = node.inputs.count
      return window { WindowFunctions.rankMeansDifference($0, inputs: inputs) }
    case .keep:
      return window(node.integer(0) + 2, fills: false) { WindowFunctions.keptAfterChange($0) }
    default: return nil
    }
  }

  private func quantile(_ driver: String) -> CrossSectionKernel.Quantile {
    switch driver {
    case "uniform": .uniform
    case "cauchy": .cauchy
    default: .gaussian
    }
  }

  private func crossSectional(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    let function: CrossSectionKernel.Function
    switch code {
    case .rank: function = .rank
    case .zscore: function = .zscore
    case .normalize: function = .normalize(dividing: node.flag(0), limit: node.number(1))
    case .scale:
      function = .scale(whole: node.number(0), long: node.number(1), short: node.number(2))
    case .scaleDown: function = .scaleDown(constant: node.number(0))
    case .winsorize: function = .winsorize(deviations: node.number(0))
    case .truncate: function = .truncate(share: node.number(0))
    case .quantile: function = .quantile(quantile(node.word(0)), sigma: node.number(1))
    case .generalizedRank: function = .generalizedRank(power: node.number(0))
    case .rankBySide: function = .rankBySide(scale: node.number(1))
    case .oneSide: function = .oneSide(isLong: node.word(0) == "long")
    case .vectorProj: function = .projection
    case .vectorNeut: function = .remainderOfProjection
    case .regressionNeut: function = .regressionResidual
    case .regressionProj: function = .regressionFitted
    case .rankGmeanAmeanDiff: function = .rankMeansDifference
    case .multiRegression:
      return PooledRegressionKernel(
        output: output, inputs: node.inputs.map(rows), columns: panel.columns,
        days: node.integer(0), lag: node.integer(1))
    default: return nil
    }
    return CrossSectionKernel(
      output: output, inputs: node.inputs.map(rows), columns: panel.columns, function: function)
  }

  private func grouped(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    let function: GroupKernel.Function
    switch code {
    case .groupNeutralize: function = .neutralize
    case .groupZscore: function = .zscore
    case .groupRank: function = .rank
    case .groupScale: function = .scale
    case .groupCount: function = .count
    case .groupSum: function = .sum
    case .groupStdDev: function = .deviation
    case .groupMax: function = .maximum
    case .groupMin: function = .minimum
    case .groupMedian: function = .percentile(share: 0.5)
    case .groupPercentage: function = .percentile(share: node.number(0))
    case .groupNormalize:
      function = .normalize(
        scale: node.number(2), constantWithin: node.flag(0) ? node.number(1) : nil)
    case .groupMean: function = .weightedMean
    case .groupExtra: function = .fillWithWeightedMean
    case .groupVectorNeut: function = .remainderOfProjection
    case .groupVectorProj: function = .projection
    case .groupBackfill:
      return GroupBackfillKernel(
        output: output, input: rows(node.inputs[0]), group: group(node.inputs[1]),
        columns: panel.columns, window: node.integer(0), deviations: node.number(1))
    default: return nil
    }
    // The grouping is the last input of every group operator.
    guard let classes = node.inputs.last else { return nil }
    return GroupKernel(
      output: output, inputs: node.inputs.dropLast().map(rows), group: group(classes),
      columns: panel.columns, function: function, sharesWithMissing: settings.fillsMissing)
  }

  private func remembering(
    _ code: OperatorCode, _ node: FormulaGraph.Node, _ output: RowBuffer
  ) -> Kernel? {
    func tuned(_ damper: HoldKernel.Damper) -> HoldKernel.Rule {
      .targetTurnover(
        damper, low: node.number(0), high: node.number(1), turnover: node.number(2))
    }
    let rule: HoldKernel.Rule
    switch code {
    case .tradeWhen: rule = .tradeWhen
    case .hump: rule = .hump(share: node.number(0))
    case .humpDecay: rule = .humpDecay(threshold: node.number(0))
    case .tsDeltaLimit: rule = .deltaLimit(share: node.number(0))
    case .tsTargetTvrDecay: rule = tuned(.decay)
    case .tsTargetTvrHump: rule = tuned(.hump)
    case .tsTargetTvrDeltaLimit: rule = tuned(.deltaLimit)
    case .daysFromLastChange:
      return UnchangedRunKernel(output: output, input: rows(node.inputs[0]))
    case .filter:
      return FilterKernel(
        output: output, input: rows(node.inputs[0]), taps: node.numbers(0),
        feedback: node.numbers(1), columns: panel.columns)
    default: return nil
    }
    return HoldKernel(
      output: output, inputs: node.inputs.map(rows), rule: rule, columns: panel.columns)
  }
}

extension FormulaGraph.Node {
  /// Whether the operator reads constants as plain numbers and needs no rows of them.
  fileprivate var takesNumbers: Bool {
    guard case .apply(let code) = operation else { return false }
    switch code {
    case .add, .subtract, .multiply, .divide, .max, .min, .power, .signedPower, .less, .lessEqual,
      .greater, .greaterEqual, .equal, .notEqual, .and, .or, .nanMask, .convert:
      return true
    default:
      return false
    }
  }
}
