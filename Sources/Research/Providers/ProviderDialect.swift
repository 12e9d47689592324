package import Essentials
package import Networking

/// The way in which a family of servers is asked and answers: what a request says, and what the
/// documents and events of an answer mean. Values in, values out.
package protocol ProviderDialect: Sendable {
  /// The segments of the endpoint's path below the base URL, such as `chat` and `completions`.
  var path: [String] { get }

  /// Where the key stands in a request.
  var keyPlace: KeyPlace { get }

  /// Header fields that every request has beside the key and the content type.
  var fields: HTTPHeaders { get }

  /// The smallest ceiling of an answer that the servers accept.
  var outputTokensMin: Int { get }

  /// The text that ends a stream and is no JSON, where there is one.
  var endMark: String? { get }

  /// Returns the body of a request. The ceiling of the answer is exactly that of the call, and what
  /// stays the same from call to call stands before what changes.
  func body(_ call: ModelCall, model: String, tuning: ModelTuning, isStreamed: Bool) -> JSONValue

  /// Reads an answer that came as one document.
  func read(document: JSONValue, into draft: inout AnswerDraft)

  /// Reads one event of a streamed answer.
  func read(event: JSONValue, into draft: inout AnswerDraft)
}

/// Where a request carries its key.
package enum KeyPlace: Hashable, Sendable {
  /// `Authorization: Bearer`.
  case bearer
  /// A header field of that name.
  case field(String)
}

extension ProviderDialect {
  /// Reads the text of one event. An event that is no JSON makes the answer unusable, but reading
  /// goes on, since the usage may still come.
  package func read(eventText text: String, into draft: inout AnswerDraft) {
    if text == endMark {
      draft.isOver = true
      return
    }
    do throws(JSONMistake) {
      read(event: try JSONValue(parsing: text), into: &draft)
    } catch {
      draft.noteUnreadable("an event is no JSON, expected \(error.expectation)")
    }
  }

  /// Returns the name of a schema as providers accept it: at most 64 letters, digits, `_` and `-`.
  func wireName(_ name: String) -> String {
    let accepted = name.unicodeScalars.prefix(64).map { scalar -> Character in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain || scalar == "-" ? Character(scalar) : "_"
    }
    return accepted.isEmpty ? "answer" : String(accepted)
  }
}

extension JSONValue {
  /// The text of a member where it is one.
  func text(_ name: String) -> String? {
    if case .string(let text) = self[name] { text } else { nil }
  }

  /// The elements of a member where it is an array, none otherwise.
  func elements(_ name: String) -> [JSONValue] {
    if case .array(let elements) = self[name] { elements } else { [] }
  }

  /// A member that is there and not null.
  func present(_ name: String) -> JSONValue? {
    guard let value = self[name], value != .null else { return nil }
    return value
  }
}
