package import Essentials
import Markets

extension Fill {
  /// The fill as it is recorded: whole lots, price in billionths, fee in millionths, milliseconds.
  package var json: JSONValue {
    [
      "venue": .string(venue), "venue_order": .string(venueOrderID), "sequence": .whole(sequence),
      "client_id": .string(clientID.text), "instance": .string(instance),
      "symbol": .string(symbol), "side": .string(side.rawValue), "lots": .whole(quantity.lots),
      "price_nanos": .whole(price.nanos), "fee_micros": .whole(fee.micros),
      "at": .whole(instant.millisecondsSinceEpoch),
    ]
  }

  /// Reads a fill from its record.
  package init(json: JSONValue) throws(UnreadableRecord) {
    try self.init(RecordReader(json))
  }

  init(_ record: RecordReader) throws(UnreadableRecord) {
    self.init(
      venue: try record["venue"].text, venueOrderID: try record["venue_order"].text,
      sequence: try record["sequence"].whole(in: 1 ... .max),
      clientID: ClientOrderID(recorded: try record["client_id"].text),
      instance: try record["instance"].text, symbol: try record["symbol"].text,
      side: try record["side"].choice(OrderSide.self), quantity: try record["lots"].quantity,
      price: try record["price_nanos"].price, fee: try record["fee_micros"].money,
      instant: try record["at"].instant)
  }
}
