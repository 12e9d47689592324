import Essentials
import Testing

@testable import Backtesting

@Suite("A record of evidence")
struct EvidenceSeriesTests {
  @Test("a row that does not end after the last one is refused and leaves the record as it was")
  func order() throws {
    var series = try EvidenceBench.daily([0.01, 0.02])
    for row in [0, 1] {
      #expect(throws: EvidenceFailure.self) {
        try series.append(EvidenceRow(instant: EvidenceBench.instant(row), netReturn: 0.5))
      }
    }
    #expect(series == (try EvidenceBench.daily([0.01, 0.02])))
    let failure = EvidenceFailure.rowNotAfterLast(
      row: EvidenceBench.instant(0), last: EvidenceBench.instant(1))
    #expect(failure.explanation.contains("2020-01-02") && failure.explanation.contains("01-03"))
    #expect(failure.key == "evidence_out_of_order" && failure.outcome == .badConfiguration)
  }

  @Test("a window of time is open at its beginning and closed at its end")
  func windows() throws {
    let series = try EvidenceBench.daily([Double](repeating: 0.01, count: 10))
    let end = EvidenceBench.instant(7)
    #expect(series.range(of: .all, asOf: end) == 0..<8)
    #expect(series.range(of: .days(3), asOf: end) == 5..<8)
    #expect(series.range(of: .hours(72), asOf: end) == 5..<8)
    #expect(series.range(of: .hours(73), asOf: end) == 4..<8)
    #expect(series.range(of: .bars(2), asOf: end) == 6..<8)
    #expect(series.range(of: .bars(99), asOf: end) == 0..<8)
    let between = Timestamp(millisecondsSinceEpoch: end.millisecondsSinceEpoch - 1)
    #expect(series.range(of: .days(3), asOf: between) == 4..<7)
    #expect(series.range(of: .days(3), asOf: EvidenceBench.instant(100)).isEmpty)
    #expect(series.range(of: .days(3), asOf: EvidenceBench.origin).isEmpty)
    #expect(
      [EvidenceWindow.all, .days(60), .hours(5), .bars(500)].map(\.description)
        == ["all", "60d", "5h", "500b"])
  }

  @Test("paper takes over where it begins")
  func followed() throws {
    let simulated = try EvidenceBench.daily([0.1, 0.2, 0.3, 0.4])
    let paper = try EvidenceSeries(
      [2, 5].map {
        EvidenceRow(instant: EvidenceBench.instant($0), netReturn: 0.7, origin: .paper)
      })
    let joined = simulated.followed(by: paper)
    #expect(joined.rows.map(\.netReturn) == [0.1, 0.2, 0.7, 0.7])
    #expect(joined.rows.map(\.origin) == [.simulated, .simulated, .paper, .paper])
    #expect(simulated.followed(by: EvidenceSeries()) == simulated)
    #expect(EvidenceSeries().followed(by: paper) == paper)
  }

  @Test("a period that ends at midnight belongs to the day that ends")
  func days() {
    let row = EvidenceRow(instant: EvidenceBench.instant(0), netReturn: 0)
    #expect(row.day.description == "2020-01-01")
    let morning = EvidenceRow(instant: EvidenceBench.instant(0) + .hours(1), netReturn: 0)
    #expect(morning.day.description == "2020-01-02")
  }

  @Test("rows that are not valid or not finite take no part")
  func presence() {
    let instant = EvidenceBench.instant(0)
    #expect(EvidenceRow(instant: instant, netReturn: 0.1).isPresent)
    #expect(!EvidenceRow(instant: instant, netReturn: .nan).isPresent)
    #expect(!EvidenceRow(instant: instant, netReturn: .infinity).isPresent)
    #expect(!EvidenceRow(instant: instant, netReturn: 0.1, isValid: false).isPresent)
  }
}
