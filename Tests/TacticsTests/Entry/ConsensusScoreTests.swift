import Essentials
import Markets
import Tactics
import Testing

@Suite("Consensus of indicators")
struct ConsensusScoreTests {
  private func indicators(_ random: inout RandomCircumstances) -> ConsensusScore.Indicators {
    var indicators = ConsensusScore.Indicators()
    indicators.expectation = random.signed(0.004)
    indicators.shortfall = random.signed(0.02)
    indicators.stopProbability = random.signed(1)
    indicators.flow = random.signed(2)
    indicators.direction = random.signed(1)
    indicators.liquidity = random.share()
    indicators.spread = random.share() / 1000
    indicators.relativeStrength = 100 * random.share()
    return indicators
  }

  @Test("a market seen in a mirror gives the same score with the other sign")
  func mirror() {
    var random = RandomCircumstances(seed: 4)
    var seen = ConsensusScore()
    var mirrored = ConsensusScore()
    for minute in 0..<300 {
      let now = indicators(&random)
      var other = now
      other.expectation.negate()
      other.shortfall.negate()
      other.stopProbability.negate()
      other.flow.negate()
      other.direction.negate()
      other.relativeStrength = 100 - now.relativeStrength
      let at = Timestamp.seconds(Int64(600 * minute))
      let left = seen.observe(now, regime: .bull, at: at)
      let right = mirrored.observe(other, regime: .bull, at: at)
      #expect(left == -right)
    }
  }

  @Test("indicators that are not known say nothing, and a side without profit is not entered")
  func unknown() {
    var consensus = ConsensusScore()
    let score = consensus.observe(.init(), regime: .chop, at: .seconds(0))
    #expect(score == 0)
    var settings = EntrySettings.Consensus()
    settings.isEnabled = true
    var long = SideBelief()
    long.netReturn = 0.001
    long.profitProbability = 0.6
    let short = SideBelief()
    #expect(ConsensusScore.side(of: 1, long: long, short: short, under: settings) == .long)
    #expect(ConsensusScore.side(of: 0.99, long: long, short: short, under: settings) == nil)
    #expect(ConsensusScore.side(of: -1, long: long, short: short, under: settings) == nil)
    settings.isEnabled = false
    #expect(ConsensusScore.side(of: 1, long: long, short: short, under: settings) == nil)
  }
}
