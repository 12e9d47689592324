import Essentials

/// Reads one object of a record, strictly: every member must be there and be what is expected.
///
/// The first thing that is wrong is thrown. Numbers that JSON cannot say are null in a record and
/// NaN here.
struct RecordReader {
  /// What the object is called in failures, empty for the record itself.
  private let path: String
  private let members: [JSONValue.Member]

  /// Takes an object that has those members and no others.
  init(_ value: JSONValue, at path: String = "", members names: [String])
    throws(WorldRecordFailure)
  {
    guard case .object(let members) = value else {
      throw .wrong(path.isEmpty ? "the whole" : path, expected: "an object")
    }
    self.path = path
    self.members = members
    for (place, member) in members.enumerated() {
      guard names.contains(member.name) else { throw .unknown(name(member.name)) }
      guard !members[..<place].contains(where: { $0.name == member.name }) else {
        throw .wrong(name(member.name), expected: "given once")
      }
    }
  }

  private func name(_ member: String) -> String { path.isEmpty ? member : "\(path).\(member)" }

  func value(_ member: String) throws(WorldRecordFailure) -> JSONValue {
    // Objects of one record have their members in one order, so the first look mostly finds it.
    guard let value = members.first(where: { $0.name == member })?.value else {
      throw .missing(name(member))
    }
    return value
  }

  func text(_ member: String) throws(WorldRecordFailure) -> String {
    guard case .string(let text) = try value(member) else {
      throw .wrong(name(member), expected: "a text")
    }
    return text
  }

  func optionalText(_ member: String) throws(WorldRecordFailure) -> String? {
    try value(member) == .null ? nil : try text(member)
  }

  func flag(_ member: String) throws(WorldRecordFailure) -> Bool {
    guard case .bool(let flag) = try value(member) else {
      throw .wrong(name(member), expected: "true or false")
    }
    return flag
  }

  /// A whole number that a double could count, so that adding to it cannot overflow.
  func integer(_ member: String) throws(WorldRecordFailure) -> Int {
    guard case .integer(let number) = try value(member), Self.countable.contains(number) else {
      throw .wrong(name(member), expected: "a whole number below 2^53")
    }
    return number
  }

  func count(_ member: String) throws(WorldRecordFailure) -> Int {
    let number = try integer(member)
    guard number >= 0 else { throw .wrong(name(member), expected: "a count") }
    return number
  }

  func optionalInteger(_ member: String) throws(WorldRecordFailure) -> Int? {
    try value(member) == .null ? nil : try integer(member)
  }

  func instant(_ member: String) throws(WorldRecordFailure) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(try integer(member)))
  }

  func span(_ member: String) throws(WorldRecordFailure) -> TimeSpan {
    TimeSpan(milliseconds: Int64(try integer(member)))
  }

  private static let countable = -(1 << 53)...(1 << 53)

  func number(_ member: String) throws(WorldRecordFailure) -> Double {
    guard let number = Self.number(try value(member)) else {
      throw .wrong(name(member), expected: "a number or null")
    }
    return number
  }

  /// A number that may be absent, which is not the same as unknown.
  func optionalNumber(_ member: String) throws(WorldRecordFailure) -> Double? {
    let number = try number(member)
    return number.isNaN ? nil : number
  }

  func numbers(_ member: String) throws(WorldRecordFailure) -> [Double] {
    var numbers: [Double] = []
    for element in try elements(member) {
      guard let number = Self.number(element) else {
        throw .wrong(name(member), expected: "an array of numbers and nulls")
      }
      numbers.append(number)
    }
    return numbers
  }

  static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .null: .nan
    case .integer(let number): Double(number)
    case .number(let number): number
    case .bool, .string, .array, .object: nil
    }
  }

  func elements(_ member: String) throws(WorldRecordFailure) -> [JSONValue] {
    guard case .array(let elements) = try value(member) else {
      throw .wrong(name(member), expected: "an array")
    }
    return elements
  }

  /// Reads the objects of an array.
  func objects<Element>(
    _ member: String, members names: [String],
    _ read: (RecordReader) throws(WorldRecordFailure) -> Element
  ) throws(WorldRecordFailure) -> [Element] {
    var result: [Element] = []
    for (place, element) in try elements(member).enumerated() {
      result.append(
        try read(RecordReader(element, at: name("\(member)[\(place)]"), members: names)))
    }
    return result
  }

  func object(_ member: String, members names: [String]) throws(WorldRecordFailure)
    -> RecordReader
  {
    try RecordReader(value(member), at: name(member), members: names)
  }

  /// One of the words that a type knows.
  func word<Word: RawRepresentable & CaseIterable>(
    _ member: String, _ type: Word.Type = Word.self
  ) throws(WorldRecordFailure) -> Word where Word.RawValue == String {
    let text = try text(member)
    guard let word = Word(rawValue: text) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw .wrong(name(member), expected: "one of \(words)")
    }
    return word
  }

  func fingerprint(_ member: String) throws(WorldRecordFailure) -> Fingerprint {
    guard let fingerprint = Fingerprint(hexadecimal: try text(member)) else {
      throw .wrong(name(member), expected: "a digest of 64 hexadecimal digits")
    }
    return fingerprint
  }

  /// Throws that a member is not what is expected.
  func refuse(_ member: String, expected: String) -> WorldRecordFailure {
    .wrong(name(member), expected: expected)
  }
}
