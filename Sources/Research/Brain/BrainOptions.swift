package import Essentials
import Networking
import Storage

/// Which settings BRAIN offers, and which of them go together.
///
/// What may be chosen for one setting depends on others: the universes on the region, the region on
/// the kind of instrument. ``choices(of:given:)`` keeps that; ``allowed`` is the flattened view, which
/// only says what is offered at all.
package struct BrainOptions: Hashable, Sendable {
  /// The settings of the flattened view.
  package static let names = [
    "instrumentType", "region", "universe", "neutralization", "delay", "language",
  ]

  /// What is offered, by the settings that it depends on.
  package indirect enum Choices: Hashable, Sendable {
    case values([JSONValue])
    /// By the value of another setting, in BRAIN's order.
    case depending(on: String, [Branch])
  }

  /// What is offered where another setting has one value.
  package struct Branch: Hashable, Sendable {
    package let value: String
    package let choices: Choices
  }

  /// One setting.
  package struct Setting: Hashable, Sendable {
    package let name: String
    package let label: String
    package let isRequired: Bool
    /// Nil where any value of its type may be written.
    package let choices: Choices?
  }

  /// In BRAIN's order.
  package let settings: [Setting]

  /// Reads the answer to `OPTIONS /simulations`.
  package init(_ answer: JSONValue) throws(BrainFailure) {
    guard case .object(let members)? = answer["actions"]?["POST"]?["settings"]?["children"],
      !members.isEmpty
    else {
      throw .strangeAnswer(
        endpoint: "OPTIONS /simulations", reason: "it has no actions.POST.settings.children")
    }
    settings = members.map { member in
      Setting(
        name: member.name, label: member.value["label"].flatMap(Self.text) ?? member.name,
        isRequired: member.value["required"] == .bool(true),
        choices: member.value["choices"].flatMap { Self.choices($0) })
    }
  }

  /// What may be chosen for a setting at all, each value once, in order of appearance.
  package var allowed: [(name: String, values: [JSONValue])] {
    Self.names.map { name in
      (name, self[name]?.choices.map { Self.flattened($0) } ?? [])
    }
  }

  /// The setting of that name.
  package subscript(name: String) -> Setting? { settings.first { $0.name == name } }

  /// Returns what may be chosen for a setting beside the others; nil where any value may be, or where
  /// BRAIN knows no such setting. A value of another setting for which nothing is offered gives none.
  package func choices(of name: String, given others: JSONValue) -> [JSONValue]? {
    guard var choices = self[name]?.choices else { return nil }
    while case .depending(let other, let branches) = choices {
      let value = others[other].map(Self.shown) ?? ""
      guard let branch = branches.first(where: { $0.value == value }) else { return [] }
      choices = branch.choices
    }
    return Self.flattened(choices)
  }

  /// Returns what BRAIN would refuse of the settings, one sentence each.
  package func objections(to settings: CandidateSettings) -> [String] {
    let document = settings.json
    return self.settings.compactMap { setting in
      guard let value = document[setting.name],
        let offered = choices(of: setting.name, given: document),
        !offered.contains(where: { Self.isSame($0, value) })
      else { return nil }
      let shown = Self.shown(value)
      let words = offered.map(Self.shown)
      guard !words.isEmpty else {
        return "BRAIN offers no \(setting.name) at all beside these settings."
      }
      let nearest = nearestName(to: shown, among: words)
      return "BRAIN does not offer \(setting.name) \(shown) here"
        + (nearest.map { "; did you mean \($0)?" } ?? ", but \(words.joined(separator: ", ")).")
    }
  }

  // MARK: Reading

  private static func choices(_ value: JSONValue) -> Choices? {
    switch value {
    case .array(let elements):
      // A choice is a value with its label, or the bare value.
      return .values(elements.map { $0["value"] ?? $0 })
    case .object(let members):
      guard let member = members.first, case .object(let branches) = member.value else {
        return nil
      }
      return .depending(
        on: member.name,
        branches.compactMap { branch in
          choices(branch.value).map { Branch(value: branch.name, choices: $0) }
        })
    case .null, .bool, .integer, .number, .string: return nil
    }
  }

  private static func flattened(_ choices: Choices) -> [JSONValue] {
    switch choices {
    case .values(let values):
      var seen: Set<JSONValue> = []
      return values.filter { seen.insert($0).inserted }
    case .depending(_, let branches):
      return flattened(.values(branches.flatMap { flattened($0.choices) }))
    }
  }

  private static func isSame(_ offered: JSONValue, _ value: JSONValue) -> Bool {
    switch (offered, value) {
    case (.integer(let left), .number(let right)), (.number(let right), .integer(let left)):
      Double(left) == right
    default: offered == value || shown(offered) == shown(value)
    }
  }

  private static func text(_ value: JSONValue) -> String? {
    if case .string(let text) = value { text } else { nil }
  }

  /// Returns a value as a word of a sentence.
  package static func shown(_ value: JSONValue) -> String {
    text(value) ?? value.compactText
  }
}

extension BrainOptions {
  /// Asks BRAIN what it offers to this account, and returns that with the answer as it came.
  package static func fetch(
    from session: BrainSession
  ) async throws(BrainFailure) -> (options: BrainOptions, raw: JSONValue) {
    let raw = try await session.document(BrainQuestion(.options, "simulations"))
    return (try BrainOptions(raw), raw)
  }

  /// Writes `simulations_options.json` and a copy that is named for the day, below a folder.
  package func save(raw: JSONValue, in folder: String, on day: CalendarDate) throws(BrainFailure) {
    let document: JSONValue = [
      "date": .string(day.description),
      "allowed": .object(allowed.map { JSONValue.Member($0.name, .array($0.values)) }),
      "raw": raw,
    ]
    let bytes = Array((document.indentedText + "\n").utf8)
    let tag = day.description.filter { $0 != "-" }
    for name in ["simulations_options_\(tag).json", "simulations_options.json"] {
      try brainFile(WholeFile.write(bytes, to: folder + "/" + name))
    }
  }

  /// Reads what ``save(raw:in:on:)`` wrote, or nil where nothing was.
  package static func load(folder: String) throws(BrainFailure) -> BrainOptions? {
    let path = folder + "/simulations_options.json"
    guard let bytes = try brainFile(WholeFile.read(path)) else { return nil }
    guard let document = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      let raw = document["raw"]
    else { throw .strangeAnswer(endpoint: path, reason: "it is not what was written there") }
    return try BrainOptions(raw)
  }
}
