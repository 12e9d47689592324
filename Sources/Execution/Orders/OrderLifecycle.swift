package import Markets

/// What somebody who sent an order knows of it, from reports that may come late, twice or in any
/// order.
///
/// Knowledge only grows. A report says that the order was taken, that it ended, or that at least so
/// much is filled; two reports are joined by keeping the later stage and the larger amount, which
/// does not depend on who came first:
///
/// | state \ report | unknown | accepted | partially filled m | filled | cancelled m | rejected |
/// |---|---|---|---|---|---|---|
/// | unknown | unknown | accepted | partial m | filled | cancelled m | rejected |
/// | accepted | accepted | accepted | partial m | filled | cancelled m | rejected |
/// | partial n | partial n | partial n | partial max | filled | cancelled max | cancelled n |
/// | filled | filled | filled | filled | filled | filled | filled |
/// | cancelled n | cancelled n | cancelled n | cancelled max | filled | cancelled max | cancelled n |
/// | rejected | rejected | rejected | cancelled m | filled | cancelled m | rejected |
///
/// A fill counts as a report of all distinct fills so far. An order that was "rejected" and filled
/// was filled: money is believed before words. An amount that reaches the order's makes it filled.
package struct OrderLifecycle: Hashable, Sendable {
  /// What a venue or its fill stream says.
  package enum Report: Hashable, Sendable {
    case status(OrderStatus)
    case fill(Fill)
  }

  private enum End: Hashable, Sendable {
    case cancelled
    case rejected(OrderRejection)
  }

  /// The quantity of the order.
  package let ordered: Quantity
  private var isTaken = false
  private var end: End?
  /// The most that any report counted as filled.
  private var reported = Quantity.zero
  private var fills: [FillKey: Quantity] = [:]

  /// An order that was sent, of which nothing was heard.
  package init(ordered: Quantity) {
    self.ordered = ordered
  }

  /// Learns from a report; one that was heard before changes nothing.
  package mutating func hear(_ report: Report) {
    switch report {
    case .fill(let fill):
      fills[fill.key] = fill.quantity
      isTaken = true
    case .status(.unknown): break
    case .status(.accepted): isTaken = true
    case .status(.partiallyFilled(let filled)):
      isTaken = true
      reported = max(reported, filled)
    case .status(.filled):
      isTaken = true
      reported = max(reported, ordered)
    case .status(.cancelled(let filled)):
      end = .cancelled
      reported = max(reported, filled)
    case .status(.rejected(let reason)):
      if case .rejected(let known) = end {
        // Venues give one reason; of two, the one that sorts first does not depend on the order.
        end = .rejected(min(known.key, reason.key) == known.key ? known : reason)
      } else if end == nil {
        end = .rejected(reason)
      }
    }
  }

  /// How much is filled as far as anybody said.
  package var filled: Quantity { max(reported, seen) }

  /// How much the fills that came add up to.
  package var seen: Quantity { fills.values.reduce(.zero, +) }

  /// How much the venue counts as filled without its fills having come: the stream is not drained
  /// while this is above zero.
  package var missing: Quantity { filled - seen }

  /// How much more than the order's quantity was filled, which is the venue's mistake; else zero.
  package var excess: Quantity { max(.zero, filled - ordered) }

  /// The state that follows from everything heard.
  package var status: OrderStatus {
    if ordered > .zero, filled >= ordered { return .filled }
    switch end {
    case .cancelled: return .cancelled(filled: filled)
    case .rejected(let reason):
      return filled == .zero ? .rejected(reason) : .cancelled(filled: filled)
    case nil:
      return filled > .zero ? .partiallyFilled(filled: filled) : isTaken ? .accepted : .unknown
    }
  }
}
