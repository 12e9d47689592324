import Essentials
import Testing

@testable import Worlds

@Suite("Records of worlds")
struct WorldEventTests {
  private func all() throws -> [WorldEvent] {
    var bench = try WorldBench.running([("a", .dryrun), ("s", .live)])
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1, "s": 1])
    try bench.cutOver()
    var submission = WorldBench.submission("x")
    submission.params = [.init("fast", 12), .init("slow", .number(48.5))]
    submission.symbols = ["BTC"]
    submission.sector = "l1"
    submission.alpha = InstanceSubmission.AlphaOrigin(run: "r", candidateKey: "k")
    return bench.entries.map(\.event) + [
      .instanceSubmitted(submission), .stateDeclared(.paused, reason: "r"),
      .approved(instance: "a", plan: nil), .approved(instance: "a", plan: Fingerprint(of: "p")),
      .breaker(
        .tripped(
          RiskTrip(
            cause: .dailyLoss, observed: 0.031, limit: 0.03, action: .halt,
            positions: .flattenTWAP, over: .minutes(30)))),
      .breaker(.cooling(clear: 2)), .breaker(.armed(reason: "fine")),
      .gatesChanged(
        GateRuling(
          epoch: 9, gates: [], reason: "r", hold: .freeze,
          switches: [GateRuling.Switch(instance: "a", isActive: false)])),
      .denied(WorldDenial(command: "freeze", role: nil, needed: .operator)),
      .denied(WorldDenial(command: "delete", role: .reader, needed: .owner)),
      .alerted(WorldAlert(occasion: .stale, level: .warn, action: .evalOnly, detail: "d")),
      .alerted(WorldAlert(occasion: .promoted, level: .info, action: nil, detail: "d")),
      .paperOpened(.usual),
      .paperOrdered(
        PaperOrder(
          instance: "a", account: "live", order: "r:a:transition:0", document: ["lots": 3])),
      .paperCancelled(
        PaperOrder(instance: "a", account: "paper", order: "r:a:paper:0", document: .null)),
      .paperFilled(
        PaperFill(
          instance: "a", account: "paper", order: "o", number: 1, symbol: "BTC", lots: -2,
          price: 10.5, fee: 0.01)),
      .paperMarked(
        PaperMark(
          instance: "a", account: "paper", day: WorldBench.start, equity: 100.25,
          dayReturn: .nan, trades: 3)),
      .observed(
        [
          .session(equity: 100), .equity(99.5), .order(isRejected: true),
          .connection(isFailed: false), .fillStream, .openOrders(2),
        ], at: WorldBench.start),
      .deleted(reason: "over"),
    ]
  }

  @Test("every event is read back as the same, with its kind and a sentence in two languages")
  func roundTrip() throws {
    var kinds: Set<String> = []
    for event in try all() {
      let text = event.json.compactText
      let read = try WorldEvent(kind: event.kind, payload: JSONValue(parsing: text))
      #expect(read == event, "\(event.kind)")
      #expect(read.json.compactText == text)
      #expect(event.summary.english.hasSuffix(".") || event.kind == "world.alerted")
      #expect(!event.summary.korean.isEmpty)
      kinds.insert(event.kind)
    }
    #expect(kinds.count >= 20)
    #expect(kinds.allSatisfy(WorldEvent.isKind))
  }

  @Test("figures of sentences are free of the dust of binary fractions, and money is rounded")
  func figures() {
    let fill = WorldEvent.paperFilled(
      PaperFill(
        instance: "a", account: "live", order: "o", number: 1, symbol: "BTC",
        lots: 81.34100000000001, price: 103.396187526, fee: 0.01))
    #expect(fill.summary.english == "a bought 81.341 BTC at 103.3962 on the live account.")
    #expect(fill.summary.korean == "a: 실거래 계좌에서 BTC 81.341 매수, 체결가 103.3962.")
    let opened = WorldEvent.paperOpened(.usual).summary
    #expect(
      opened.english
        == "Accounts were opened with 1000000 each, a fee of 5 basis points and lots of 0.001.")
  }

  @Test("a payload with a member that is missing or something else is refused by its name")
  func damaged() throws {
    for event in try all() {
      guard case .object(let members) = event.json else { continue }
      for place in members.indices {
        var fewer = members
        fewer.remove(at: place)
        // A member that may be absent reads as another event, and the rest is refused.
        if let read = try? WorldEvent(kind: event.kind, payload: .object(fewer)) {
          #expect(read.kind == event.kind)
        }
      }
    }
    #expect(throws: WorldEventMistake.unusable(kind: "world.phase_moved", member: "to")) {
      try WorldEvent(
        kind: "world.phase_moved",
        payload: ["instance": "a", "from": "live", "to": "heaven", "reason": ""])
    }
    #expect(throws: WorldEventMistake.unknownKind("world.ended")) {
      try WorldEvent(kind: "world.ended", payload: [:])
    }
  }
}
