package import Essentials

/// A learned drift as `mu_alpha_model.json` holds it, trees included, with what it was worth on rows
/// that it did not see.
package struct LearnedDriftDocument: FittedDocument, Hashable, Sendable {
  /// What must have been shown on held-out rows before a drift is listened to.
  package enum Evidence: String, Hashable, Sendable, CaseIterable {
    /// Acting on it earned after costs: the interval of the expectancy lies above zero.
    case earning
    /// It explained returns: the interval of the explained share lies above zero.
    case explaining
    /// Nothing.
    case any
  }

  /// Nil only where the document has defects.
  package var drift: LearnedDrift?
  /// The lower ends of the intervals on held-out rows; nil where they are not known.
  package var expectancyLow: Double?
  package var explainedLow: Double?
  /// When it was made, as the document says.
  package var trainedAt: String?
  package var fittedThrough: Timestamp?
  /// What the making left, by name.
  package var notes: [JSONValue.Member]

  static let modelType = "lightgbm_v1"
  private static let noteNames = ["label_meta", "tuned_params", "train_metrics", "valid_metrics"]

  package init(
    drift: LearnedDrift, outOfSample: LinearScore, trainedAt: String?, notes: [JSONValue.Member]
  ) {
    self.drift = drift
    expectancyLow = outOfSample.expectancyInterval?.lowerBound
    explainedLow = outOfSample.explainedInterval?.lowerBound
    self.trainedAt = trainedAt
    self.notes = notes + [JSONValue.Member("valid_metrics", outOfSample.json)]
  }

  /// Whether it has shown as much.
  package func shows(_ evidence: Evidence) -> Bool {
    switch evidence {
    case .earning: expectancyLow.map { $0 > 0 } ?? false
    case .explaining: explainedLow.map { $0 > 0 } ?? false
    case .any: true
    }
  }

  package init(reading reader: inout DocumentReader) {
    let type = reader.requiredText("model_type")
    if !type.isEmpty, type != Self.modelType {
      reader.noteContradiction(
        "model_type", "is \"\(type)\"", remedy: "Write \"\(Self.modelType)\".")
    }
    let seconds = reader.requiredWhole("bar_seconds", in: 1...86_400)
    let positive = 0...Double.greatestFiniteMagnitude
    let slope = reader.requiredNumber("slope", in: positive)
    let error = reader.requiredNumber("slope_error", in: positive)
    let text = reader.requiredText("model_text")
    if !text.isEmpty {
      do throws(DocumentFailure) {
        drift = LearnedDrift(
          trees: try BoostedTrees(text: text, document: "model_text"), barSeconds: seconds,
          slope: slope, slopeError: error)
      } catch {
        reader.noteContradiction(
          "model_text", "is no model: \(error.defects.first?.explanation ?? "")",
          remedy: "Fit the model again.")
      }
    }
    trainedAt = reader.value("trained_at") == nil ? nil : reader.text("trained_at")
    fittedThrough = Self.fittedThrough(&reader)
    var notes: [JSONValue.Member] = []
    for name in Self.noteNames {
      if let value = reader.value(name) { notes.append(JSONValue.Member(name, value)) }
    }
    self.notes = notes
    guard reader.value("valid_metrics") != nil else { return }
    let lows = reader.object("valid_metrics") { judged in
      (
        judged.number("expectancy_bps_low", in: DocumentReader.finite),
        judged.number("explained_low", in: DocumentReader.finite)
      )
    }
    expectancyLow = lows?.0
    explainedLow = lows?.1
  }

  package var json: JSONValue {
    var members = [JSONValue.Member("model_type", .string(Self.modelType))]
    if let drift {
      members += [
        JSONValue.Member("feature_names", .strings(drift.featureNames)),
        JSONValue.Member("bar_seconds", .integer(drift.barSeconds)),
        JSONValue.Member("slope", .number(drift.slope)),
        JSONValue.Member("slope_error", .number(drift.slopeError)),
        JSONValue.Member("model_text", .string(drift.trees.text)),
      ]
    }
    for name in Self.noteNames { members += notes.filter { $0.name == name } }
    if let trainedAt { members.append(JSONValue.Member("trained_at", .string(trainedAt))) }
    return .object(members + fittedThroughMember)
  }
}
