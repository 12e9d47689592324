import Essentials
import Research
import Testing

@Suite("Doubts about reported usage")
struct UsageDoubtTests {
  private func doubts(_ usage: JSONValue?, answer: String = "{}") -> [UsageDoubt] {
    UsageDoubt.doubts(about: usage, call: .sample, answer: answer)
  }

  @Test("what is not there is missed")
  func missing() {
    for usage in [nil, .null, [:], .array([]), 5] as [JSONValue?] {
      #expect(doubts(usage) == [.missing])
    }
  }

  @Test("every count that is none is named as it came")
  func counts() {
    #expect(
      doubts(["input_tokens": -1, "output_tokens": .number(1.5), "total_tokens": "x"]) == [
        .notACount(name: "input_tokens", value: "-1"),
        .notACount(name: "output_tokens", value: "1.5"),
        .notACount(name: "total_tokens", value: "\"x\""),
      ])
    #expect(doubts(["input_tokens": 1, "output_tokens": .integer(Int.max)]).count == 1)
  }

  @Test("Anthropic's cached tokens are part of the prompt")
  func cached() {
    let usage: JSONValue = [
      "input_tokens": 10, "cache_read_input_tokens": 50_000, "output_tokens": 5,
    ]
    guard case .promptBeyondBytes(50_010, let bytes) = doubts(usage).first else {
      Issue.record("\(doubts(usage))")
      return
    }
    #expect(bytes > 1_000 && bytes < 2_000)
  }

  @Test("the ceiling itself is not beyond the ceiling")
  func ceiling() {
    #expect(doubts(["input_tokens": 10, "output_tokens": 1_600]).isEmpty)
    #expect(
      doubts(["input_tokens": 10, "output_tokens": 1_601])
        == [.completionBeyondCeiling(reported: 1_601, ceiling: 1_600)])
  }
}
