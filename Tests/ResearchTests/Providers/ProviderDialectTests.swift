import Essentials
import Research
import Testing
import Twins

@Suite("Dialects of providers: what is asked")
struct ProviderDialectTests {
  private let call = ModelCall.sample

  @Test("Responses are asked with a strict schema, the exact ceiling, and nothing stored")
  func responses() {
    #expect(
      ServedModel(.responses).body(call).indentedText == """
        {
          "model": "gpt-5.2",
          "instructions": "Answer with JSON only.",
          "text": {
            "format": {
              "type": "json_schema",
              "name": "idea_spec",
              "strict": true,
              "schema": {
                "type": "object",
                "properties": {}
              }
            },
            "verbosity": "low"
          },
          "reasoning": {
            "effort": "medium",
            "summary": "auto"
          },
          "max_output_tokens": 1600,
          "store": false,
          "prompt_cache_key": "\(Fingerprint(of: call.instructions).short)",
          "stream": true,
          "input": "Propose an idea: größer 🚀."
        }
        """)
  }

  @Test("local servers are asked for Chat Completions with what all of them know")
  func compatible() {
    #expect(
      ServedModel(.chat).body(call).indentedText == """
        {
          "model": "llama-4",
          "response_format": {
            "type": "json_schema",
            "json_schema": {
              "name": "idea_spec",
              "strict": true,
              "schema": {
                "type": "object",
                "properties": {}
              }
            }
          },
          "max_tokens": 1600,
          "seed": 1985229328,
          "stream": true,
          "stream_options": {
            "include_usage": true
          },
          "messages": [
            {
              "role": "system",
              "content": "Answer with JSON only."
            },
            {
              "role": "user",
              "content": "Propose an idea: größer 🚀."
            }
          ]
        }
        """)
  }

  @Test("OpenAI is asked for Chat Completions with its own name for the ceiling, and no seed")
  func chat() {
    var served = ServedModel(.chat, isStreamed: false)
    served.dialect = .chat
    served.tuning = ModelTuning(effort: .high, verbosity: .medium)
    let body = served.body(call)
    #expect(body["max_completion_tokens"] == 1_600)
    #expect(body["max_tokens"] == nil)
    #expect(body["seed"] == nil)
    #expect(body["stream_options"] == nil)
    #expect(body["stream"] == .bool(false))
    #expect(body["store"] == .bool(false))
    #expect(body["reasoning_effort"] == "high")
    #expect(body["verbosity"] == "medium")
    guard case .array(let messages) = body["messages"] else { return }
    #expect(messages.first?["role"] == "developer")
  }

  @Test("Messages are asked with the instructions marked for the cache and the exact ceiling")
  func messages() {
    #expect(
      ServedModel(.messages).body(call).indentedText == """
        {
          "model": "claude-sonnet-5-5",
          "max_tokens": 1600,
          "output_config": {
            "format": {
              "type": "json_schema",
              "schema": {
                "type": "object",
                "properties": {}
              }
            }
          },
          "stream": true,
          "system": [
            {
              "type": "text",
              "text": "Answer with JSON only.",
              "cache_control": {
                "type": "ephemeral"
              }
            }
          ],
          "messages": [
            {
              "role": "user",
              "content": "Propose an idea: größer 🚀."
            }
          ]
        }
        """)
  }

  @Test(
    "Anthropic is asked for an effort in its own words",
    arguments: [
      (ModelTuning.Effort.none, nil, true), (.minimal, "low", false), (.max, "max", false),
    ] as [(ModelTuning.Effort, String?, Bool)])
  func effort(effort: ModelTuning.Effort, word: String?, isDisabled: Bool) {
    var served = ServedModel(.messages)
    served.tuning.effort = effort
    let body = served.body(call)
    #expect(body["output_config"]?["effort"] == word.map(JSONValue.string))
    #expect((body["thinking"]?["type"] == "disabled") == isDisabled)
  }

  @Test("a ceiling that the provider would refuse is never sent, nor raised in secret")
  func lowCeiling() {
    var call = call
    call.maxOutputTokens = 15
    let failure = ServedModel(.responses).refusal(of: call)
    #expect(failure?.cause == .ceilingTooLow(tokens: 15, accepted: 16))
    #expect(failure?.outcome == .badConfiguration)
    #expect(ServedModel(.messages).refusal(of: call) == nil)
    call.maxOutputTokens = 16
    #expect(ServedModel(.responses).refusal(of: call) == nil)
  }

  @Test("what was asked for of the tuning is told as usage points keep it")
  func tuning() {
    #expect(ModelTuning.plain.json == nil)
    #expect(
      ServedModel(.responses).tuning.json?.compactText
        == #"{"effort":"medium","summary":"auto","verbosity":"low"}"#)
  }

  @Test("a served model is read back from its document", arguments: [true, false])
  func document(isStreamed: Bool) throws {
    for interface in [ServedModel(.responses, isStreamed: isStreamed), ServedModel(.messages)] {
      #expect(try ServedModel(json: interface.json, document: "model") == interface)
    }
  }
}
