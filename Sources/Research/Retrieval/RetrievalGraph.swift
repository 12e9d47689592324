import Essentials

/// A pack as a graph for pages: the idea, what was retrieved for it, and what leads to what.
///
/// Nodes are named `<type>:<id>`. Subcategories that were considered and dropped are shown too.
struct RetrievalGraph {
  static let version = "v1"
  /// How many dropped subcategories are shown.
  static let droppedMax = 3
  /// How many fields are shown as being searched.
  static let searchingMax = 20
  /// How many fields and operators of a lane are joined with each other.
  static let joinedMax = 8
  /// The weight of the edge to a dropped subcategory.
  static let droppedWeight = 0.2
  static let labelCharactersMax = 120

  let pack: RetrievalPack
  let catalogue: MetadataCatalogue
  let selected: [PackAssembly.Choice]
  let dropped: [PackAssembly.Choice]

  var json: JSONValue {
    ["version": .string(Self.version), "nodes": .array(nodes), "edges": .array(edges)]
  }

  private var ideaNode: String { "idea:\(pack.ideaID)" }

  private var nodes: [JSONValue] {
    func node(
      _ type: String, _ id: String, _ label: String, _ lane: Lane, _ state: String, _ score: Double
    ) -> JSONValue {
      [
        "id": .string("\(type):\(id)"), "type": .string(type), "label": .string(label),
        "lane": .string(lane.rawValue), "state": .string(state), "score": .number(score),
      ]
    }
    func subcategories(_ choices: [PackAssembly.Choice], _ state: String) -> [JSONValue] {
      choices.map {
        let row = catalogue.subcategories[$0.position]
        return node("subcategory", row.id, row.name, $0.lane, state, $0.score)
      }
    }
    let label = String(pack.query.prefix(Self.labelCharactersMax))
    return [node("idea", pack.ideaID, label, .exploit, "selected", 1)]
      + subcategories(selected, "selected") + subcategories(dropped, "dropped")
      + pack.datasets.map { node("dataset", $0.id, $0.name, $0.lane, "selected", $0.score) }
      + pack.fields.enumerated().map { place, field in
        node(
          "field", field.id, field.id, field.lane,
          place < Self.searchingMax ? "searching" : "selected", field.score)
      }
      + pack.operators.map { node("operator", $0.name, $0.name, $0.lane, "selected", $0.score) }
  }

  private var edges: [JSONValue] {
    func edge(_ source: String, _ target: String, _ kind: String, _ weight: Double) -> JSONValue {
      [
        "source": .string(source), "target": .string(target), "kind": .string(kind),
        "weight": .number(weight),
      ]
    }
    func matches(_ choices: [PackAssembly.Choice], weight: Double?) -> [JSONValue] {
      choices.map {
        edge(
          ideaNode, "subcategory:\(catalogue.subcategories[$0.position].id)", "retrieval_match",
          weight ?? $0.score)
      }
    }
    var edges = matches(selected, weight: nil) + matches(dropped, weight: Self.droppedWeight)
    edges += pack.datasets.map {
      edge("subcategory:\($0.subcategoryID)", "dataset:\($0.id)", "contains_dataset", $0.score)
    }
    edges += pack.fields.map {
      edge("dataset:\($0.datasetID)", "field:\($0.id)", "contains_field", $0.score)
    }
    for lane in [Lane.exploit, .explore] {
      let operators = pack.operators.filter { $0.lane == lane }.prefix(Self.joinedMax)
      for field in pack.fields.filter({ $0.lane == lane }).prefix(Self.joinedMax) {
        edges += operators.map {
          let weight = ((field.score + $0.score) / 2 * 1e4).rounded() / 1e4
          return edge(
            "field:\(field.id)", "operator:\($0.name)", "supports_operator", weight)
        }
      }
    }
    return edges
  }
}
