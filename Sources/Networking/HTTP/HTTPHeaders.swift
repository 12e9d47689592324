/// Header fields in the order in which they were given (RFC 9110 section 5).
///
/// A name may occur more than once, and names are compared without regard to case. The fields of a
/// request are checked by ``HTTPRequest``; those of an answer are what the server sent.
package struct HTTPHeaders: Hashable, Sendable {
  /// A name and its value.
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var fields: [Field]

  package init(_ fields: [Field] = []) {
    self.fields = fields
  }

  /// The value of the first field of that name, or nil where there is none. Setting it replaces
  /// every field of that name; nil removes them.
  package subscript(name: String) -> String? {
    get { fields.first { matches($0.name, name) }?.value }
    set {
      fields.removeAll { matches($0.name, name) }
      if let newValue { fields.append(Field(name, newValue)) }
    }
  }

  /// Returns the values of all fields of that name, in their order.
  package func all(_ name: String) -> [String] {
    fields.filter { matches($0.name, name) }.map(\.value)
  }

  /// Adds a field, even where there is one of that name.
  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name, value))
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field($0.0, $0.1) }
  }
}

/// Names only: a value may be a cookie.
extension HTTPHeaders: CustomStringConvertible {
  package var description: String { "[" + fields.map(\.name).joined(separator: ", ") + "]" }
}

/// Whether two names of header fields are one, which ASCII letters decide without their case.
private func matches(_ left: String, _ right: String) -> Bool {
  left.utf8.count == right.utf8.count
    && zip(left.utf8, right.utf8).allSatisfy { lowered($0) == lowered($1) }
}

private func lowered(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
