import AlphaLanguage
package import Essentials

/// Which candidate was made of which: a graph without cycles.
///
/// A candidate can only name parents that are recorded before it, so an edge always leads from an
/// earlier to a later one and no cycle can arise.
package struct Lineage: Hashable, Sendable {
  /// A candidate with its origin.
  package struct Member: Hashable, Sendable {
    package var key: String
    package var ideaID: String
    /// None for a proposal, one for a mutation, two for a crossover.
    package var parents: [String]
    /// 0 for a proposal, else one more than the highest of the parents'.
    package var generation: Int
    package var source: MutationOperator.Source
    /// Nil for a proposal.
    package var operation: MutationOperator?
    package var edit: String
    package var lane: Lane
    package var expression: String
    /// Nil until the candidate was judged.
    package var score: Double?
    package var passed: Bool?
  }

  /// In the order of recording, parents before children.
  package private(set) var members: [Member] = []
  private var places: [String: Int] = [:]

  package init() {}

  /// Records a proposal.
  package mutating func record(
    proposal key: String, ideaID: String, lane: Lane, expression: String
  ) throws(LineageFailure) {
    try append(
      Member(
        key: key, ideaID: ideaID, parents: [], generation: 0, source: .proposal, operation: nil,
        edit: "", lane: lane, expression: expression))
  }

  /// Records a child, whose parents must be recorded.
  package mutating func record(_ child: MutatedCandidate) throws(LineageFailure) {
    let generation = try generation(of: child.key, parents: child.parentKeys)
    try append(
      Member(
        key: child.key, ideaID: child.candidate.ideaID, parents: child.parentKeys,
        generation: generation, source: child.operation.source, operation: child.operation,
        edit: child.edit, lane: child.lane, expression: child.formula.canonicalText))
  }

  /// Takes in a member of an earlier run, as its ``Member/json`` says it. Members are taken in in the
  /// order of their recording; generations are counted anew.
  package mutating func restore(_ member: Member) throws(LineageFailure) {
    var member = member
    member.generation = try generation(of: member.key, parents: member.parents)
    try append(member)
  }

  /// One more than the highest generation of the parents, 0 without any.
  private func generation(of key: String, parents: [String]) throws(LineageFailure) -> Int {
    var generation = 0
    for parent in parents {
      guard let place = places[parent] else { throw .unknownParent(child: key, parent: parent) }
      generation = max(generation, members[place].generation + 1)
    }
    return generation
  }

  private mutating func append(_ member: Member) throws(LineageFailure) {
    guard places[member.key] == nil else { throw .alreadyRecorded(key: member.key) }
    places[member.key] = members.count
    members.append(member)
  }

  /// Notes how a candidate was judged.
  package mutating func judge(_ key: String, _ card: ScoreCard) throws(LineageFailure) {
    guard let place = places[key] else { throw .unknownCandidate(key: key) }
    members[place].score = card.score
    members[place].passed = card.passed
  }

  /// Returns a candidate, nil where it is not recorded.
  package func member(_ key: String) -> Member? { places[key].map { members[$0] } }

  /// The children of a candidate, in the order of recording. Cost: linear in the members.
  package func children(of key: String) -> [Member] {
    members.filter { $0.parents.contains(key) }
  }

  /// The graph for pages: `nodes` in the order of recording and `edges` from parent to child.
  package var json: JSONValue {
    [
      "version": "v1",
      "nodes": .array(members.map(\.json)),
      "edges": .array(
        members.flatMap { member in
          member.parents.map { parent -> JSONValue in
            ["source": .string(parent), "target": .string(member.key), "kind": "parent"]
          }
        }),
    ]
  }
}

extension Lineage.Member {
  /// The object that stands for the candidate among the nodes.
  package var json: JSONValue {
    [
      "id": .string(key), "idea_id": .string(ideaID), "parents": .strings(parents),
      "generation": .integer(generation),
      "source": .string(source.rawValue),
      "operator": operation.map { .string($0.rawValue) } ?? .null, "edit": .string(edit),
      "lane": .string(lane.rawValue), "expression": .string(expression),
      "score": .optional(score), "passed": passed.map(JSONValue.bool) ?? .null,
    ]
  }
}

extension Lineage.Member: ReadableDocument {
  package init(reading reader: inout DocumentReader) {
    let any = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    key = reader.requiredText("id")
    ideaID = reader.line("idea_id") ?? ""
    parents = reader.texts("parents") ?? []
    generation = reader.whole("generation", in: 0...1_000_000) ?? 0
    source = reader.word("source") ?? .proposal
    operation = reader.word("operator")
    edit = reader.line("edit") ?? ""
    lane = reader.word("lane") ?? .exploit
    expression = reader.line("expression") ?? ""
    score = reader.number("score", in: any)
    passed = reader.flag("passed")
  }
}

/// A candidate that a lineage cannot take in.
package enum LineageFailure: ExplainedFailure, Hashable {
  case unknownParent(child: String, parent: String)
  case alreadyRecorded(key: String)
  case unknownCandidate(key: String)

  package var key: String {
    switch self {
    case .unknownParent: "unknown_parent"
    case .alreadyRecorded: "candidate_already_recorded"
    case .unknownCandidate: "unknown_candidate"
    }
  }

  package var explanation: String {
    switch self {
    case .unknownParent(let child, let parent):
      "The candidate \(child) names the parent \(parent), which is not recorded."
    case .alreadyRecorded(let key): "The candidate \(key) is recorded already."
    case .unknownCandidate(let key): "The candidate \(key) is not recorded."
    }
  }

  package var remedy: String {
    switch self {
    case .unknownParent: "Record the parent first."
    case .alreadyRecorded: "Leave out candidates whose key is known."
    case .unknownCandidate: "Record the candidate before it is judged."
    }
  }

  package var outcome: FailureOutcome { .refused }
}
