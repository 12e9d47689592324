import Essentials
import Testing

@testable import Research

@Suite("Digests of candidates")
struct CandidateFingerprintsTests {
  @Test("the example candidate has the digests that other programs give it")
  func example() {
    let prints = CandidateFingerprints(
      CandidateAlpha(ideaID: "i", formula: "rank(ts_delta(log(close), 5))"))
    #expect(
      prints.fingerprint.hexadecimal
        == "ef60e09cf8981894a23d229a889b92fe6b6b1a292fc06b2e456761470688bbc5")
    #expect(
      prints.expressionFingerprint.hexadecimal
        == "d5170e592230fcb52953ce9abfe6766b61d38ca5f525b47313ef12475d8da670")
    #expect(prints.candidateKey == "c7dece44ae779319")
  }

  @Test(
    "white space is brought into one form",
    arguments: [
      ("rank( close )", "rank(close)"), ("rank(a)+  rank( b )", "rank(a)+ rank(b)"),
      ("  a\n\t b ", "a b"), ("", ""), ("( ( a ) )", "((a))"),
    ])
  func normalization(_ written: String, _ normalized: String) {
    #expect(CandidateFingerprints.normalized(written) == normalized)
  }

  @Test("a whole truncation keeps its fraction, so that the digest is the one of other programs")
  func wholeNumbers() {
    var candidate = CandidateAlpha(ideaID: "i", formula: "rank(close)")
    candidate.simulation.settings.truncation = 0
    // sha256 of {"regular":"rank(close)",...,"truncation":0.0,...}::rank(close), by Python.
    #expect(
      CandidateFingerprints(candidate).fingerprint.hexadecimal
        == "03364410917e89841c1e4985ea39dab21fd294067e369b3e3291ed4fc880c23f")
  }
}
