import AlphaLanguage
import Essentials
import Mathematics

/// Writes formulas by filling in schemata and leading the signal through the stages of a sound
/// alpha: raw signal, one scale, perhaps a condition, perhaps its group, and a tempo that fits.
///
/// Everything it hands out was checked against what the pack says of its fields, calls only the
/// pack's operators, and joins no units that differ.
struct SignalGrammar {
  /// A formula with how it came about.
  struct Signal {
    var text: String
    var formula: CheckedFormula
    /// The names of its schemata.
    var origin: [String]
    var pace: FormulaSchema.Pace
    /// Whether a stage already slows it down.
    var isSmoothed: Bool
    /// Whether a stage already sets it against its group.
    var isGrouped: Bool
  }

  let palette: FieldPalette
  /// In lower case; empty where the pack lists none, and then all are allowed.
  let operators: Set<String>
  let checker: FormulaChecker
  private let schemata: [FormulaSchema]
  private let relevance: [MarketTheme: Double]
  private var schemaUses: [String: Int] = [:]
  private var fieldUses: [String: Int] = [:]
  private var skeletons: Set<String> = []
  private var known: Set<String> = []

  /// - Parameter idea: all that is known of the idea, as one text.
  init(pack: RetrievalPack, idea: String) {
    let palette = FieldPalette(pack, idea: idea.lowercased())
    let operators = Set(pack.operators.map { $0.name.lowercased() })
    self.palette = palette
    self.operators = operators
    checker = FormulaChecker(schema: palette.schema)
    var relevance: [MarketTheme: Double] = [:]
    for theme in MarketTheme.allCases { relevance[theme] = theme.relevance(of: idea) }
    // The largest relevance is 1, whatever the length of the text.
    let largest = MarketTheme.allCases.reduce(0.0) { max($0, relevance[$1] ?? 0) }
    if largest > 0 { relevance = relevance.mapValues { $0 / largest } }
    self.relevance = relevance
    schemata = FormulaSchema.library.filter { schema in
      operators.isEmpty || schema.operators.isSubset(of: operators)
    }
  }

  /// Notes formulas that must not be handed out again, under whatever spelling.
  mutating func forbid(_ texts: [String]) {
    for text in texts {
      guard let formula = try? checker.check(text) else { continue }
      known.insert(formula.fingerprint.hexadecimal)
      if let tree = FormulaTree(formula.graph) { skeletons.insert(tree.skeleton) }
    }
  }

  /// Draws for one signal before it is given up.
  private static let attempts = 60

  /// Returns a formula that was not handed out before; nil where the pack allows no more.
  ///
  /// For the first half of the draws its skeleton must be new as well.
  mutating func signal(
    lane: Lane, using generator: inout SplitMix64
  ) -> Signal? {
    for attempt in 0..<Self.attempts {
      guard let signal = draft(lane: lane, using: &generator),
        let tree = FormulaTree(signal.formula.graph),
        !known.contains(signal.formula.fingerprint.hexadecimal),
        attempt * 2 >= Self.attempts || !skeletons.contains(tree.skeleton)
      else { continue }
      known.insert(signal.formula.fingerprint.hexadecimal)
      skeletons.insert(tree.skeleton)
      for name in signal.origin { schemaUses[name, default: 0] += 1 }
      for field in signal.formula.fields { fieldUses[field, default: 0] += 1 }
      return signal
    }
    return nil
  }

  private func draft(lane: Lane, using generator: inout SplitMix64) -> Signal? {
    guard let schema = schema(lane, using: &generator),
      var text = fill(schema, lane: lane, using: &generator)
    else { return nil }
    var origin = [schema.name]
    var pace = schema.pace
    if generator.nextUniform() < (lane == .explore ? 0.35 : 0.15),
      let other = self.schema(lane, using: &generator), other.name != schema.name,
      let second = fill(other, lane: lane, using: &generator),
      let joined = joined(text, second, using: &generator)
    {
      text = joined
      origin.append(other.name)
      if other.pace == .fast { pace = .fast }
    }
    guard let raw = checked(text), let tree = FormulaTree(raw.graph) else { return nil }
    var signal = Signal(
      text: text, formula: raw, origin: origin, pace: pace, isSmoothed: false,
      isGrouped: tree.codes.contains { $0.rawValue.hasPrefix("group_") })
    let isScaled = tree.code.map(OperatorFamilies.normalizing.contains) ?? false
    if !isScaled { scale(&signal, lane, using: &generator) }
    if generator.nextUniform() < (lane == .explore ? 0.22 : 0.12) {
      gate(&signal, lane, using: &generator)
    }
    if !signal.isGrouped, generator.nextUniform() < 0.2 { group(&signal, using: &generator) }
    if generator.nextUniform() < (pace == .fast ? 0.75 : 0.15) {
      smooth(&signal, using: &generator)
    }
    guard let formula = checked(signal.text) else { return nil }
    signal.formula = formula
    return signal
  }

