import Essentials
import Testing

@testable import Markets

private func at(_ seconds: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: seconds * 1000) }

private func announcement(_ seconds: Int64, _ rate: Int64, due: Int64) -> FundingAnnouncement {
  FundingAnnouncement(
    instant: at(seconds), rate: SignedRate(hundredMillionths: rate) ?? .zero, due: at(due))
}

@Suite("Funding watch")
struct FundingWatchTests {
  @Test(
    "the last announcement before a payment is due is paid once, when the stream has come so far")
  func pays() {
    var watch = FundingWatch()
    #expect(watch.observe(announcement(1, 10, due: 100)) == nil)
    #expect(watch.observe(announcement(99, 12, due: 100)) == nil)
    #expect(watch.pass(at(99)) == nil)
    let payment = watch.observe(announcement(101, 5, due: 200))
    #expect(payment?.instant == at(100) && payment?.rate.hundredMillionths == 12)
    #expect(watch.pass(at(150)) == nil)
    #expect(watch.pass(at(200))?.rate.hundredMillionths == 5)
    #expect(watch.pass(at(201)) == nil)
  }

  @Test("announcements of what was paid are late, those told behind their own time are nothing")
  func late() {
    var watch = FundingWatch()
    _ = watch.observe(announcement(1, 10, due: 100))
    #expect(watch.pass(at(100)) != nil)
    #expect(watch.observe(announcement(101, 99, due: 100)) == nil)
    #expect(watch.late == 1)
    #expect(watch.observe(announcement(150, 4, due: 400)) == nil)
    #expect(watch.observe(announcement(140, 9, due: 400)) == nil)
    #expect(watch.late == 2 && watch.awaited?.rate.hundredMillionths == 4)
    #expect(watch.pass(at(400)) != nil)
    #expect(watch.observe(announcement(600, 7, due: 500)) == nil)
    #expect(watch.awaited == nil)
  }

  @Test("a payment that is moved before it is due is paid at its new time only")
  func moved() {
    var watch = FundingWatch()
    _ = watch.observe(announcement(1, 10, due: 100))
    #expect(watch.observe(announcement(50, 11, due: 80)) == nil)
    #expect(watch.observe(announcement(81, 12, due: 160))?.instant == at(80))
  }
}
