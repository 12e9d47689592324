import Essentials
import Testing

@testable import Research

@Suite("Candidate list")
struct CandidateListTests {
  @Test("a candidate stands for a list of one, and one that lacks its settings is named")
  func candidates() throws {
    let candidate = CandidateAlpha(ideaID: "i", formula: "rank(close)")
    func read(_ text: String) throws(DocumentFailure) -> [CandidateAlpha] {
      try DocumentList.read(text: text, document: "c.json", of: "candidates")
    }
    #expect(try read(candidate.json.compactText) == [candidate])
    let failure = #expect(throws: DocumentFailure.self) {
      try read(#"[{"idea_id": "a"}, {"idea_id": ""}]"#)
    }
    for part in ["simulation_settings is missing", "[1].idea_id"] {
      #expect(failure?.explanation.contains(part) == true, "\(failure?.explanation ?? "")")
    }
  }
}
