import Essentials
import Markets

/// A paper account as a document, and back.
///
/// Amounts are whole numbers, so nothing is rounded on the way. What follows from the rest, such as
/// which orders are open, is not written; what must hold is checked when it is read.
extension PaperBook {
  private static let schema = "paper/v1"

  var state: JSONValue {
    [
      "schema": .string(Self.schema), "configuration": configuration.json,
      "now": now.map { .whole($0.millisecondsSinceEpoch) } ?? .null,
      "last_fill": .whole(lastFill), "ledger": ledger.json,
      "marks": .array(
        marks.sorted { $0.key < $1.key }
          .map { ["symbol": .string($0.key), "price_nanos": .whole($0.value.nanos)] }),
      "orders": .array(entries.map(\.json)), "fills": .array(fills.map(\.json)),
    ]
  }

  init(state: JSONValue) throws(UnreadableRecord) {
    let record = RecordReader(state)
    let schema = try record["schema"]
    guard try schema.text == Self.schema else { throw schema.failure(Self.schema) }
    self.init(
      try PaperConfiguration(try record["configuration"]),
      ledger: try PaperLedger(try record["ledger"]))
    now = try record.optional("now")?.instant
    for mark in try record["marks"].elements {
      marks[try mark["symbol"].text] = try mark["price_nanos"].price
    }
    for (place, element) in try record["orders"].elements.enumerated() {
      let entry = try Entry(element, number: place + 1)
      guard places.updateValue(place, forKey: entry.order.clientID) == nil else {
        throw element.failure("an order whose client id no other has")
      }
      entries.append(entry)
      if !entry.status.isTerminal { open.append(place) }
    }
    let last = try record["last_fill"]
    lastFill = try last.whole(in: 0 ... .max)
    for element in try record["fills"].elements { fills.append(try Fill(element)) }
    let first = lastFill - Int64(fills.count) + 1
    for (index, fill) in fills.enumerated() where fill.sequence != first + Int64(index) {
      throw last.failure("the number of the last fill, with the kept ones before it without gaps")
    }
    guard first >= 1 else { throw last.failure("no less than the number of fills") }
    for symbol in ledger.venueLots.keys.sorted() {
      guard marks[symbol] != nil, configuration.lot(of: symbol) != nil else {
        throw record.failure("an account with a price and a lot size of \(symbol), which it holds")
      }
    }
  }
}

extension PaperBook.Entry {
  fileprivate var json: JSONValue {
    [
      "order": order.json, "answer": acknowledgement.status.json,
      "accepted": .whole(acknowledgement.accepted.lots), "filled": .whole(filled.lots),
      "end": end?.json ?? .null,
    ]
  }

  fileprivate init(_ record: RecordReader, number: Int) throws(UnreadableRecord) {
    let order = try BrokerOrder(try record["order"])
    let filled = try record["filled"]
    self.init(
      order: order,
      acknowledgement: OrderAcknowledgement(
        clientID: order.clientID, venueOrderID: String(number),
        status: try OrderStatus(try record["answer"]),
        accepted: try record["accepted"].quantity),
      filled: try filled.quantity,
      end: try record.optional("end").map { end throws(UnreadableRecord) in
        try OrderStatus(end)
      })
    guard self.filled >= .zero, remaining >= .zero else {
      throw filled.failure("lots from none to those accepted")
    }
    guard end?.isTerminal != false else { throw record.failure("an order whose end is an end") }
  }
}

extension PaperConfiguration {
  fileprivate var json: JSONValue {
    [
      "venue": .string(venue), "account": .string(account),
      "balance_micros": .whole(balance.micros),
      "permissions": .strings(permissions.sorted().map(\.rawValue)),
      "lots": .array(
        lots.sorted { $0.key < $1.key }
          .map { ["symbol": .string($0.key), "lot_nanos": .whole($0.value.nanos)] }),
      "other_lot_nanos": otherLots.map { .whole($0.nanos) } ?? .null,
      "market_fills": .string(marketFills.rawValue), "reduce_only": .string(reduceOnly.rawValue),
      "fee_millionths": .whole(fee.millionths),
      "slippage_millionths": .whole(slippage.millionths),
      "participation_millionths": participation.map { .whole($0.millionths) } ?? .null,
    ]
  }

  fileprivate init(_ record: RecordReader) throws(UnreadableRecord) {
    var permissions: Set<AccountPermission> = []
    for element in try record["permissions"].elements {
      permissions.insert(try element.choice(AccountPermission.self))
    }
    var lots: [String: LotSize] = [:]
    for element in try record["lots"].elements {
      lots[try element["symbol"].text] = try element["lot_nanos"].lot
    }
    self.init(
      venue: try record["venue"].text, account: try record["account"].text,
      balance: try record["balance_micros"].money, permissions: permissions, lots: lots,
      otherLots: try record.optional("other_lot_nanos")?.lot,
      marketFills: try record["market_fills"].choice(MarketFillRule.self),
      reduceOnly: try record["reduce_only"].choice(ReduceOnlyRule.self),
      fee: try record["fee_millionths"].rate, slippage: try record["slippage_millionths"].rate,
      participation: try record.optional("participation_millionths")?.rate)
  }
}

extension PaperLedger {
  fileprivate var json: JSONValue {
    let owners = books.sorted { $0.key < $1.key }.map { owner, books -> JSONValue in
      [
        "owner": .string(owner),
        "accounts": .array(
          books.balances.sorted { $0.key < $1.key }
            .map { ["account": .string($0.key.name), "micros": .whole($0.value.micros)] }),
        "lots": Self.json(books.lots),
      ]
    }
    return ["books": .array(owners), "venue": Self.json(venueLots)]
  }

  private static func json(_ lots: [String: Quantity]) -> JSONValue {
    .array(
      lots.sorted { $0.key < $1.key }
        .map { ["symbol": .string($0.key), "lots": .whole($0.value.lots)] })
  }

  fileprivate init(_ record: RecordReader) throws(UnreadableRecord) {
    var books: [String: Books] = [:]
    for element in try record["books"].elements {
      var balances: [Account: Money] = [:]
      for entry in try element["accounts"].elements {
        balances[try Account(try entry["account"])] = try entry["micros"].money
      }
      books[try element["owner"].text] = Books(
        balances: balances, lots: try Self.lots(try element["lots"]))
    }
    let ledger = PaperLedger(books: books, venueLots: try Self.lots(try record["venue"]))
    guard let ledger else {
      throw record.failure("books whose accounts add up to zero and whose lots to the venue's")
    }
    self = ledger
  }

  private static func lots(_ record: RecordReader) throws(UnreadableRecord) -> [String: Quantity] {
    var lots: [String: Quantity] = [:]
    for element in try record.elements {
      let quantity = try element["lots"].quantity
      guard quantity != .zero else { throw element.failure("a symbol with lots") }
      lots[try element["symbol"].text] = quantity
    }
    return lots
  }
}

extension PaperLedger.Account {
  fileprivate var name: String {
    switch self {
    case .capital: "capital"
    case .cash: "cash"
    case .fees: "fees"
    case .realized: "realized"
    case .holding(let symbol): "holding:\(symbol)"
    }
  }

  fileprivate init(_ record: RecordReader) throws(UnreadableRecord) {
    let name = try record.text
    let plain: [Self] = [.capital, .cash, .fees, .realized]
    if let account = plain.first(where: { $0.name == name }) {
      self = account
    } else if name.hasPrefix("holding:") {
      self = .holding(String(name.dropFirst("holding:".count)))
    } else {
      throw record.failure("the name of an account")
    }
  }
}
