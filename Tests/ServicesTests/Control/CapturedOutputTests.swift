import Foundation
import Glibc
import Mathematics
import Testing

@testable import Services

@Suite("Captured output")
struct CapturedOutputTests {
  private static let secret = "sk-live-0123456789"
  private let secrets = SecretWords(environment: ["OPENAI_API_KEY": CapturedOutputTests.secret])

  private func captured(_ text: String, pieces: [Int], first: Int, last: Int) -> CapturedOutput {
    var output = CapturedOutput(firstMax: first, lastMax: last)
    var rest = Array(text.utf8)[...]
    for size in pieces {
      output.take(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    output.take(Array(rest))
    return output
  }

  @Test("what fits is kept as it was written, in whatever pieces it came")
  func whole() {
    var generator = SplitMix64(seed: 3)
    for _ in 0..<50 {
      let text = String((0..<60).map { _ in "abc\n".randomElement(using: &generator) ?? "a" })
      let pieces = (0..<10).map { _ in Int.random(in: 0...9, using: &generator) }
      let output = captured(text, pieces: pieces, first: 20, last: 40)
      #expect(output.isWhole)
      #expect(output.text(masking: secrets) == text)
    }
  }

  @Test("of what does not fit the first and the last bytes are kept")
  func cut() {
    let text = String(repeating: "a", count: 30) + String(repeating: "b", count: 1_000) + "END"
    let plain = SecretWords(environment: [:])
    for pieces in [[], [1_033], [10, 20, 30, 500], Array(repeating: 7, count: 140)] {
      let output = captured(text, pieces: pieces, first: 10, last: 8)
      #expect(
        output.text(masking: plain) == "aaaaaaaaaa\n[1015 bytes are left out]\nbbbbbEND")
    }
  }

  @Test("a secret is masked wherever it stands, and never shown in part where something was cut")
  func cutSecrets() {
    for place in 0..<120 {
      var bytes = Array(repeating: UInt8(ascii: "."), count: 140)
      bytes.replaceSubrange(place..<(place + Self.secret.utf8.count), with: Self.secret.utf8)
      let text = String(decoding: bytes, as: UTF8.self)
      let shown = captured(text, pieces: [11, 50], first: 40, last: 50).text(masking: secrets)
      for length in 4...Self.secret.count {
        #expect(!shown.contains(Self.secret.prefix(length)), "\(place): \(shown)")
        #expect(!shown.contains(Self.secret.suffix(length)), "\(place): \(shown)")
      }
    }
  }

  @Test("secrets are the values of variables named for them, also as JSON writes them")
  func words() {
    let secrets = SecretWords(environment: [
      "A_KEY": "one\"two\"three", "BRAIN_CREDENTIAL_PASSWORD": "correct horse",
      "BRAIN_CREDENTIAL_EMAIL": "quant@example.com", "SHORT_TOKEN": "abc", "KEYBOARD": "querty-us",
    ])
    #expect(
      secrets.masking(#"a one"two"three b one\"two\"three c"#) == "a [redacted] b [redacted] c")
    #expect(secrets.masking("correct horse correct") == "[redacted] correct")
    for text in ["quant@example.com", "abc", "querty-us", ""] {
      #expect(secrets.masking(text) == text)
      #expect(!secrets.stand(in: text))
    }
    let whole = Array("xxcorrect horseyy".utf8)
    #expect(
      String(decoding: secrets.masking(whole, keeping: 5..<17), as: UTF8.self) == "[redacted]yy")
  }

  @Test("the key in a file that a variable names is a secret too")
  func keyFile() throws {
    let path = FileManager.default.temporaryDirectory.path + "/athanor-key-\(getpid())"
    try Data("k-from-a-file-123\n".utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    chmod(path, 0o600)
    let secrets = SecretWords(environment: ["ANTHROPIC_API_KEY_FILE": path])
    #expect(secrets.masking("x k-from-a-file-123 y") == "x [redacted] y")
  }
}
