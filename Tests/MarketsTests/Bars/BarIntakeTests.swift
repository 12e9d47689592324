import Essentials
import Testing

@testable import Markets

private func bar(
  _ minute: Int64, _ close: Double = 10, high: Double = 20, volume: Double = 1,
  isClosed: Bool = true
) -> Bar {
  Bar(
    openTime: Timestamp(millisecondsSinceEpoch: minute * 60_000), open: 10, high: high, low: 5,
    close: close, volume: volume, isClosed: isClosed)
}

@Suite("Bar intake")
struct BarIntakeTests {
  @Test("a forming bar is never published as it was first seen, but as it closed")
  func forming() {
    var intake = BarIntake(.minute)
    #expect(intake.observe(bar(0, 11, isClosed: false)) == nil)
    #expect(intake.observe(bar(0, 12, isClosed: false)) == nil)
    #expect(intake.forming?.close == 12)
    #expect(intake.observe(bar(0, 13))?.close == 13)
    #expect(intake.forming == nil)
    #expect(intake.observe(bar(0, 14)) == nil)
    #expect(intake.observe(bar(0, 14, isClosed: false)) == nil)
    #expect(intake.counts.duplicate == 2)
  }

  @Test("gaps, silent bars and late ones are counted; nothing is filled")
  func counts() {
    var intake = BarIntake(.minute)
    let published = [bar(0), bar(3), bar(2), bar(4, volume: 0)].compactMap { intake.observe($0) }
    #expect(published.map(\.openTime.millisecondsSinceEpoch) == [0, 180_000, 240_000])
    #expect(intake.counts.missing == 2)
    #expect(intake.counts.late == 1)
    #expect(intake.counts.silent == 1)
  }

  @Test(
    "a bar that no market can print is refused",
    arguments: [
      (bar(0, 0), BarDefect.impossiblePrice), (bar(0, -3), .impossiblePrice),
      (bar(0, .nan), .impossiblePrice), (bar(0, high: .infinity), .impossiblePrice),
      (bar(0, 25), .crossedRange), (bar(0, 4), .crossedRange),
      (bar(0, volume: -1), .impossibleVolume),
      (bar(0, volume: .nan), .impossibleVolume),
    ])
  func impossible(bar: Bar, defect: BarDefect) {
    #expect(bar.defect == defect)
    var intake = BarIntake(.minute)
    #expect(intake.observe(bar) == nil)
    #expect(intake.counts.impossible == 1)
  }

  @Test("a bar that begins between two spans is refused")
  func misaligned() {
    var intake = BarIntake(.fiveMinutes)
    #expect(intake.observe(bar(1)) == nil)
    #expect(intake.counts.misaligned == 1)
  }
}
