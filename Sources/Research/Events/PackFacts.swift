package import Essentials

/// What `retrieval.pack_built` says of a pack.
package struct PackFacts: Hashable, Sendable, ReadableDocument {
  /// The graph that pages draw of a pack: its identity, its size, and where it is.
  package struct Graph: Hashable, Sendable, ReadableDocument {
    /// The fingerprint of the graph's compact text.
    package var fingerprint: String
    package var nodes: Int
    package var edges: Int
    /// The graph itself, nil where only its place is told.
    package var graph: JSONValue?

    /// Refers to a graph with the members `nodes` and `edges`.
    package init(_ graph: JSONValue) {
      fingerprint = Fingerprint(of: graph.compactText).hexadecimal
      nodes = Self.count(graph["nodes"])
      edges = Self.count(graph["edges"])
      self.graph = graph
    }

    private static func count(_ list: JSONValue?) -> Int {
      if case .array(let elements)? = list { elements.count } else { 0 }
    }

    package init(reading reader: inout DocumentReader) {
      fingerprint = reader.line("fingerprint") ?? ""
      nodes = reader.whole("nodes", in: 0...Int.max) ?? 0
      edges = reader.whole("edges", in: 0...Int.max) ?? 0
      graph = reader.value("graph")
    }

    package var json: JSONValue {
      [
        "fingerprint": .string(fingerprint), "nodes": .integer(nodes), "edges": .integer(edges),
        "graph": graph ?? .null,
      ]
    }
  }

  /// How much there is to choose from, by which coverage is measured.
  package struct Available: Hashable, Sendable, ReadableDocument {
    package var subcategories: Int
    /// Pairs of a region and a delay that data exist for; at least 1.
    package var targets: Int

    package init(subcategories: Int, targets: Int = 1) {
      self.subcategories = subcategories
      self.targets = targets
    }

    package init(reading reader: inout DocumentReader) {
      subcategories = reader.whole("subcategories", in: 0...1_000_000) ?? 0
      targets = reader.whole("targets", in: 1...1_000_000) ?? 1
    }

    package var json: JSONValue {
      ["subcategories": .integer(subcategories), "targets": .integer(targets)]
    }
  }

  package var query: String
  package var target = SimulationTarget()
  package var selectedSubcategories: [String]
  package var counts: CandidateCounts
  package var tokenEstimate: JSONValue = .null
  package var budgetPolicy: JSONValue = .null
  package var expansionPolicy: JSONValue = .null
  package var graph: Graph?
  package var available: Available?
  /// The file that the pack was written to, nil where there is none.
  package var output: String?

  /// What a pack says of itself.
  package init(_ pack: RetrievalPack, available: Available?, output: String? = nil) {
    query = pack.query
    target = pack.target
    selectedSubcategories = pack.selectedSubcategories
    counts = CandidateCounts(pack)
    tokenEstimate = pack.tokenEstimate
    budgetPolicy = pack.budgetPolicy
    expansionPolicy = pack.expansionPolicy
    graph = pack.visualGraph == .null ? nil : Graph(pack.visualGraph)
    self.available = available
    self.output = output
  }

  package init(reading reader: inout DocumentReader) {
    query = reader.line("query") ?? ""
    target = reader.object("target", SimulationTarget.init(reading:)) ?? SimulationTarget()
    selectedSubcategories = reader.texts("selected_subcategories") ?? []
    counts = reader.object("candidate_counts", CandidateCounts.init(reading:)) ?? CandidateCounts()
    tokenEstimate = reader.value("token_estimate") ?? .null
    budgetPolicy = reader.value("budget_policy") ?? .null
    expansionPolicy = reader.value("expansion_policy") ?? .null
    graph = reader.object("visual_graph", Graph.init(reading:))
    available = reader.object("available", Available.init(reading:))
    output = reader.line("output")
  }

  package var json: JSONValue {
    [
      "query": .string(query), "selected_subcategories": .strings(selectedSubcategories),
      "candidate_counts": counts.json, "token_estimate": tokenEstimate,
      "budget_policy": budgetPolicy, "expansion_policy": expansionPolicy,
      "target": target.json, "available": available?.json ?? .null,
      "visual_graph": graph?.json ?? .null, "output": .orNull(output),
    ]
  }
}

/// How many candidates of each kind somebody is told.
package struct CandidateCounts: Hashable, Sendable, ReadableDocument {
  package var subcategories = 0
  package var datasets = 0
  package var fields = 0
  package var operators = 0

  package init() {}

  /// Counts the candidates of a pack.
  package init(_ pack: RetrievalPack) {
    subcategories = pack.selectedSubcategories.count
    datasets = pack.datasets.count
    fields = pack.fields.count
    operators = pack.operators.count
  }

  package init(reading reader: inout DocumentReader) {
    subcategories = reader.whole("subcategories", in: 0...Int.max) ?? 0
    datasets = reader.whole("datasets", in: 0...Int.max) ?? 0
    fields = reader.whole("fields", in: 0...Int.max) ?? 0
    operators = reader.whole("operators", in: 0...Int.max) ?? 0
  }

  package var json: JSONValue {
    [
      "subcategories": .integer(subcategories), "datasets": .integer(datasets),
      "fields": .integer(fields), "operators": .integer(operators),
    ]
  }
}
