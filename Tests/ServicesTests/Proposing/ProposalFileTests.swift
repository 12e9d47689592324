import Essentials
import Research
import Testing

@testable import Services

@Suite("Files of candidates and results")
struct ProposalFileTests {
  private func candidates(_ text: String) throws -> [CandidateAlpha] {
    try ProposalFile.list(text: text, path: "c.json", of: "candidates")
  }

  @Test(
    "what cannot be used is refused with its reason",
    arguments: [
      ("[]", "The list of candidates is empty."), ("{", "The text is no JSON"),
      ("7", "The document is no list."),
      (#"[{"idea_id": "a"}, {"idea_id": ""}]"#, "[1].idea_id"),
      (#"[{"idea_id": "a"}]"#, "simulation_settings is missing"),
    ])
  func refused(_ text: String, _ reason: String) throws {
    let failure = #expect(throws: DocumentFailure.self) { try candidates(text) }
    #expect(failure?.explanation.contains(reason) == true, "\(String(describing: failure))")
  }

  @Test("one object stands for a list of one")
  func single() throws {
    let candidate = CandidateAlpha(ideaID: "i", formula: "rank(close)")
    #expect(try candidates(candidate.json.compactText) == [candidate])
  }
}
