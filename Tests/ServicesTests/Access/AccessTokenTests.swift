import Mathematics
import Networking
import Testing

@testable import Services

@Suite("A token of the desk")
struct AccessTokenTests {
  @Test("a token is read as it was made, and two are never alike")
  func roundTrip() throws {
    var generator = SplitMix64(seed: 3)
    var seen: Set<AccessToken> = []
    for _ in 0..<200 {
      let token = AccessToken { generator.next() }
      #expect(AccessToken(token.text) == token)
      #expect(token.text.revealed.hasPrefix("ath_\(token.id)_"))
      #expect(token.text.revealed.hasSuffix(token.ending))
      #expect(token.text.revealed.utf8.count == 85)
      seen.insert(token)
    }
    #expect(seen.count == 200)
    #expect(AccessToken { 0 }.id == "0000000000000000")
  }

  @Test(
    "what is no token is none",
    arguments: [
      "", "ath_", "ath__", "ath_0000000000000000",
      "ath_0000000000000000_" + String(repeating: "0", count: 63),
      "ath_0000000000000000_" + String(repeating: "0", count: 65),
      "ath_0000000000000000_" + String(repeating: "G", count: 64),
      "ath_000000000000000A_" + String(repeating: "0", count: 64),
      "bth_0000000000000000_" + String(repeating: "0", count: 64),
      "ath_0000000000000000_" + String(repeating: "0", count: 64) + "_",
      " ath_0000000000000000_" + String(repeating: "0", count: 64),
    ])
  func unreadable(text: String) {
    #expect(AccessToken(SecretText(text)) == nil)
  }

  @Test("its secret is not seen by who prints or dumps")
  func redaction() {
    let token = AccessToken { 0xABCD_EF01_2345_6789 }
    var dumped = ""
    dump(token, to: &dumped)
    for text in ["\(token)", String(reflecting: token), "\([token])", dumped] {
      #expect(!text.contains(token.secret.revealed), "\(text)")
    }
  }
}
