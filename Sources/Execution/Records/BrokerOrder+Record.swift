package import Essentials
import Markets

extension BrokerOrder {
  /// The order as it is recorded: whole lots, prices in billionths, instants in milliseconds.
  package var json: JSONValue {
    let limit: JSONValue =
      if case .limit(let price) = kind { .whole(price.nanos) } else { .null }
    let validity: JSONValue =
      switch timeInForce {
      case .untilCancelled: "until_cancelled"
      case .immediate: "immediate"
      case .until(let instant): .whole(instant.millisecondsSinceEpoch)
      }
    return [
      "client_id": .string(clientID.text), "instance": .string(instance),
      "symbol": .string(symbol), "side": .string(side.rawValue), "lots": .whole(quantity.lots),
      "limit_nanos": limit, "reduce_only": .bool(isReduceOnly), "valid": validity,
    ]
  }

  /// Reads an order from its record.
  package init(json: JSONValue) throws(UnreadableRecord) {
    try self.init(RecordReader(json))
  }

  init(_ record: RecordReader) throws(UnreadableRecord) {
    let validity = try record["valid"]
    let timeInForce: TimeInForce =
      switch validity.value {
      case "until_cancelled": .untilCancelled
      case "immediate": .immediate
      case .integer: .until(try validity.instant)
      default: throw validity.failure("until_cancelled, immediate or milliseconds")
      }
    let limit = try record.optional("limit_nanos")
    self.init(
      clientID: ClientOrderID(recorded: try record["client_id"].text),
      instance: try record["instance"].text, symbol: try record["symbol"].text,
      side: try record["side"].choice(OrderSide.self), quantity: try record["lots"].quantity,
      kind: try limit.map { record throws(UnreadableRecord) in .limit(try record.price) }
        ?? .market,
      isReduceOnly: try record["reduce_only"].flag, timeInForce: timeInForce)
  }
}
