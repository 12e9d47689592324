package import Essentials
import Markets

/// What a replay came to, slice by slice of its time, for comparing it with another one of the same
/// market.
package struct ReplayTrack: Hashable, Sendable {
  /// What happened in one of equal slices of time.
  package struct Slice: Hashable, Sendable {
    /// What the account gained or lost, open positions at their marks.
    package var profit = 0.0
    /// What was bought and sold.
    package var traded = 0.0
    /// Positions that were opened.
    package var entries = 0
    /// Simulations that decisions asked for.
    package var simulations = 0

    package init() {}
  }

  /// The length of a slice.
  package let length: TimeSpan
  /// Whole slices in the order of time; what is left behind the last one is in the totals alone.
  package let slices: [Slice]
  /// What the account began with, in the coin in which slices count.
  package let capital: Double
  /// All of the period, its unfinished slice included.
  package let total: Slice
  /// The round trips that ended, and what all of them paid.
  package let closed: Int
  package let fees: Double
  package let funding: Double
  /// The fingerprint of everything that was sent and heard, in order.
  package let orderHash: Fingerprint

  /// Joins the slices of a replay with what it came to.
  package init(
    every length: TimeSpan, slices: [Slice], total: Slice, capital: Double, record: ReplayRecord
  ) {
    self.length = length
    self.slices = slices
    self.total = total
    self.capital = capital
    closed = record.roundTrips.count { $0.end != .open }
    fees = record.roundTrips.reduce(CoinAmount.zero) { $0 + $1.fees }.value
    funding = record.roundTrips.reduce(CoinAmount.zero) { $0 + $1.funding }.value
    orderHash = record.orderHash
  }

  package var json: JSONValue {
    [
      "net": .number(total.profit), "net_share": .number(total.profit / capital),
      "fees": .number(fees), "funding": .number(funding), "traded": .number(total.traded),
      "entries": .integer(total.entries), "closed": .integer(closed),
      "simulations": .integer(total.simulations), "order_hash": .string(orderHash.hexadecimal),
    ]
  }
}
