import Essentials
import Testing

@testable import Worlds

@Suite("A table of gates")
struct GateTableTests {
  static let start = Timestamp(millisecondsSinceEpoch: 5_000_000)

  static func notice(
    _ epoch: Int, _ gates: [GateChange], isWhole: Bool = false, world: String = "w",
    at seconds: Int64 = 0
  ) -> GateNotice {
    GateNotice(
      world: world, epoch: epoch, at: start + .seconds(seconds), isWhole: isWhole, gates: gates)
  }

  static func open(_ instance: String, _ side: TradingSide = .long) -> GateChange {
    GateChange(GateKey(instance, side), .open(weight: 1))
  }

  static func closed(_ instance: String, _ side: TradingSide = .long) -> GateChange {
    GateChange(GateKey(instance, side), .closed)
  }

  static func table(_ gates: [GateChange], epoch: Int = 10) -> GateTable {
    var table = GateTable(world: "w", leaseLength: .seconds(15))
    #expect(table.apply(notice(epoch, gates, isWhole: true)) == .taken)
    return table
  }

  static func verdict(
    _ table: GateTable, _ instance: String, _ side: TradingSide = .long, at seconds: Int64 = 1
  ) -> GateVerdict {
    table.permits(
      OrderFacts(world: "w", instance: instance, side: side, lots: 1), at: start + .seconds(seconds)
    )
  }

  @Test("lets nothing through before a whole notice has come")
  func beginning() {
    var table = GateTable(world: "w", leaseLength: .seconds(15))
    #expect(Self.verdict(table, "a") == .refused(.noticeMissed))
    #expect(table.acknowledged == nil)
    #expect(table.apply(Self.notice(1, [Self.open("a")])) == .missed)
    #expect(Self.verdict(table, "a") == .refused(.noticeMissed))
    #expect(table.apply(Self.notice(1, [Self.open("a")], isWhole: true)) == .taken)
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
    #expect(table.acknowledged == 1)
  }

  @Test("G1, G5: a notice about one gate leaves every other as it is, the other side's too")
  func others() {
    var table = Self.table([Self.open("a"), Self.open("b"), Self.open("b", .short)])
    #expect(table.apply(Self.notice(11, [Self.closed("b")])) == .taken)
    #expect(Self.verdict(table, "b") == .refused(.gateClosed))
    #expect(Self.verdict(table, "b", .short) == .allowed(lots: 1))
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
    #expect(Self.verdict(table, "c") == .refused(.unknownGate))
  }

  @Test("G2: a notice about another world changes nothing and is counted")
  func otherWorld() {
    var table = Self.table([Self.open("a")])
    #expect(table.apply(Self.notice(11, [Self.closed("a")], world: "v")) == .foreign)
    #expect(table.renew(GateRenewal(world: "v", epoch: 99, at: Self.start)) == .foreign)
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
    #expect(table.counts.foreign == 2)
  }

  @Test("G3: an epoch that is not later changes nothing and is counted")
  func staleEpochs() {
    var table = Self.table([Self.closed("a")])
    for epoch in [3, 10] {
      #expect(table.apply(Self.notice(epoch, [Self.open("a")])) == .stale)
      #expect(table.apply(Self.notice(epoch, [Self.open("a")], isWhole: true)) == .stale)
    }
    #expect(table.renew(GateRenewal(world: "w", epoch: 3, at: Self.start)) == .stale)
    #expect(Self.verdict(table, "a") == .refused(.gateClosed))
    #expect(table.counts.stale == 5)
    #expect(table.epoch == 10)
  }

