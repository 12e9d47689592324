import Backtesting
import Essentials

/// An alpha as the server keeps it: what was simulated, what came out, and what its owner wrote on it.
struct BrainAlphaRecord: Hashable, Sendable {
  let id: String
  let code: String
  let settings: SimulationSettings
  /// The result as the local simulator documents it.
  let result: JSONValue
  /// The fields that the formula reads.
  let fields: [String]
  let created: Timestamp
  var modified: Timestamp
  var submitted: Timestamp?
  /// What `PATCH` may change: name, favorite, hidden, color, category, tags.
  var notes: [JSONValue.Member] = Self.emptyNotes
  var meaning: String?
  /// The checks that came with the last submission or question for them, nil before.
  var checks: JSONValue?

  private static let emptyNotes: [JSONValue.Member] = [
    .init("name", .null), .init("favorite", .bool(false)), .init("hidden", .bool(false)),
    .init("color", .null),
    .init("category", .null), .init("tags", .array([])),
  ]

  init(_ result: SimulationResult, fields: [String], at now: Timestamp) {
    id = result.identifier
    code = result.alpha.text
    settings = result.settings
    self.result = result.document(.metrics)
    self.fields = fields
    created = now
    modified = now
  }

  var isSubmitted: Bool { submitted != nil }

  /// The tags that its owner put on it.
  var tags: [String] {
    guard case .array(let tags)? = notes.first(where: { $0.name == "tags" })?.value else {
      return []
    }
    return tags.compactMap(\.asText)
  }

  /// Changes what the body names; returns what is wrong with it in BRAIN's shape.
  mutating func change(_ body: JSONValue, at now: Timestamp) -> JSONValue? {
    guard case .object(let members) = body else { return .strings(["Invalid data."]) }
    var changed = self
    for member in members {
      switch (member.name, member.value) {
      case ("name", .string), ("name", .null), ("color", .string), ("color", .null),
        ("category", .string), ("category", .null), ("favorite", .bool), ("hidden", .bool):
        changed.set(member.name, member.value)
      case ("tags", .array(let tags)) where tags.allSatisfy { $0.asText != nil }:
        changed.set("tags", member.value)
      case ("regular", .object(let parts)):
        for part in parts where part.name == "description" {
          guard part.value == .null || part.value.asText != nil else {
            return ["regular": ["description": .strings(["Not a valid string."])]]
          }
          changed.meaning = part.value.asText
        }
      case ("name", _), ("color", _), ("category", _), ("favorite", _), ("hidden", _),
        ("tags", _), ("regular", _):
        return .object([.init(member.name, .strings(["Not a valid value."]))])
      default: continue
      }
    }
    changed.modified = now
    self = changed
    return nil
  }

  private mutating func set(_ name: String, _ value: JSONValue) {
    notes = notes.map { $0.name == name ? JSONValue.Member(name, value) : $0 }
  }

  /// The answer to `GET /alphas/{id}`.
  func document(author: String, classifications: [JSONValue]) -> JSONValue {
    func part(_ name: String) -> JSONValue { result[name] ?? .null }
    var settings = part("settings")
    if case .object(let members) = settings {
      // Positions are not limited by anything but the truncation.
      settings = .object(members + [.init("maxPosition", "OFF")])
    }
    var inSample = part("is")
    if let checks, case .object(let members) = inSample {
      inSample = .object(members.map { $0.name == "checks" ? .init("checks", checks) : $0 })
    }
    return .object(
      [
        .init("id", .string(id)), .init("type", "REGULAR"), .init("author", .string(author)),
        .init("settings", settings),
        .init(
          "regular",
          [
            "code": .string(code), "description": meaning.map { .string($0) } ?? .null,
            "operatorCount": part("regular")["operatorCount"] ?? .null,
          ]),
        .init("dateCreated", .string(EasternTime(created).text)),
        .init("dateSubmitted", submitted.map { .string(EasternTime($0).text) } ?? .null),
        .init("dateModified", .string(EasternTime(modified).text)),
      ] + notes + [
        .init("classifications", .array(classifications)), .init("grade", part("grade")),
        .init("stage", isSubmitted ? "OS" : "IS"),
        .init("status", isSubmitted ? "ACTIVE" : "UNSUBMITTED"), .init("is", inSample),
        .init("os", .null), .init("train", part("train")), .init("test", part("test")),
        .init("prod", .null), .init("competitions", .null), .init("themes", .null),
        .init("pyramids", .null), .init("pyramidThemes", .null), .init("team", .null),
        .init("origin", "ATHANOR"), .init("osmosisPoints", .null),
        .init("panel", part("panel")),
      ])
  }
}

extension BrainAlphaRecord {
  /// The record as it lies in a file.
  var kept: JSONValue {
    [
      "id": .string(id), "code": .string(code), "settings": settings.json, "result": result,
      "fields": .strings(fields), "created": .integer(Int(created.millisecondsSinceEpoch)),
      "modified": .integer(Int(modified.millisecondsSinceEpoch)),
      "submitted": submitted.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null,
      "notes": .object(notes), "description": meaning.map { .string($0) } ?? .null,
      "checks": checks ?? .null,
    ]
  }

  /// Reads what ``kept`` wrote, nil where something is missing.
  init?(kept document: JSONValue) {
    func instant(_ name: String) -> Timestamp? {
      guard case .integer(let milliseconds)? = document[name] else { return nil }
      return Timestamp(millisecondsSinceEpoch: Int64(milliseconds))
    }
    guard let id = document["id"]?.asText, let code = document["code"]?.asText,
      let settings = document["settings"].flatMap({ try? SimulationSettings(json: $0) }),
      let result = document["result"], let created = instant("created"),
      let modified = instant("modified"), case .object(let notes)? = document["notes"],
      case .array(let fields)? = document["fields"]
    else { return nil }
    self.id = id
    self.code = code
    self.settings = settings
    self.result = result
    self.fields = fields.compactMap(\.asText)
    self.created = created
    self.modified = modified
    submitted = instant("submitted")
    self.notes = notes
    meaning = document["description"]?.asText
    checks = document["checks"].flatMap { $0 == .null ? nil : $0 }
  }
}
