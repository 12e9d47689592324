import Essentials

extension TearSheet {
  /// What the book held and traded.
  func writeBook(to page: inout HTMLMarkup) {
    page.section(
      "book", BilingualText("The book", "북"),
      BilingualText("What was held and how much was traded.", "무엇을 얼마나 보유하고 거래했는지 봅니다."),
      sample: wholeSample
    ) { page in
      page.element("div", ["class": "pair"]) { page in
        writeTurnover(to: &page)
        writeCoverage(to: &page)
        writeCounts(to: &page)
        writeLargestShare(to: &page)
      }
      writeSectors(to: &page)
    }
  }

  /// Series that jump from row to row are drawn as means over so many days, a month of trading.
  private static let meanDays = 20

  private func writeTurnover(to page: inout HTMLMarkup) {
    let turnover = history.turnover(days: Self.meanDays)
    chart(
      "turnover", BilingualText("Turnover", "회전율"),
      BilingualText(
        "Traded money in % of the book a day, mean of \(Self.meanDays) days.",
        "하루 거래 금액, 북 대비 %, \(Self.meanDays)일 평균."), .percent,
      [(BilingualText("Turnover", "회전율"), turnover, .main)]
    ).write(to: &page)
  }

  private func writeCoverage(to page: inout HTMLMarkup) {
    var coverage = chart(
      "coverage", BilingualText("Coverage", "커버리지"),
      BilingualText(
        "Instruments with a value of the formula, in % of those admitted.",
        "수식 값이 있는 종목, 거래 가능한 종목 대비 %."), .percent,
      [(BilingualText("Coverage", "커버리지"), history.coverage, .main)])
    coverage.ends = [0, 1]
    coverage.write(to: &page)
  }

  private func writeCounts(to page: inout HTMLMarkup) {
    let days = Self.meanDays
    chart(
      "counts", BilingualText("Positions", "포지션 수"),
      BilingualText(
        "Instruments held long and short, mean of \(days) days.",
        "매수와 매도로 보유한 종목 수, \(days)일 평균."), .count,
      [
        (BilingualText("Long", "매수"), history.mean(of: \.longCount, days: days), .main),
        (BilingualText("Short", "매도"), history.mean(of: \.shortCount, days: days), .loss),
      ]
    ).write(to: &page)
  }

  private func writeLargestShare(to page: inout HTMLMarkup) {
    chart(
      "largest-share", BilingualText("Largest position", "가장 큰 포지션"),
      BilingualText("In % of the gross exposure.", "총 노출 대비 %."), .percent,
      [(BilingualText("Largest position", "가장 큰 포지션"), result.series.largestShare, .main)]
    ).write(to: &page)
  }

  private func chart(
    _ id: String, _ title: BilingualText, _ note: BilingualText, _ style: FigureStyle,
    _ lines: [(name: BilingualText, values: [Double], look: TimeChart.Line.Look)]
  ) -> TimeChart {
    let rows = RowThinning.rows(of: lines[0].values, buckets: 150)
    return TimeChart(
      id: id, title: title, note: note, style: style, scale: time, stamps: stamps(rows),
      lines: lines.map { line in
        TimeChart.Line(name: line.name, values: rows.map { line.values[$0] }, look: line.look)
      }, height: 150)
  }

  // MARK: - Sectors

  /// As many sectors are drawn; the other ones are the smallest.
  static let sectorsMax = 18

  /// A share of the book below which a sum of positions is a rounding error.
  static let roundingMax = 1e-9

  private func writeSectors(to page: inout HTMLMarkup) {
    let title = BilingualText("Net exposure by sector", "섹터별 순노출")
    guard let exposure = result.sectorExposure else {
      EmptyFigure(
        id: "sectors", title: title,
        reason: BilingualText(
          "Not recorded: it is when the setting visualization is true and the panel has sectors.",
          "기록되지 않음: 설정 visualization이 true이고 패널에 섹터가 있어야 기록합니다.")
      ).write(to: &page)
      return
    }
    let count = exposure.labels.count
    let sectors = exposure.labels.enumerated().map { index, label in
      Sector(
        label: label,
        shares: stride(from: index, to: exposure.values.count, by: count).map {
          exposure.values[$0] / result.scale.bookSize
        })
    }
    let drawn = sectors.enumerated().filter { $0.element.largest > Self.roundingMax }
      .sorted { ($1.element.meanSize, $0.offset) < ($0.element.meanSize, $1.offset) }
      .prefix(Self.sectorsMax).map(\.element)
    guard !drawn.isEmpty else {
      EmptyFigure(
        id: "sectors", title: title,
        reason: BilingualText(
          "In every row the book is as much long as short in each sector.",
          "모든 행에서 각 섹터의 매수와 매도가 같습니다.")
      ).write(to: &page)
      return
    }
    page.element("figure", ["class": "sectors", "id": "sectors"]) { page in
      page.element("figcaption") { page in
        page.element("h3", title)
        page.element("p", ["class": "note"], sectorNote(drawn: drawn.count, of: count))
      }
      let largest = drawn.reduce(0.0) { max($0, $1.largest) }
      page.element("div", ["class": "multiples"]) { page in
        for (place, sector) in drawn.enumerated() {
          sectorChart(sector, place, largest: largest).write(to: &page)
        }
      }
    }
  }

  private struct Sector {
    let label: String
    let shares: [Double]
    let largest: Double
    let meanSize: Double

    init(label: String, shares: [Double]) {
      self.label = label
      self.shares = shares
      var sum = 0.0
      var largest = 0.0
      for share in shares where share.isFinite {
        sum += share.magnitude
        largest = max(largest, share.magnitude)
      }
      self.largest = largest
      meanSize = shares.isEmpty ? 0 : sum / Double(shares.count)
    }
  }

  private func sectorNote(drawn: Int, of count: Int) -> BilingualText {
    let unit = BilingualText(
      "Long less short in % of the book, all on one scale, the largest first.",
      "매수에서 매도를 뺀 값, 북 대비 %. 모두 같은 눈금이며 큰 섹터부터 보입니다.")
    guard drawn < count else { return unit }
    return unit
      + BilingualText(
        " \(drawn) of \(count) are drawn; the others hold less or nothing.",
        " \(count)개 중 \(drawn)개를 그렸고, 나머지는 더 작거나 없습니다.")
  }

  private func sectorChart(_ sector: Sector, _ place: Int, largest: Double) -> TimeChart {
    let rows = RowThinning.rows(of: sector.shares, buckets: 80)
    let name =
      sector.label == "unknown"
      ? BilingualText("Unknown sector", "섹터 모름") : BilingualText(same: sector.label)
    return TimeChart(
      id: "sector-\(place)", title: name, style: .percent, scale: time, stamps: stamps(rows),
      lines: [
        TimeChart.Line(name: name, values: rows.map { sector.shares[$0] }, isFilled: true)
      ], height: 72, ends: [-largest, largest], isSmall: true)
  }
}