  /// The formula of a text where it is one that may be handed out.
  private func checked(_ text: String) -> CheckedFormula? {
    guard let formula = try? checker.check(text), !formula.fields.isEmpty,
      formula.complexity.operators <= FormulaLimits.operatorsOnBRAIN,
      !formula.warnings.contains(where: { $0.code == "incompatible_unit" })
    else { return nil }
    return formula
  }

  func allows(_ name: String) -> Bool { operators.isEmpty || operators.contains(name) }

  // MARK: - Choices

  private func schema(_ lane: Lane, using generator: inout SplitMix64) -> FormulaSchema? {
    Self.draw(schemata, using: &generator) { schema in
      var weight = schema.weight(for: relevance, lane: lane)
      for _ in 0..<min(8, schemaUses[schema.name] ?? 0) { weight *= 0.6 }
      return weight
    }
  }

  /// Draws by weight; nil from nothing, or where every weight is 0.
  static func draw<Element>(
    _ elements: [Element], using generator: inout SplitMix64, by weight: (Element) -> Double
  ) -> Element? {
    let weights = elements.map(weight)
    var rest = generator.nextUniform() * weights.reduce(0, +)
    for (element, weight) in zip(elements, weights) {
      rest -= weight
      if rest < 0 { return element }
    }
    return nil
  }

  private func field(
    _ role: String, lane: Lane, except used: Set<String>, using generator: inout SplitMix64
  ) -> String? {
    let entries = palette.entries(for: role).filter { !used.contains($0.field.id) }
    return Self.draw(entries, using: &generator) { entry in
      let isAtHome = entry.field.lane == lane || entry.field.lane == .both
      let uses = Double(fieldUses[entry.field.id] ?? 0)
      return entry.favor * (0.2 + entry.field.score) * (isAtHome ? 1 : 0.35) / (1 + uses)
    }?.field.id
  }

  private static let scales = ["rank", "zscore", "quantile", "scale", "rank_by_side"]
  private static let places = ["ts_zscore", "ts_rank", "ts_scale", "ts_quantile"]
  private static let averages = ["ts_mean", "ts_median", "ts_decay_linear"]

  /// The usual first where the lane exploits, any where it explores.
  private func choice(
    of names: [String], lane: Lane, using generator: inout SplitMix64
  ) -> String? {
    let open = names.filter(allows)
    return Self.draw(Array(open.enumerated()), using: &generator) { place, _ in
      lane == .explore ? 1 : 1 / Double(1 + place)
    }?.element
  }

  /// A grouping: a field of the pack, or classes of size or of another number.
  func grouping(
    _ role: String = "group", using generator: inout SplitMix64
  ) -> String? {
    let fields = palette.entries(for: role)
    if let entry = Self.draw(fields, using: &generator, by: { $0.favor * (0.2 + $0.field.score) }) {
      return entry.field.id
    }
    guard allows("bucket"), allows("rank") else { return nil }
    for role in ["cap", "size", "any"] {
      if let field = palette.entries(for: role).randomElement(using: &generator)?.field.id {
        return "bucket(rank(\(field)), range=\"0.1,1,0.1\")"
      }
    }
    return nil
  }

  // MARK: - Filling in

  private static let named: Set<String> = [
    "close", "open", "high", "low", "vwap", "volume", "returns", "cap",
  ]

  private func fill(
    _ schema: FormulaSchema, lane: Lane, using generator: inout SplitMix64
  ) -> String? {
    var chosen: [String: String] = [:]
    var used: Set<String> = []
    var text = ""
    for piece in schema.pieces {
      switch piece {
      case .text(let part): text += part
      case .blank(let role, let name):
        if let value = chosen[name] {
          text += value
          continue
        }
        guard let value = value(for: role, lane, except: used, using: &generator) else {
          return nil
        }
        if !Self.named.contains(role) { used.insert(value) }
        chosen[name] = value
        text += value
      }
    }
    return text
  }

