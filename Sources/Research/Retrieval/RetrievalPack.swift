package import Essentials

/// The few datasets, fields and operators that are chosen for one idea: all that a model is told
/// of the catalogue.
///
/// Scores are in [0, 1] with four decimals. A list keeps the order in which its members were
/// chosen, exploit before explore, so that shrinking keeps a front part of either lane.
package struct RetrievalPack: Hashable, Sendable, ReadableDocument {
  /// A dataset that was chosen.
  package struct Dataset: Hashable, Sendable, ReadableDocument {
    package var id: String
    package var name: String
    package var subcategoryID: String
    package var lane: Lane
    package var score: Double

    package init(
      id: String, name: String, subcategoryID: String, lane: Lane, score: Double
    ) {
      (self.id, self.name, self.subcategoryID) = (id, name, subcategoryID)
      (self.lane, self.score) = (lane, score)
    }

    package init(reading reader: inout DocumentReader) {
      id = reader.requiredText("id")
      name = reader.line("name") ?? ""
      subcategoryID = reader.line("subcategory_id") ?? "unknown"
      lane = reader.word("lane") ?? .exploit
      score = reader.number("score", in: 0...1) ?? 0
    }

    package var json: JSONValue {
      [
        "id": .string(id), "name": .string(name), "subcategory_id": .string(subcategoryID),
        "lane": .string(lane.rawValue), "score": .number(score),
      ]
    }
  }

  /// A field that was chosen.
  package struct Field: Hashable, Sendable, ReadableDocument {
    package var id: String
    package var datasetID: String
    /// `MATRIX`, `VECTOR` or `GROUP`.
    package var type: String
    package var lane: Lane
    package var score: Double
    /// What the field means; empty where nothing is known.
    package var meaning: String

    package init(
      id: String, datasetID: String, type: String, lane: Lane, score: Double, meaning: String = ""
    ) {
      (self.id, self.datasetID, self.type) = (id, datasetID, type)
      (self.lane, self.score, self.meaning) = (lane, score, meaning)
    }

    package init(reading reader: inout DocumentReader) {
      id = reader.requiredText("id")
      datasetID = reader.line("dataset_id") ?? ""
      type = reader.text("type") ?? "MATRIX"
      lane = reader.word("lane") ?? .exploit
      score = reader.number("score", in: 0...1) ?? 0
      meaning = reader.line("description") ?? ""
    }

    package var json: JSONValue {
      [
        "id": .string(id), "dataset_id": .string(datasetID), "type": .string(type),
        "lane": .string(lane.rawValue), "score": .number(score), "description": .string(meaning),
      ]
    }
  }

  /// An operator that was chosen.
  package struct Operator: Hashable, Sendable, ReadableDocument {
    package var name: String
    package var definition: String?
    package var scope: [String]
    package var category: String?
    package var lane: Lane
    package var score: Double

    package init(
      name: String, definition: String?, scope: [String], category: String?, lane: Lane,
      score: Double
    ) {
      (self.name, self.definition, self.scope) = (name, definition, scope)
      (self.category, self.lane, self.score) = (category, lane, score)
    }

    package init(reading reader: inout DocumentReader) {
      name = reader.requiredText("name")
      definition = reader.line("definition")
      scope = reader.texts("scope") ?? []
      category = reader.line("category")
      lane = reader.word("lane") ?? .exploit
      score = reader.number("score", in: 0...1) ?? 0
    }

    package var json: JSONValue {
      [
        "name": .string(name), "definition": definition.map(JSONValue.string) ?? .null,
        "scope": .strings(scope), "category": category.map(JSONValue.string) ?? .null,
        "lane": .string(lane.rawValue), "score": .number(score),
      ]
    }
  }

  package var ideaID: String
  package var query: String
  package var target = SimulationTarget()
  package var selectedSubcategories: [String] = []
  package var datasets: [Dataset] = []
  package var fields: [Field] = []
  package var operators: [Operator] = []
  /// The graph that pages draw; never part of a prompt.
  package var visualGraph: JSONValue = .null
  package var budgetPolicy: JSONValue = [:]
  package var expansionPolicy: JSONValue = [:]
  /// How long the search took; not part of a recorded number.
  package var retrievalMilliseconds = 0

  package init(ideaID: String, query: String) {
    self.ideaID = ideaID
    self.query = query
  }
}
