import Essentials
import Testing

@testable import Research

@Suite("Lineage")
struct LineageTests {
  @Test("a lineage keeps parents before children and refuses what it does not know")
  func lineage() throws {
    let parent = try MutationSearchTests.parent("rank(ts_mean(close, 20))", sharpe: 0.5)
    let partner = try MutationSearchTests.parent("zscore(ts_corr(close, volume, 10))", sharpe: 0.7)
    var known: Set<String> = []
    let children = MutationSearchTests.search.children(
      of: parent, partners: [partner], count: 20, known: &known, seed: 2)
    let crossed = try #require(children.first { $0.partnerKey != nil })
    var lineage = Lineage()
    #expect(throws: LineageFailure.unknownParent(child: crossed.key, parent: parent.key)) {
      try lineage.record(crossed)
    }
    for origin in [parent, partner] {
      try lineage.record(
        proposal: origin.key, ideaID: "i", lane: .exploit, expression: origin.candidate.formula)
    }
    try lineage.record(crossed)
    #expect(throws: LineageFailure.alreadyRecorded(key: crossed.key)) {
      try lineage.record(crossed)
    }
    try lineage.judge(crossed.key, parent.card)
    #expect(lineage.member(crossed.key)?.generation == 1)
    #expect(lineage.children(of: parent.key).map(\.key) == [crossed.key])
    guard case .array(let edges)? = lineage.json["edges"] else {
      Issue.record("no edges")
      return
    }
    #expect(edges.count == 2)
    var again = Lineage()
    for member in lineage.members {
      try again.restore(Lineage.Member(json: member.json, document: "lineage"))
    }
    #expect(again == lineage)
    #expect(throws: LineageFailure.unknownCandidate(key: "x")) {
      try lineage.judge("x", parent.card)
    }
  }
}