  private func value(
    for role: String, _ lane: Lane, except used: Set<String>, using generator: inout SplitMix64
  ) -> String? {
    switch role {
    case "scale": choice(of: Self.scales, lane: lane, using: &generator)
    case "place": choice(of: Self.places, lane: lane, using: &generator)
    case "average": choice(of: Self.averages, lane: lane, using: &generator)
    case "group", "class": grouping(role, using: &generator)
    case "short": Self.window(.short, &generator)
    case "medium": Self.window(.medium, &generator)
    case "long": Self.window(.long, &generator)
    case _ where Self.named.contains(role):
      palette.entries(for: role).first?.field.id
    default: field(role, lane: lane, except: used, using: &generator)
    }
  }

  private static func window(
    _ role: WindowGrid.Role, _ generator: inout SplitMix64
  ) -> String? {
    WindowGrid.lengths(of: role).randomElement(using: &generator).map(String.init)
  }

  // MARK: - Stages

  private func joined(
    _ first: String, _ second: String, using generator: inout SplitMix64
  ) -> String? {
    guard let scale = ["rank", "zscore"].filter(allows).randomElement(using: &generator) else {
      return nil
    }
    let isProduct = scale == "rank" && generator.nextUniform() < 0.4
    return "\(scale)(\(first)) \(isProduct ? "*" : "+") \(scale)(\(second))"
  }

  private func scale(
    _ signal: inout Signal, _ lane: Lane, using generator: inout SplitMix64
  ) {
    let draw = generator.nextUniform()
    if draw < 0.25, !signal.isGrouped,
      let name = ["group_rank", "group_zscore", "group_scale"].filter(allows)
        .randomElement(using: &generator),
      let group = grouping(using: &generator)
    {
      signal.text = "\(name)(\(signal.text), \(group))"
      signal.isGrouped = true
      return
    }
    if draw < 0.4, allows("winsorize"), allows("zscore") {
      signal.text = "zscore(winsorize(\(signal.text), std=3))"
      return
    }
    guard let name = choice(of: Self.scales, lane: lane, using: &generator) else { return }
    signal.text = "\(name)(\(signal.text))"
  }

  private func gate(
    _ signal: inout Signal, _ lane: Lane, using generator: inout SplitMix64
  ) {
    guard allows("trade_when") else { return }
    let conditions = [
      FormulaSchema("busy", [], .fast, "{size} > ts_mean({size}, {medium})"),
      FormulaSchema(
        "calm", [], .fast, "ts_std_dev({returns}, {short}) < ts_std_dev({returns}, {long})"),
      FormulaSchema("no_shock", [], .fast, "abs({returns}) < 0.05"),
      FormulaSchema("unusual", [], .fast, "ts_rank({moving}, {medium}) > 0.5"),
      FormulaSchema("down", [], .fast, "ts_sum({returns}, {short}) < 0"),
    ].filter { $0.operators.allSatisfy(allows) }
    guard let condition = conditions.randomElement(using: &generator),
      let entry = fill(condition, lane: lane, using: &generator)
    else { return }
    signal.text = "trade_when(\(entry), \(signal.text), -1)"
  }

  private func group(_ signal: inout Signal, using generator: inout SplitMix64) {
    guard allows("group_neutralize"), let group = grouping(using: &generator) else { return }
    signal.text = "group_neutralize(\(signal.text), \(group))"
    signal.isGrouped = true
  }

  private func smooth(_ signal: inout Signal, using generator: inout SplitMix64) {
    guard
      let name = ["ts_decay_linear", "hump", "ts_mean", "ts_decay_exp_window"].filter(allows)
        .randomElement(using: &generator),
      let window = Self.window(.smoothing, &generator),
      let step = ["0.0001", "0.001", "0.005"].randomElement(using: &generator)
    else { return }
    signal.text =
      switch name {
      case "hump": "hump(\(signal.text), hump=\(step))"
      case "ts_decay_exp_window": "\(name)(\(signal.text), \(window), 0.8)"
      default: "\(name)(\(signal.text), \(window))"
      }
    signal.isSmoothed = true
  }
}