  @Test("G4: closes without any word once the lease ends, and opens again when it is renewed")
  func leases() {
    var table = Self.table([Self.open("a")])
    #expect(Self.verdict(table, "a", at: 14) == .allowed(lots: 1))
    #expect(Self.verdict(table, "a", at: 15) == .refused(.leaseExpired))
    #expect(
      table.renew(GateRenewal(world: "w", epoch: 10, at: Self.start + .seconds(16))) == .taken)
    #expect(Self.verdict(table, "a", at: 30) == .allowed(lots: 1))
    // A word that was under way for long does not shorten what a later one gave.
    #expect(
      table.renew(GateRenewal(world: "w", epoch: 10, at: Self.start + .seconds(2))) == .taken)
    #expect(Self.verdict(table, "a", at: 30) == .allowed(lots: 1))
    #expect(Self.verdict(table, "a", at: 31) == .refused(.leaseExpired))
  }

  @Test("a notice that was missed closes everything until a whole one comes")
  func gaps() {
    var table = Self.table([Self.open("a"), Self.open("b")])
    #expect(table.apply(Self.notice(12, [Self.closed("b")])) == .missed)
    #expect(Self.verdict(table, "a") == .refused(.noticeMissed))
    #expect(table.acknowledged == nil)
    #expect(table.all.isEmpty && table[GateKey("a", .long)] == nil)
    #expect(table.apply(Self.notice(11, [Self.open("a")], isWhole: true)) == .stale)
    #expect(table.apply(Self.notice(13, [Self.open("a")])) == .missed)
    #expect(table.apply(Self.notice(13, [Self.open("a")], isWhole: true)) == .taken)
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
    #expect(Self.verdict(table, "b") == .refused(.unknownGate))
    #expect(table.counts.missed == 2)
  }

  @Test("a renewal about a later epoch says that a notice was missed")
  func gapsByRenewal() {
    var table = Self.table([Self.open("a")])
    #expect(table.renew(GateRenewal(world: "w", epoch: 11, at: Self.start)) == .missed)
    #expect(Self.verdict(table, "a") == .refused(.noticeMissed))
    #expect(table.renew(GateRenewal(world: "w", epoch: 10, at: Self.start)) == .missed)
    #expect(table.apply(Self.notice(11, [Self.open("a")], isWhole: true)) == .taken)
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
  }

  @Test(
    "a notice that cannot be used closes everything",
    arguments: [
      [GateChange(GateKey("a", .long), .open(weight: .nan))],
      [GateChange(GateKey("a", .long), .open(weight: 11))],
      [open("a"), closed("a")],
    ])
  func unusable(gates: [GateChange]) {
    var table = Self.table([Self.open("a"), Self.open("b")])
    #expect(table.apply(Self.notice(11, gates)) == .unusable)
    #expect(Self.verdict(table, "b") == .refused(.noticeMissed))
    #expect(table.counts.unusable == 1)
  }

  @Test("the mode that a renewal brings holds for all gates at once")
  func curbs() {
    var table = Self.table([Self.open("a")])
    let halted = GateRenewal(
      world: "w", epoch: 10, at: Self.start, curb: GateCurb(mode: .halted))
    #expect(table.renew(halted) == .taken)
    #expect(Self.verdict(table, "a") == .refused(.mode(.halted)))
    #expect(table.renew(GateRenewal(world: "w", epoch: 10, at: Self.start)) == .taken)
    #expect(Self.verdict(table, "a") == .allowed(lots: 1))
  }

  @Test("a permit passes orders of its gate until somebody changes the gate")
  func permits() {
    var table = Self.table([Self.closed("a"), Self.closed("b")])
    let permit = TransitionPermit(world: "w", run: "r", key: GateKey("a", .long), epoch: 10)
    func verdict(_ lots: Int, _ instance: String = "a", reducing position: Int? = nil)
      -> GateVerdict
    {
      table.permits(
        OrderFacts(
          world: "w", instance: instance, side: .long, lots: lots, position: position,
          isReducing: position != nil),
        under: permit, at: Self.start)
    }
    #expect(verdict(5) == .allowed(lots: 5))
    #expect(verdict(-5, reducing: 3) == .allowed(lots: -3))
    #expect(verdict(5, reducing: 3) == .refused(.notReducing))
    #expect(verdict(5, "b") == .refused(.unknownGate))
    #expect(table.apply(Self.notice(11, [Self.closed("b")])) == .taken)
    #expect(verdict(5) == .allowed(lots: 5))
    #expect(table.apply(Self.notice(12, [Self.closed("a")])) == .taken)
    #expect(verdict(5) == .refused(.gateClosed))
  }

  @Test("whatever arrives, in whatever order, a gate is open only by the latest word about it")
  func histories() {
    for seed in 0..<60 as Range<UInt64> {
      var chance = SplitMix64Chance(seed: seed)
      var table = GateTable(world: "w", leaseLength: .seconds(15))
      // What the world said, by epoch, and what a holder may therefore believe at best.
      var truth: [[String: Bool]] = [[:]]
      var sent: [GateNotice] = []
      for epoch in 1...30 {
        var gates = truth[epoch - 1]
        let instance = ["a", "b", "c"][chance.between(0, 2)]
        gates[instance] = chance.once(in: 2)
        truth.append(gates)
        let change = gates[instance] == true ? Self.open(instance) : Self.closed(instance)
        sent.append(
          chance.once(in: 4)
            ? Self.notice(
              epoch,
              gates.keys.sorted().map { gates[$0] == true ? Self.open($0) : Self.closed($0) },
              isWhole: true)
            : Self.notice(epoch, [change]))
        // Notices get lost, come late and come twice.
        for _ in 0..<chance.between(0, 2) {
          _ = table.apply(sent[chance.between(max(0, sent.count - 3), sent.count - 1)])
        }
        for instance in ["a", "b", "c"] where Self.verdict(table, instance) == .allowed(lots: 1) {
          #expect(truth[table.epoch][instance] == true, "seed \(seed), epoch \(epoch)")
        }
        if let acknowledged = table.acknowledged { #expect(acknowledged <= epoch) }
      }
    }
  }
}
