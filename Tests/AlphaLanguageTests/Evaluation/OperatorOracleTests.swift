import AlphaLanguage
import Markets
import Testing

@Suite("Every operator against its plain definition")
struct OperatorOracleTests {
  private static let panels = [
    RoughPanels.make(rows: 26, columns: 13, seed: 1),
    RoughPanels.make(rows: 19, columns: 8, seed: 2),
    RoughPanels.make(rows: 23, columns: 9, seed: 3),
  ]
  private static let universes = panels.map { RoughPanels.universe(of: $0, seed: 4) }

  @Test(
    "gives the values of the catalogue's formula for all settings on rough panels",
    arguments: OperatorCode.allCases)
  func agreesWithPlain(code: OperatorCode) {
    let settings = OperatorSettings.all(of: code, longest: 40)
    for (place, options) in settings.enumerated() {
      // Operators with few settings meet more panels and inputs.
      for variant in 0..<(settings.count == 1 ? 8 : settings.count < 8 ? 3 : 2) {
        let turn = place * 3 + variant
        let panel = Self.panels[turn % 3]
        let universe = turn % 4 == 3 ? Self.universes[turn % 3] : nil
        let evaluation = EvaluationSettings(
          pasteurizes: turn % 8 != 7, fillsMissing: variant % 2 == 1)
        for formula in Self.observations(of: code, options, turn) {
          let disagreement = OracleComparison.disagreement(
            on: formula, panel, evaluation, universe)
          #expect(disagreement == nil, "\(disagreement ?? "")")
          if disagreement != nil { return }
        }
      }
    }
  }

  /// Formulas that show an operator's value: itself where it is a matrix, else operators upon it.
  private static func observations(
    of code: OperatorCode, _ options: [OptionValue], _ turn: Int
  ) -> [FormulaGraph] {
    let entry = OperatorCatalog.fastexpr.entry(of: code)
    func field(_ names: [String], _ offset: Int) -> FormulaGraph {
      .field(names[(turn + turn / names.count + offset) % names.count])
    }
    var inputs: [FormulaGraph] = []
    for (place, parameter) in entry.inputs.enumerated() {
      switch parameter.kind {
      case .group: inputs.append(field(RoughPanels.groups, place))
      case .vector: inputs.append(field(RoughPanels.vectors, place))
      case .groupOrMatrix:
        inputs.append(field(turn % 2 == 0 ? RoughPanels.groups : RoughPanels.matrices, place))
      default:
        let isConstant = place == entry.inputs.count - 1 && turn % 9 == 8
        inputs.append(isConstant ? .constant(0.1) : field(RoughPanels.matrices, place))
      }
    }
    let call = FormulaGraph.call(code, inputs, options)
    switch entry.result {
    case .matrix, .truth: return [call]
    case .group:
      return [
        .call(.groupCount, [.constant(1), call]), .call(.groupSum, [.field("signal"), call]),
      ]
    case .vector:
      return [
        .call(.vecSum, [call]), .call(.vecCount, [call]), .call(.vecChoose, [call], [.number(1)]),
      ]
    }
  }
}
