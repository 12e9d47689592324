import AlphaLanguage
import Essentials
import Networking
import Research

/// Formulas as somebody is writing them.
extension DeskRoutes {
  /// Four times the longest formula, for a text of which every character is escaped.
  private static let bodyBytesMax = 4 * FormulaLimits.sourceBytes

  var formulaRoutes: [Route] {
    [
      Route(
        .post, "/api/formulas/check",
        "Checks a formula: its words, and everything that is wrong with it.",
        group: Group.formulas, body: DeskSchemas.formulaQuestion,
        answers: [
          .of("FormulaReading", "What was read, also of a formula that is not valid."),
          AnswerContract(
            400, "The body is no question.", schema: WireSchema.reference("Failure")),
          AnswerContract(
            413, "The body is too large.", schema: WireSchema.reference("Failure")),
        ]
      ) { call in
        let question = try question(call.request.body)
        let reading = FormulaReading(
          question.expression, by: try schemas.checker(of: question.panel))
        return .json(
          .object([.init("panel", .string(question.panel))] + reading.members)
        ).live
      }
    ]
  }

  private func question(_ body: [UInt8]) throws -> (expression: String, panel: String) {
    guard body.count <= Self.bodyBytesMax else {
      throw DeskRefusal.bodyTooLarge(bytesMax: Self.bodyBytesMax)
    }
    guard let text = String(validating: body, as: UTF8.self) else {
      throw DeskRefusal.badBody(
        reason: "The body is not UTF-8 text.", remedy: "Send a JSON object in UTF-8.")
    }
    let (expression, named) = try DocumentReader.read(
      text: text, document: "body", unknown: .refused, key: "bad_body"
    ) { reader -> (String, String?) in
      reader.requireMember("expression")
      return (reader.line("expression") ?? "", reader.text("panel"))
    }
    guard let panel = try named ?? schemas.standardPanel() else {
      throw DeskRefusal.panelChanged(
        name: "us-equities", reason: "is not in the store of this desk, nor is any other")
    }
    return (expression, panel)
  }

  /// The checker of the panel that a candidate was simulated on, or else of the one that its run
  /// began on; nil where it is not at hand.
  func checker(for candidate: RunCandidate, in run: String) throws -> FormulaChecker? {
    let panel = try candidate.panel["name"] ?? boards.with(run) { $0.startPanel["name"] }
    guard case .string(let name)? = panel, schemas.holds(name) else { return nil }
    return try schemas.checker(of: name)
  }
}
