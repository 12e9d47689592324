import Essentials
import Services

/// How much a policy moves by chance.
struct NoisePage: Sendable {
  let policy: String
  let source: String
  let isNoise: Bool
  let report: NoiseReport

  private static let dwellShares = [0.1, 0.5, 0.9]

  var json: JSONValue {
    [
      "policy": .string(policy), "records": .string(source), "without_mean": .bool(isNoise),
      "series": .integer(report.series), "rows": .integer(report.rows),
      "days": .integer(report.days), "draws": .integer(report.draws),
      "seed": .integer(Int(report.seed)), "block_length": .number(report.blockLength),
      "with_hysteresis": json(report.withHysteresis),
      "without_hysteresis": json(report.withoutHysteresis),
    ]
  }

  private func json(_ tally: NoiseReport.Tally) -> JSONValue {
    func known(_ value: Double) -> JSONValue { .optional(value.isFinite ? value : nil) }
    return [
      "promotions": .integer(tally.promotions), "demotions": .integer(tally.demotions),
      "moves_per_month": known(tally.movesPerMonth), "live_share": known(tally.liveShare),
      "flicker_share": known(tally.flickerShare),
      "dwell_days": .object(
        Self.dwellShares.map {
          .init("p\(Int($0 * 100))", known(tally.dwellQuantile($0)))
        }),
    ]
  }

  func text(_ terminal: TerminalFacts) -> String {
    func sentence(_ text: String) -> String {
      Paragraph(DisplayWidth.harmless(text)).lines(width: terminal.textWidth)
        .joined(separator: "\n")
    }
    let heading = """
      \(report.draws) resamples of \(source) (\(report.series) instances, \(report.rows) \
      rows\(isNoise ? ", their means taken away" : ""), blocks of \
      \(Table.Cell.number(report.blockLength, decimals: 1).text) on average), each decided under \
      \(policy) for \(report.days) days.
      """
    return [
      sentence(heading), figures.rendered(width: terminal.width, paint: terminal.paint),
      sentence(verdict),
    ].joined(separator: "\n\n")
  }

  private var figures: Table {
    let (with, without) = (report.withHysteresis, report.withoutHysteresis)
    var table = Table([
      .text("of one instance"), .number("as it is"), .number("no hysteresis"),
    ])
    func add(_ name: String, decimals: Int = 2, _ value: (NoiseReport.Tally) -> Double) {
      table.add([
        Table.Cell(name), .number(value(with), decimals: decimals),
        .number(value(without), decimals: decimals),
      ])
    }
    add("moves in 30 days", decimals: 3) { $0.movesPerMonth }
    add("promotions a year", decimals: 3) { Double($0.promotions) * 365 / Double($0.days) }
    add("demotions a year", decimals: 3) { Double($0.demotions) * 365 / Double($0.days) }
    add("days live [%]", decimals: 1) { 100 * $0.liveShare }
    add("undone within 30 days [%]", decimals: 1) { 100 * $0.flickerShare }
    for share in Self.dwellShares {
      add("live until demoted, \(Int(share * 100)) % [days]", decimals: 0) {
        $0.dwellQuantile(share)
      }
    }
    return table
  }

  private var verdict: String {
    let (with, without) = (report.withHysteresis, report.withoutHysteresis)
    guard without.promotions + without.demotions > 0 else {
      return "Nothing moves, with hysteresis or without."
    }
    let saved = 1 - with.movesPerMonth / without.movesPerMonth
    return """
      Hysteresis saves \(Table.Cell.percent(saved, decimals: 0).text) % of the moves. Moves need no \
      approval here, and whoever is still live at the end is not among those who were demoted.
      """
  }
}
