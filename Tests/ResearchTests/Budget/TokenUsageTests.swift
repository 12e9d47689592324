import Essentials
import Testing

@testable import Research

@Suite("Token usage")
struct TokenUsageTests {
  @Test(
    "what a provider says wins over estimates, and its total over its silence",
    arguments: [
      ("{}", 7, 3, 7, 3), (#"{"input_tokens":100,"output_tokens":50}"#, 7, 3, 100, 50),
      (#"{"prompt_tokens":100,"total_tokens":150}"#, 7, 3, 100, 50),
      (#"{"prompt_tokens":100,"total_tokens":150}"#, 0, 0, 100, 50),
      (#"{"completion_tokens":20,"total_tokens":150}"#, 7, 3, 130, 20),
      (#"{"total_tokens":120}"#, 7, 3, 84, 36), (#"{"total_tokens":120}"#, 0, 0, 0, 120),
      (#"{"prompt_tokens":"12"}"#, 7, 3, 12, 3), (#"{"prompt_tokens":-5}"#, 7, 3, 7, 3),
      (#"{"prompt_tokens":1.5,"completion_tokens":null}"#, 7, 3, 7, 3),
      (#"{"prompt_tokens":9e18,"completion_tokens":4}"#, 7, 3, 7, 4),
      (#"{"prompt_tokens":0,"completion_tokens":0}"#, 7, 3, 7, 0),
      (#"{"input_token_count":5,"output_token_count":6,"token_count":20}"#, 7, 3, 5, 15),
      (#"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":80}"#, 7, 3, 100, 50),
      ("null", 7, 3, 7, 3), ("[]", -7, -3, 0, 0),
    ])
  func reading(text: String, rough: Int, roughAnswer: Int, prompt: Int, completion: Int) throws {
    let (usage, _) = TokenUsage.read(
      try JSONValue(parsing: text), roughPrompt: rough, roughCompletion: roughAnswer)
    #expect(usage.prompt == prompt && usage.completion == completion)
  }

  @Test("OpenAI counts cached tokens within the prompt, Anthropic beside it")
  func caches() throws {
    let openAI = try JSONValue(
      parsing: """
        {"prompt_tokens":1000,"completion_tokens":200,"total_tokens":1200,
         "prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":100},
         "completion_tokens_details":{"reasoning_tokens":150}}
        """)
    let (one, source) = TokenUsage.read(openAI, roughPrompt: 1, roughCompletion: 1)
    #expect(source == .provider)
    #expect([one.prompt, one.cached, one.cacheWrite, one.reasoning] == [1_000, 600, 100, 150])
    let anthropic = try JSONValue(
      parsing: """
        {"input_tokens":12,"cache_creation_input_tokens":300,"cache_read_input_tokens":500,
         "cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},
         "output_tokens":60,"output_tokens_details":{"thinking_tokens":40}}
        """)
    let (other, _) = TokenUsage.read(anthropic, roughPrompt: 1, roughCompletion: 1)
    #expect(other.prompt == 812 && other.total == 872 && other.reasoning == 40)
    #expect([other.cached, other.cacheWrite, other.cacheWriteLong] == [500, 100, 200])
  }

  @Test("details that exceed what they are part of are cut to it")
  func lies() throws {
    let usage = try JSONValue(
      parsing: """
        {"prompt_tokens":10,"completion_tokens":5,
         "prompt_tokens_details":{"cached_tokens":900,"cache_write_tokens":900},
         "completion_tokens_details":{"reasoning_tokens":900}}
        """)
    let (read, _) = TokenUsage.read(usage, roughPrompt: 1, roughCompletion: 1)
    #expect([read.cached, read.cacheWrite, read.cacheWriteLong, read.reasoning] == [10, 0, 0, 5])
  }

  @Test("a usage object that is too long to keep is left out")
  func bulk() {
    let bulky: JSONValue = ["x": .string(String(repeating: "y", count: 20_000))]
    #expect(
      UsagePoint(reported: bulky, promptCharacters: 4, completionCharacters: 4).reported == nil)
  }
}
