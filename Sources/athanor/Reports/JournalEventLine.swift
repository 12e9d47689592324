import Storage

/// An event on one line for a person.
struct JournalEventLine {
  let event: JournalEvent

  /// Cut to the width of the screen; the whole payload where there is no width.
  func text(_ terminal: TerminalFacts) -> String {
    let number = String(event.seq)
    let parts = [
      String(repeating: " ", count: max(0, 7 - number.count)) + number, "\(event.at)", event.kind,
      event.run.isEmpty ? "--" : event.run, event.payloadText,
    ]
    let line = DisplayWidth.harmless(parts.joined(separator: "  "))
    return terminal.width.map { DisplayWidth.truncated(line, to: $0) } ?? line
  }
}
