package import Execution
import Worlds

/// The way of a dry run's orders: to paper and nowhere else.
///
/// It can be made from a paper venue only; a live broker has another type, so there is no way to hold
/// one here, and no gate is needed to keep money from moving.
package struct DryRunOrders: Sendable {
  private let path: DryRunOrderPath

  package init(of instance: String, to venue: any Broker<PaperAuthority>) {
    path = OrderPath(of: instance, to: venue)
  }

  /// Sends an order at its full size. Given again under its id it is the same order.
  package func give(_ ticket: OrderTicket) throws(BrokerFailure) -> GatedAnswer {
    guard ticket.lots != 0 else { return .refused(.belowLot) }
    return .sent(
      try path.submit(
        ticket.order(
          of: path.instance, lots: ticket.lots, isReduceOnly: ticket.isReducing)))
  }
}
