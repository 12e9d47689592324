import Mathematics
import Testing

@testable import Services

@Suite("The meter of attempts")
struct AttemptMeterTests {
  private func draw(
    _ count: Int, _ name: String, _ meter: inout AttemptMeter, at now: Duration
  ) -> Int {
    var drawn = 0
    for _ in 0..<count where meter.draw(name, at: now) == nil { drawn += 1 }
    return drawn
  }

  @Test("a peer has ten attempts and then one each five seconds, whatever others do")
  func peers() {
    var meter = AttemptMeter(at: .zero)
    let first = draw(50, "a", &meter, at: .zero)
    let wait = meter.draw("a", at: .zero)
    let other = draw(3, "b", &meter, at: .zero)
    let later = [4, 5, 15].map { draw(50, "a", &meter, at: .seconds($0)) }
    #expect(first == 10)
    #expect(wait == 5)
    #expect(other == 3)
    #expect(later == [0, 1, 2])
  }

  @Test("all together have thirty attempts and then four a second, however many they are")
  func everybody() {
    var meter = AttemptMeter(at: .zero)
    let drawn = (0...10).map { second in
      var drawn = 0
      for peer in 0..<500 where meter.draw("\(second)-\(peer)", at: .seconds(second)) == nil {
        drawn += 1
      }
      return drawn
    }
    #expect(drawn == [30] + Array(repeating: 4, count: 10))
  }

  @Test("an attempt that was good costs nothing")
  func givenBack() {
    var meter = AttemptMeter(at: .zero)
    var drawn = 0
    for _ in 0..<100 where meter.draw("a", at: .zero) == nil {
      drawn += 1
      meter.giveBack("a")
    }
    #expect(drawn == 100)
  }

  @Test("a clock that goes backward gives nothing away")
  func backward() {
    var meter = AttemptMeter(at: .seconds(100))
    let drawn = [100, 1, 100].map { draw(50, "a", &meter, at: .seconds($0)) }
    #expect(drawn == [10, 0, 0])
  }

  @Test("who tried often is remembered among any number of others")
  func remembering() {
    var meter = AttemptMeter(
      everybody: AttemptMeter.Supply(burst: 1e9, perSecond: 1e9), at: .zero)
    let first = draw(50, "often", &meter, at: .zero)
    for number in 0..<3000 { _ = meter.draw("\(number)", at: .zero) }
    let again = draw(50, "often", &meter, at: .zero)
    #expect(first == 10)
    #expect(again == 0)
  }
}
