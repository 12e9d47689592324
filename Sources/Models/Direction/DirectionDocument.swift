package import Essentials

/// A model of the direction as `mu_direction_model.json` holds it.
///
/// Members that only tell of the making (`label_meta`, `tuned_params`, `regime_stats`, metrics) are
/// read and written as they are, by ``notes``.
package struct DirectionDocument: FittedDocument, Hashable, Sendable {
  /// The logistic parts, and the trees that the document holds itself; trees in a file are loaded by
  /// whoever has the one at ``treesPath``.
  package var model: DirectionModel
  /// The rows before neutral and contaminated ones were dropped.
  package var rawSamples: Int
  /// Whether trees are to speak in place of the logistic parts.
  package var wantsTrees: Bool
  /// Where the trees are, as the document says, if it does not hold them.
  package var treesPath: String?
  /// When the model was made, as the document says.
  package var trainedAt: String?
  package var fittedThrough: Timestamp?
  /// What the making left, by name.
  package var notes: [JSONValue.Member]

  /// The names that ``notes`` may hold, in the order of the document.
  package static let noteNames = [
    "label_meta", "tuned_params", "train_metrics", "valid_metrics", "regime_stats",
  ]
  static let modelType = "logistic_v1"

  package init(
    model: DirectionModel, rawSamples: Int, wantsTrees: Bool = false,
    treesPath: String? = nil, trainedAt: String? = nil, notes: [JSONValue.Member] = []
  ) {
    self.model = model
    self.rawSamples = rawSamples
    self.wantsTrees = wantsTrees
    self.treesPath = treesPath
    self.trainedAt = trainedAt
    self.notes = notes
  }

  package init(reading reader: inout DocumentReader) {
    let type = reader.requiredText("model_type")
    if !type.isEmpty, type != Self.modelType {
      reader.noteContradiction(
        "model_type", "is \"\(type)\"", remedy: "Write \"\(Self.modelType)\".")
    }
    reader.requireMember("feature_names")
    var names = reader.texts("feature_names") ?? []
    if names.isEmpty || Set(names).count != names.count {
      reader.noteContradiction(
        "feature_names", "are empty or name a feature twice", remedy: "Name each feature once.")
      names = ["unnamed"]
    }
    let global = Self.part(&reader, count: names.count) ?? DirectionPart(silentOn: names.count)
    var defaultRegime: RegimeTag?
    if reader.value("default_regime") != nil { defaultRegime = reader.word("default_regime") }
    var byRegime: [RegimeTag: DirectionPart] = [:]
    var treesByRegime: [(RegimeTag, DirectionTrees)] = []
    if reader.value("by_regime") != nil {
      _ = reader.object("by_regime") { regimes in
        for tag in RegimeTag.allCases {
          let part =
            regimes.object(tag.rawValue) { reader in
              if let trees = Self.trees(&reader)?.held {
                if trees.trees.featureNames != names {
                  reader.noteContradiction(
                    Self.treesName, "name other features", remedy: "Grow them on these features.")
                }
                treesByRegime.append((tag, trees))
              }
              return Self.part(&reader, count: names.count)
            } ?? nil
          if let part { byRegime[tag] = part }
        }
        regimes.finish()
      }
    }
    model = DirectionModel(
      named: names, global: global, byRegime: byRegime, defaultRegime: defaultRegime)
    for (tag, trees) in treesByRegime { model.adopt(trees, in: tag) }
    rawSamples =
      reader.whole("train_samples_raw", in: 0...(1 << 53)) ?? global.samples
    let trees = Self.trees(&reader)
    wantsTrees = trees?.wanted ?? false
    treesPath = trees?.path
    if wantsTrees { model.trees = trees?.held }
    trainedAt = reader.value("trained_at") == nil ? nil : reader.text("trained_at")
    fittedThrough = Self.fittedThrough(&reader)
    var notes: [JSONValue.Member] = []
    for name in Self.noteNames {
      if let value = reader.value(name) { notes.append(JSONValue.Member(name, value)) }
    }
    self.notes = notes
  }

  package var json: JSONValue {
    var members = [
      JSONValue.Member("model_type", .string(Self.modelType)),
      JSONValue.Member("feature_names", .strings(model.featureNames)),
    ]
    members += Self.members(of: model.global)
    members.append(JSONValue.Member("train_samples_raw", .integer(rawSamples)))
    if let regime = model.defaultRegime {
      members.append(JSONValue.Member("default_regime", .string(regime.rawValue)))
    }
    let regimes = RegimeTag.allCases.compactMap { tag -> JSONValue.Member? in
      let trees = model.treesByRegime[tag]
      guard let part = model.byRegime[tag] ?? trees.map({ _ in model.global }) else { return nil }
      var members = Self.members(of: part)
      if let trees { members.append(Self.member(of: trees, wanted: true, path: nil)) }
      return JSONValue.Member(tag.rawValue, .object(members))
    }
    members.append(JSONValue.Member("by_regime", .object(regimes)))
    // Trees that came from a file stay there.
    members.append(
      Self.member(of: treesPath == nil ? model.trees : nil, wanted: wantsTrees, path: treesPath))
    for name in Self.noteNames { members += notes.filter { $0.name == name } }
    if let trainedAt { members.append(JSONValue.Member("trained_at", .string(trainedAt))) }
    return .object(members + fittedThroughMember)
  }

  private static func part(_ reader: inout DocumentReader, count: Int) -> DirectionPart? {
    let weights = reader.requiredNumbers("weights", count: count)
    let bias = reader.requiredNumber("bias")
    let means = reader.requiredNumbers("mean", count: count)
    let deviations = reader.requiredNumbers(
      "std", count: count, in: 0...Double.greatestFiniteMagnitude)
    let samples = reader.whole("train_samples", in: 0...(1 << 53)) ?? 0
    var calibration = PlattScale.none
    if reader.value("calibration") != nil { calibration = Self.calibration(&reader) ?? .none }
    guard let weights, let means, let deviations,
      let scale = StandardScale(means: means, deviations: deviations)
    else { return nil }
    return DirectionPart(
      scale: scale, regression: LogisticRegression(weights: weights, bias: bias),
      calibration: calibration, samples: samples)
  }

  private static let treesName = "lgbm_benchmark"

  /// Reads the member about trees: whether they are wanted, where they are, and the ones that are
  /// held.
  private static func trees(
    _ reader: inout DocumentReader
  ) -> (wanted: Bool, path: String?, held: DirectionTrees?)? {
    guard reader.value(treesName) != nil else { return nil }
    return reader.object(treesName) { trees in
      let wanted = trees.flag("enabled") ?? false
      let path = trees.line("model_path").flatMap { $0.isEmpty ? nil : $0 }
      var calibration = PlattScale.none
      if trees.value("calibration") != nil { calibration = Self.calibration(&trees) ?? .none }
      guard trees.value("model_text") != nil else { return (wanted, path, nil) }
      let text = trees.requiredText("model_text")
      do throws(DocumentFailure) {
        let held = try BoostedTrees(text: text, document: "model_text")
        if let held = DirectionTrees(held, calibration: calibration) {
          return (wanted, path, held)
        }
        trees.noteContradiction(
          "model_text", "says no chance", remedy: "Grow trees with the objective binary.")
      } catch {
        trees.noteContradiction(
          "model_text", "is no model: \(error.defects.first?.explanation ?? "")",
          remedy: "Fit the model again.")
      }
      return (wanted, path, nil)
    }
  }

  private static func member(
    of trees: DirectionTrees?, wanted: Bool, path: String?
  ) -> JSONValue.Member {
    var members = [
      JSONValue.Member("enabled", .bool(wanted)),
      JSONValue.Member("available", .bool(path != nil || trees != nil)),
    ]
    if let path { members.append(JSONValue.Member("model_path", .string(path))) }
    if let trees {
      members.append(calibration(of: trees.calibration))
      members.append(JSONValue.Member("model_text", .string(trees.trees.text)))
    }
    return JSONValue.Member(treesName, .object(members))
  }

  private static func calibration(_ reader: inout DocumentReader) -> PlattScale? {
    let platt = reader.object("calibration") { platt in
      let slope = platt.requiredNumber("a", in: 0...Double.greatestFiniteMagnitude)
      return PlattScale(slope: slope, shift: platt.requiredNumber("b"))
    }
    return platt ?? nil
  }

  private static func calibration(of scale: PlattScale) -> JSONValue.Member {
    JSONValue.Member("calibration", ["a": .number(scale.slope), "b": .number(scale.shift)])
  }

  private static func members(of part: DirectionPart) -> [JSONValue.Member] {
    [
      JSONValue.Member("weights", .numbers(part.regression.weights)),
      JSONValue.Member("bias", .number(part.regression.bias)),
      JSONValue.Member("mean", .numbers(part.scale.means)),
      JSONValue.Member("std", .numbers(part.scale.deviations)),
      calibration(of: part.calibration),
      JSONValue.Member("train_samples", .integer(part.samples)),
    ]
  }
}
