import Networking
import Testing

@Suite("Secrets")
struct SecretTextTests {
  @Test("a secret shows itself nowhere but where it is asked for")
  func hidden() {
    struct Holder {
      let key = SecretText("hidden")
    }
    var dumped = ""
    dump(Holder(), to: &dumped)
    let secret = SecretText("hidden")
    for text in ["\(secret)", String(reflecting: secret), "\(Holder())", dumped, "\([secret])"] {
      #expect(!text.contains("hidden"), "\(text)")
    }
    #expect(secret.revealed == "hidden")
  }
}
