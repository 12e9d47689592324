import Essentials
import Markets

/// Reads a recorded value member by member and throws at the first that is not as written.
struct RecordReader {
  let value: JSONValue
  let place: String

  init(_ value: JSONValue, at place: String = "") {
    self.value = value
    self.place = place
  }

  func failure(_ expectation: String) -> UnreadableRecord {
    UnreadableRecord(place: place, expectation: expectation)
  }

  /// The member of that name.
  subscript(_ name: String) -> RecordReader {
    get throws(UnreadableRecord) {
      guard case .object = value else { throw failure("an object") }
      let path = place.isEmpty ? name : "\(place).\(name)"
      guard let member = value[name] else {
        throw UnreadableRecord(place: path, expectation: "there")
      }
      return RecordReader(member, at: path)
    }
  }

  /// The member of that name, nil where it is null.
  func optional(_ name: String) throws(UnreadableRecord) -> RecordReader? {
    let member = try self[name]
    return member.value == .null ? nil : member
  }

  var elements: [RecordReader] {
    get throws(UnreadableRecord) {
      guard case .array(let elements) = value else { throw failure("an array") }
      return elements.enumerated().map { RecordReader($0.element, at: "\(place)[\($0.offset)]") }
    }
  }

  var text: String {
    get throws(UnreadableRecord) {
      guard case .string(let text) = value else { throw failure("a text") }
      return text
    }
  }

  var flag: Bool {
    get throws(UnreadableRecord) {
      guard case .bool(let flag) = value else { throw failure("true or false") }
      return flag
    }
  }

  func whole(
    in range: ClosedRange<Int64> = .min ... .max
  ) throws(UnreadableRecord) -> Int64 {
    guard case .integer(let number) = value, range.contains(Int64(number)) else {
      throw failure("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return Int64(number)
  }

  /// One of a type's raw values.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _: Choice.Type
  ) throws(UnreadableRecord) -> Choice {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    guard let choice = Choice(rawValue: try text) else { throw failure("one of \(names)") }
    return choice
  }

  var instant: Timestamp {
    get throws(UnreadableRecord) { Timestamp(millisecondsSinceEpoch: try whole()) }
  }
  var money: Money {
    get throws(UnreadableRecord) {
      Money(micros: try whole(in: (-Money.largest).micros...Money.largest.micros))
    }
  }
  var quantity: Quantity {
    get throws(UnreadableRecord) {
      Quantity(lots: try whole(in: (-Quantity.largest).lots...Quantity.largest.lots))
    }
  }
  var price: Price {
    get throws(UnreadableRecord) {
      guard let price = Price(nanos: try whole()) else { throw failure("a price above zero") }
      return price
    }
  }
  var lot: LotSize {
    get throws(UnreadableRecord) {
      guard let lot = LotSize(nanos: try whole()) else { throw failure("a lot above zero") }
      return lot
    }
  }
  var rate: Rate {
    get throws(UnreadableRecord) {
      guard let rate = Rate(millionths: try whole()) else {
        throw failure("millionths from 0 to 1000000")
      }
      return rate
    }
  }
}

extension JSONValue {
  static func whole(_ number: Int64) -> JSONValue { .integer(Int(number)) }
}
