/// What a run wants done. Directives are carried out in order, and nothing after a `record` before
/// it is durable.
package enum CutoverDirective: Hashable, Sendable {
  /// The event is to be recorded, in one commit of its own; `recorded` or one of its failures is
  /// told.
  case record(CutoverEvent)
  /// The world's gates have changed: every holder is to be told.
  case notify(GateNotice)
  /// Every holder is asked for its epoch and lease; `holder` is told of each.
  case askHolders
  case cancelOpenOrders([GateKey])
  /// `ordersRead` is told of those whose brokers answer.
  case readOrders([GateKey])
  /// `verified` is told.
  case verifyBroker([CutoverRules.Verification], [GateKey])
  /// `transitionPlanned` is told. Nothing is sent.
  case planTransition(CutoverPlan)
  /// What they hold on paper is closed on paper.
  case closePaper([GateKey])
  /// The order is sent, or looked after where it was sent before; `orderEnded` is told once it has
  /// ended.
  case send(CutoverOrder, TransitionPermit)
  /// Orders that did not end in time are taken back.
  case cancelOrders([CutoverOrder])
  /// `ticked` is told with each tick.
  case watchTicks([GateKey])
  case alert(AlertRule.Occasion, detail: String)
  case finished(CutoverOutcome)
}
