import Essentials

/// The page that sums up a simulation: one HTML file that can be mailed, read offline in English or
/// Korean, in light or dark, on a screen, on a phone or on paper.
///
/// The file asks nothing of the network: style, script, charts and numbers are inside, and a Content
/// Security Policy forbids the rest. Without the script everything can still be read; it only
/// switches language and colors and reads out the charts. Text from outside (formula, names) is
/// escaped. A missing value is a gap in a line and `--` in a table, never a zero.
///
/// The same result, trust report and name always give the same bytes. Size: below 400 KB for 5000
/// rows; lines of long series keep their peaks, troughs and gaps, not every row.
package struct TearSheet: Sendable {
  /// A language that the page speaks. Both are in every file.
  package enum Language: String, Hashable, Sendable, CaseIterable {
    case english = "en"
    case korean = "ko"
  }

  /// What was found.
  package let result: SimulationResult
  /// Whether it can be believed.
  package let trust: TrustReport
  /// What the formula is called; nil where it has no name but its identifier.
  package let name: String?

  /// - Precondition: the result has at least one row, as every simulation has.
  package init(result: SimulationResult, trust: TrustReport, name: String? = nil) {
    precondition(result.series.count > 0, "a result without rows")
    self.result = result
    self.trust = trust
    self.name = name
    history = TearSheetHistory(series: result.series, scale: result.scale)
    time = TimeScale(result.series.stamps)
  }

  let history: TearSheetHistory
  let time: TimeScale

  /// Returns the page.
  ///
  /// - Parameter language: what is shown first; nil for Korean where the reader's browser prefers
  ///   it and English otherwise. The reader can switch at any time.
  ///
  /// Cost: a few passes over the rows, and up to 600 Sharpe ratios of one year each.
  package func html(language: Language? = nil) -> String {
    frame.html(language: language) { page in
      for section in sections {
        page.insert("\n")
        section(&page)
      }
    } end: { page in
      writeProvenance(to: &page)
    }
  }

  private var sections: [(inout HTMLMarkup) -> Void] {
    [
      writeOverview, writeTrust, writeGrowth, writeYears, writeBook, writeDistribution, writeChecks,
      writeSettings, writeDefinitions,
    ]
  }

  /// What the formula is called on the page.
  var heading: String { name ?? result.identifier }

  private var frame: PageFrame {
    PageFrame(
      title: BilingualText(
        "\(heading) \u{2013} tear sheet", "\(heading) \u{2013} 성과 보고서"),
      kind: BilingualText("Tear sheet", "성과 보고서"), style: Self.style, script: Self.script)
  }

  // MARK: - What sections share

  /// The rows that figures of the whole sample cover.
  var wholeSample: BilingualText { sample(of: result.inSample) }

  /// First and last row, and how many there are.
  func sample(of metrics: AlphaMetrics) -> BilingualText {
    let rows = FigureStyle.whole(metrics.rows)
    let span = "\(time.text(metrics.firstStamp)) \u{2013} \(time.text(metrics.lastStamp))"
    return BilingualText("\(span), n = \(rows) rows", "\(span), n = \(rows)행")
  }

  /// Where the test rows lie, and the train rows before them.
  var bands: [TimeChart.Band] {
    guard let train = result.train, let test = result.test else { return [] }
    let border = time.fraction(of: test.firstStamp)
    return [
      TimeChart.Band(
        name: BilingualText("Train", "학습"),
        fractions: time.fraction(of: train.firstStamp)...border, isShaded: false),
      TimeChart.Band(name: BilingualText("Test", "시험"), fractions: border...1, isShaded: true),
    ]
  }

  /// The instants of some rows.
  func stamps(_ rows: [Int]) -> [Timestamp] { rows.map { result.series.stamps[$0] } }
}
