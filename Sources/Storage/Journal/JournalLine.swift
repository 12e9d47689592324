package import Essentials

/// An event as one line of JSON, the form of exports and archives.
///
/// ```
/// {"seq":7,"at_ms":1753521796123,"run":"...","world":"","subject":"...","kind":"...","cause":null,
///  "version":1,"payload":{...},"chain":"<64 hexadecimal digits>"}
/// ```
///
/// on one line without spaces between the members. An event has exactly one line, and a line is read
/// only where it is exactly that of its event, so a changed byte cannot hide in the spelling.
package enum JournalLine {
  /// The line of an event without its line feed.
  package static func text(of event: JournalEvent) -> String {
    // The payload's text is canonical already and must not be spelled anew.
    JSONValue.object(members(before: event)).compactText.dropLast() + ",\"payload\":"
      + event.payloadText + ",\"chain\":\"" + event.chain.hexadecimal + "\"}"
  }

  /// The event as the value of which its line is the text.
  package static func value(of event: JournalEvent) -> JSONValue {
    .object(
      members(before: event) + [
        .init("payload", event.payload ?? .null), .init("chain", .string(event.chain.hexadecimal)),
      ])
  }

  /// The members that stand before the payload.
  private static func members(before event: JournalEvent) -> [JSONValue.Member] {
    [
      .init("seq", .integer(Int(event.seq))),
      .init("at_ms", .integer(Int(event.at.millisecondsSinceEpoch))),
      .init("run", .string(event.run)), .init("world", .string(event.world)),
      .init("subject", .string(event.subject)), .init("kind", .string(event.kind)),
      .init("cause", event.cause.map { .integer(Int($0)) } ?? .null),
      .init("version", .integer(event.version)),
    ]
  }

  /// The event of a line, nil where the line is not exactly that of an event.
  package static func event(of line: some StringProtocol) -> JournalEvent? {
    guard let value = try? JSONValue(parsing: line), case .integer(let seq)? = value["seq"],
      case .integer(let at)? = value["at_ms"], case .string(let run)? = value["run"],
      case .string(let world)? = value["world"], case .string(let subject)? = value["subject"],
      case .string(let kind)? = value["kind"], case .integer(let version)? = value["version"],
      let payload = value["payload"], case .string(let digits)? = value["chain"],
      let chain = DigestBytes(hexadecimal: digits)
    else { return nil }
    var cause: Int64?
    if case .integer(let number)? = value["cause"] {
      guard number >= 1, number < seq else { return nil }
      cause = Int64(number)
    }
    let event = JournalEvent(
      seq: Int64(seq), at: Timestamp(millisecondsSinceEpoch: Int64(at)), run: run, world: world,
      subject: subject, kind: kind, cause: cause, version: version,
      payloadText: payload.compactText, chain: chain)
    // Compared by bytes: equal strings may be spelled with other ones.
    return text(of: event).utf8.elementsEqual(line.utf8) ? event : nil
  }
}
