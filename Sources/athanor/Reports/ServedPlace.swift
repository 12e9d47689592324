import Essentials

/// Where a server is reached, as it tells when it is.
struct ServedPlace: Sendable {
  let address: String
  let journal: String
  /// Nil where there are no pages.
  let pages: String?

  /// Writes it to standard output at once, for people or, with `--json`, as one line.
  func announce(_ invocation: Invocation) throws {
    let output = invocation.surroundings.output
    guard !invocation[StandingOptions.json] else {
      try output.write(
        ([
          "address": .string(address), "journal": .string(journal),
          "pages": pages.map { .string($0) } ?? .null,
        ] as JSONValue).compactText + "\n")
      return
    }
    var lines = ["Athanor serves \(journal)"]
    if pages == nil {
      lines.append(
        "There are no pages: no folder Web lies above the program; name one with --pages.")
      lines.append("  \(address)/openapi.json  the interface")
    } else {
      lines += [
        "  \(address)/ui/         overview",
        "  \(address)/ui/reactor  the budget as a furnace",
        "  \(address)/ui/lab      the search",
        "  \(address)/ui/worlds   who may trade, with how much, and why",
      ]
    }
    lines.append("Ctrl-C ends it.")
    try output.write(lines.joined(separator: "\n") + "\n")
  }
}

extension Invocation {
  /// The last words of a server: under `--json` one line, as its first.
  func farewell(_ json: JSONValue, _ sentence: String) throws -> Answer {
    guard self[StandingOptions.json] else { return Answer(json: json) { _ in sentence } }
    try surroundings.output.write(json.compactText + "\n")
    return .said
  }
}
