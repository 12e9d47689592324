package import Essentials
import Markets

extension OrderStatus {
  /// The status as it is recorded: its name, and the lots or the reason that belong to it.
  package var json: JSONValue {
    switch self {
    case .unknown, .accepted, .filled: ["status": .string(name)]
    case .partiallyFilled(let filled), .cancelled(let filled):
      ["status": .string(name), "filled": .whole(filled.lots)]
    case .rejected(let reason): ["status": .string(name), "reason": .string(reason.key)]
    }
  }

  /// Reads a status from its record.
  package init(json: JSONValue) throws(UnreadableRecord) {
    try self.init(RecordReader(json))
  }

  init(_ record: RecordReader) throws(UnreadableRecord) {
    let name = try record["status"]
    self =
      switch try name.text {
      case "unknown": .unknown
      case "accepted": .accepted
      case "partially_filled": .partiallyFilled(filled: try record["filled"].quantity)
      case "filled": .filled
      case "cancelled": .cancelled(filled: try record["filled"].quantity)
      case "rejected": .rejected(OrderRejection(key: try record["reason"].text))
      default: throw name.failure("the name of an order's state")
      }
  }
}
