import Markets
import Tactics
import TestKit
import Testing

@Suite("Gates of costs")
struct CostGatesTests {
  private func entry(net: Double, toxicity: Double, confidence: Double) -> EntryCircumstances {
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.long.netReturn = net
    entry.market.toxicity = toxicity
    entry.direction.confidence = confidence
    return entry
  }

  @Test(
    "the seed's option takes the fee from a net expectation again, as recorded",
    arguments: [
      (0.0010, 0.72, 0.55, 0.0006, 0.000100690, true),
      (0.0006, 0.90, 0.50, 0.0002, 0.000340887, false),
    ])
  func recorded(
    edge: Double, toxicity: Double, confidence: Double, net: Double, floor: Double, passes: Bool
  ) {
    let verdict = EntryReview(
      of: entry(net: edge, toxicity: toxicity, confidence: confidence), under: Profiles.seed)[
        .netExpectancy]
    #expect(agree(verdict["net"], net, absolute: 1e-9))
    #expect(agree(verdict.measures.first?.limit ?? .nan, floor, absolute: 1e-9))
    #expect(verdict.outcome == (passes ? .pass : .fail))
  }

  @Test("costs are taken once: from a gross expectation, and not from a net one")
  func once() {
    var entry = entry(net: .nan, toxicity: 0, confidence: 1)
    entry.long.grossReturn = 0.0010
    entry.roundTripCost = 0.0012
    #expect(
      agree(EntryReview(of: entry, under: Profiles.shipped)[.netExpectancy]["net"], -0.0002))
    entry.long.netReturn = 0.0001
    let review = EntryReview(of: entry, under: Profiles.shipped)
    #expect(review[.netExpectancy]["net"] == 0.0001)
    #expect(review[.gross]["gross"] == 0.0010)
  }

  @Test("a zero edge nets minus the cost for both sides")
  func zeroDrift() {
    for side in PositionSide.allCases {
      var entry = EntryCircumstances(now: .seconds(0), side: side)
      entry.long.grossReturn = 0
      entry.short.grossReturn = 0
      entry.roundTripCost = 0.0011
      let review = EntryReview(of: entry, under: Profiles.shipped)
      #expect(review[.netExpectancy]["net"] == -0.0011)
      #expect(review.denial?.gate == .bothNegative)
    }
  }

  @Test("an unknown expectation fails only where it is demanded")
  func unknown() {
    let entry = entry(net: .nan, toxicity: 0.9, confidence: 0.5)
    #expect(
      EntryReview(of: entry, under: Profiles.shipped)[.netExpectancy].outcome == .notApplicable)
    var settings = Profiles.shipped
    settings.entry.costs.requiresSignal = true
    #expect(EntryReview(of: entry, under: settings)[.netExpectancy].outcome == .fail)
  }

  @Test("leverage multiplies neither gain nor cost; the seed's option multiplies the gain alone")
  func feeByLeverage() {
    var entry = entry(net: .nan, toxicity: 0, confidence: 1)
    entry.long.eventReturn = 0.0001
    entry.leverage = 20
    #expect(EntryReview(of: entry, under: Profiles.shipped)[.fee].outcome == .fail)
    #expect(EntryReview(of: entry, under: Profiles.seed)[.fee].outcome == .pass)
  }

  @Test(
    "the mode of the cost rules says which of the two is heard",
    arguments: [
      (CostGateMode.expectancyPreferred, [EntryGate.netExpectancy]), (.feePreferred, [.fee]),
      (.softOr, [.netExpectancy, .fee]), (.both, [.netExpectancy, .fee]),
      (.strict, [.netExpectancy, .fee]),
    ])
  func modes(mode: CostGateMode, heard: [EntryGate]) {
    var settings = Profiles.shipped
    settings.entry.costs.mode = mode
    func failing(net: Double, event: Double) -> [EntryGate] {
      var entry = entry(net: net, toxicity: 0, confidence: 1)
      entry.long.eventReturn = event
      return EntryReview(of: entry, under: settings).rulings
        .filter { $0.verdict.outcome == .fail && [.netExpectancy, .fee].contains($0.gate) }
        .map(\.gate)
    }
    #expect(failing(net: -1, event: -1) == heard)
    #expect(failing(net: 1, event: 1) == [])
    #expect(
      failing(net: 1, event: -1) == (mode == .softOr ? [] : heard.filter { $0 == .fee }))
    // Where one does not apply the other is heard in every mode.
    #expect(failing(net: .nan, event: -1) == [.fee])
    #expect(failing(net: -1, event: .nan) == [.netExpectancy])
  }
}
