package import Essentials

/// A model of the direction as `mu_direction_model.json` holds it.
///
/// Members that only tell of the making (`label_meta`, `tuned_params`, `regime_stats`, metrics) are
/// read and written as they are, by ``notes``.
package struct DirectionDocument: ReadableDocument, Hashable, Sendable {
  /// The logistic parts; the trees are loaded by whoever has the file at ``boosterPath``.
  package var model: DirectionModel
  /// The rows before neutral and contaminated ones were dropped.
  package var rawSamples: Int
  /// Whether trees are to speak in place of the logistic parts.
  package var wantsBooster: Bool
  /// Where the trees are, as the document says.
  package var boosterPath: String?
  /// When the model was made, as the document says.
  package var trainedAt: String?
  /// What the making left, by name.
  package var notes: [JSONValue.Member]

  /// The names that ``notes`` may hold, in the order of the document.
  package static let noteNames = [
    "label_meta", "tuned_params", "train_metrics", "valid_metrics", "regime_stats",
  ]
  static let modelType = "logistic_v1"

  package init(
    model: DirectionModel, rawSamples: Int, wantsBooster: Bool = false,
    boosterPath: String? = nil, trainedAt: String? = nil, notes: [JSONValue.Member] = []
  ) {
    self.model = model
    self.rawSamples = rawSamples
    self.wantsBooster = wantsBooster
    self.boosterPath = boosterPath
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
    if reader.value("by_regime") != nil {
      _ = reader.object("by_regime") { regimes in
        for tag in RegimeTag.allCases {
          let part = regimes.object(tag.rawValue) { Self.part(&$0, count: names.count) } ?? nil
          if let part { byRegime[tag] = part }
        }
        regimes.finish()
      }
    }
    model = DirectionModel(
      named: names, global: global, byRegime: byRegime, defaultRegime: defaultRegime)
    rawSamples =
      reader.whole("train_samples_raw", in: 0...(1 << 53)) ?? global.samples
    wantsBooster = false
    boosterPath = nil
    if reader.value("lgbm_benchmark") != nil {
      let trees = reader.object("lgbm_benchmark") { trees in
        (trees.flag("enabled") ?? false, trees.line("model_path"))
      }
      wantsBooster = trees?.0 ?? false
      boosterPath = trees?.1.flatMap { $0.isEmpty ? nil : $0 }
    }
    trainedAt = reader.value("trained_at") == nil ? nil : reader.text("trained_at")
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
    let regimes = RegimeTag.allCases.compactMap { tag in
      model.byRegime[tag].map { JSONValue.Member(tag.rawValue, .object(Self.members(of: $0))) }
    }
    members.append(JSONValue.Member("by_regime", .object(regimes)))
    var trees = [
      JSONValue.Member("enabled", .bool(wantsBooster)),
      JSONValue.Member("available", .bool(boosterPath != nil)),
    ]
    if let boosterPath { trees.append(JSONValue.Member("model_path", .string(boosterPath))) }
    members.append(JSONValue.Member("lgbm_benchmark", .object(trees)))
    for name in Self.noteNames { members += notes.filter { $0.name == name } }
    if let trainedAt { members.append(JSONValue.Member("trained_at", .string(trainedAt))) }
    return .object(members)
  }

  private static func part(_ reader: inout DocumentReader, count: Int) -> DirectionPart? {
    let weights = reader.requiredNumbers("weights", count: count)
    let bias = reader.requiredNumber("bias")
    let means = reader.requiredNumbers("mean", count: count)
    let deviations = reader.requiredNumbers(
      "std", count: count, in: 0...Double.greatestFiniteMagnitude)
    let samples = reader.whole("train_samples", in: 0...(1 << 53)) ?? 0
    var calibration = PlattScale.none
    if reader.value("calibration") != nil {
      let platt = reader.object("calibration") { platt in
        let slope = platt.requiredNumber("a", in: 0...Double.greatestFiniteMagnitude)
        return PlattScale(slope: slope, shift: platt.requiredNumber("b"))
      }
      calibration = (platt ?? nil) ?? .none
    }
    guard let weights, let means, let deviations,
      let scale = StandardScale(means: means, deviations: deviations)
    else { return nil }
    return DirectionPart(
      scale: scale, regression: LogisticRegression(weights: weights, bias: bias),
      calibration: calibration, samples: samples)
  }

  private static func members(of part: DirectionPart) -> [JSONValue.Member] {
    [
      JSONValue.Member("weights", .numbers(part.regression.weights)),
      JSONValue.Member("bias", .number(part.regression.bias)),
      JSONValue.Member("mean", .numbers(part.scale.means)),
      JSONValue.Member("std", .numbers(part.scale.deviations)),
      JSONValue.Member(
        "calibration",
        ["a": .number(part.calibration.slope), "b": .number(part.calibration.shift)]),
      JSONValue.Member("train_samples", .integer(part.samples)),
    ]
  }
}
