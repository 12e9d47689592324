package import Essentials

extension JSONValue {
  /// The text, or null where there is none.
  package static func orNull(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  /// The whole number, or null where there is none.
  package static func orNull(_ whole: Int?) -> JSONValue { whole.map(JSONValue.integer) ?? .null }

  /// The flag, or null where there is none.
  package static func orNull(_ flag: Bool?) -> JSONValue { flag.map(JSONValue.bool) ?? .null }

  /// The members of an object, none where this is no object.
  package var memberList: [Member] {
    if case .object(let members) = self { members } else { [] }
  }
}
