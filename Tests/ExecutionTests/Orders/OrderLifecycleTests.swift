import Essentials
import Markets
import Mathematics
import Testing

@testable import Execution

@Suite("The lifecycle of an order")
struct OrderLifecycleTests {
  private static func lots(_ lots: Int64) -> Quantity { Quantity(lots: lots) }

  private static func fill(_ sequence: Int64, _ lots: Int64) -> OrderLifecycle.Report {
    .fill(
      Fill(
        venue: "v", venueOrderID: "1", sequence: sequence,
        clientID: ClientOrderID(recorded: "a"), instance: "i", symbol: "S", side: .buy,
        quantity: Quantity(lots: lots), price: Price(nanos: 1)!, fee: .zero,
        instant: Timestamp(millisecondsSinceEpoch: 0)))
  }

  private static let reasons = OrderRejection.belowLot

  /// Every state with lots 2, against every report with lots 3, of an order of 5.
  private static let states: [OrderStatus] = [
    .unknown, .accepted, .partiallyFilled(filled: lots(2)), .filled, .cancelled(filled: lots(2)),
    .rejected(reasons),
  ]
  private static let reports: [OrderStatus] = [
    .unknown, .accepted, .partiallyFilled(filled: lots(3)), .filled, .cancelled(filled: lots(3)),
    .rejected(reasons),
  ]
  private static let table: [[OrderStatus]] = {
    let partial2 = OrderStatus.partiallyFilled(filled: lots(2))
    let partial3 = OrderStatus.partiallyFilled(filled: lots(3))
    let cancelled2 = OrderStatus.cancelled(filled: lots(2))
    let cancelled3 = OrderStatus.cancelled(filled: lots(3))
    let rejected = OrderStatus.rejected(reasons)
    return [
      [.unknown, .accepted, partial3, .filled, cancelled3, rejected],
      [.accepted, .accepted, partial3, .filled, cancelled3, rejected],
      [partial2, partial2, partial3, .filled, cancelled3, cancelled2],
      [.filled, .filled, .filled, .filled, .filled, .filled],
      [cancelled2, cancelled2, cancelled3, .filled, cancelled3, cancelled2],
      [rejected, rejected, cancelled3, .filled, cancelled3, rejected],
    ]
  }()

  @Test("every state answers every report as the table says")
  func pairs() {
    for (row, state) in Self.states.enumerated() {
      for (column, report) in Self.reports.enumerated() {
        var lifecycle = OrderLifecycle(ordered: Self.lots(5))
        lifecycle.hear(.status(state))
        #expect(lifecycle.status == state)
        lifecycle.hear(.status(report))
        #expect(lifecycle.status == Self.table[row][column], "\(state) hears \(report)")
      }
    }
  }

  @Test("reports that come twice, late or in another order end in the same knowledge")
  func reordered() {
    let pool: [OrderLifecycle.Report] = [
      .status(.unknown), .status(.accepted), .status(.partiallyFilled(filled: Self.lots(1))),
      .status(.partiallyFilled(filled: Self.lots(4))), .status(.filled),
      .status(.cancelled(filled: .zero)), .status(.cancelled(filled: Self.lots(3))),
      .status(.rejected(.belowLot)), .status(.rejected(.other("b"))), Self.fill(1, 1),
      Self.fill(2, 2), Self.fill(3, 2),
    ]
    var generator = SplitMix64(seed: 5)
    for _ in 0..<500 {
      let heard = pool.shuffled(using: &generator).prefix(
        Int.random(in: 1...pool.count, using: &generator))
      func knowledge(_ reports: some Sequence<OrderLifecycle.Report>) -> OrderLifecycle {
        var lifecycle = OrderLifecycle(ordered: Self.lots(6))
        for report in reports { lifecycle.hear(report) }
        return lifecycle
      }
      let first = knowledge(heard)
      let again = (Array(heard) + Array(heard.prefix(4))).shuffled(using: &generator)
      let second = knowledge(again)
      #expect(first == second, "\(heard) and \(again)")
      #expect(first.status == second.status)
    }
  }

  @Test("an end is never left again, unless more turns out to be filled")
  func endsStay() {
    for end in Self.states where end.isTerminal {
      for report in Self.reports {
        var lifecycle = OrderLifecycle(ordered: Self.lots(5))
        lifecycle.hear(.status(end))
        lifecycle.hear(.status(report))
        #expect(lifecycle.status.isTerminal)
      }
    }
  }

  @Test("fills count once each, and what the venue counts beyond them is missing")
  func fills() {
    var lifecycle = OrderLifecycle(ordered: Self.lots(5))
    lifecycle.hear(Self.fill(7, 2))
    lifecycle.hear(Self.fill(7, 2))
    #expect(lifecycle.status == .partiallyFilled(filled: Self.lots(2)))
    lifecycle.hear(.status(.cancelled(filled: Self.lots(3))))
    #expect(lifecycle.missing == Self.lots(1))
    lifecycle.hear(Self.fill(8, 1))
    #expect(lifecycle.missing == .zero)
    #expect(lifecycle.status == .cancelled(filled: Self.lots(3)))
  }

  @Test("fills of more than was ordered make it filled, and the excess is told")
  func excess() {
    var lifecycle = OrderLifecycle(ordered: Self.lots(5))
    lifecycle.hear(Self.fill(1, 4))
    lifecycle.hear(Self.fill(2, 3))
    #expect(lifecycle.status == .filled)
    #expect(lifecycle.excess == Self.lots(2))
  }
}
