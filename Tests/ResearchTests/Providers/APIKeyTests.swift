import Essentials
import Foundation
import Networking
import Research
import TestKit
import Testing

@Suite("Keys of providers")
struct APIKeyTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func file(_ text: String, mode: Int = 0o600) throws -> String {
    let path = scratch.url.appendingPathComponent("key").path
    _ = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    return path
  }

  @Test("a key is found in the environment, else in the file that the environment names")
  func finding() throws {
    let path = try file("  \(sampleKey)\n")
    let both = ["OPENAI_API_KEY": sampleKey, "OPENAI_API_KEY_FILE": "nowhere"]
    #expect(try APIKey.find("OPENAI_API_KEY", in: both)?.source == "OPENAI_API_KEY")
    let key = try APIKey.find(
      "OPENAI_API_KEY", in: ["OPENAI_API_KEY": "", "OPENAI_API_KEY_FILE": path])
    #expect(key?.secret == SecretText(sampleKey))
    #expect(key?.source == path)
    #expect(try APIKey.find("OPENAI_API_KEY", in: ["ANTHROPIC_API_KEY": "x"]) == nil)
  }

  @Test("a file that others may read is refused", arguments: [0o640, 0o604, 0o644, 0o620, 0o601])
  func openFile(mode: Int) throws {
    let path = try file(sampleKey, mode: 0o600)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    #expect(throws: APIKeyFailure.readableByOthers(path: path, mode: UInt32(mode))) {
      try APIKey(file: path)
    }
    do {
      _ = try APIKey(file: path)
    } catch {
      #expect(error.remedy.contains("chmod 600 \(path)"))
      #expect(!"\(error) \(error.description)".contains(sampleKey))
    }
  }

  @Test("what is no key is refused without being shown")
  func malformed() throws {
    for text in ["", " \n", "two words of it", "sk-\u{7}secret", "sk-größer", "a\r\nHost: evil"] {
      do {
        _ = try APIKey(text, source: "OPENAI_API_KEY")
        Issue.record("\(text) was accepted")
      } catch {
        #expect(!error.description.contains("secret") && !error.description.contains("evil"))
      }
    }
    #expect(throws: APIKeyFailure.self) { try APIKey(file: scratch.url.path) }
    #expect(throws: APIKeyFailure.self) { try APIKey(file: scratch.url.path + "/none") }
    let long = try file(String(repeating: "k", count: 5_000))
    #expect(throws: APIKeyFailure.malformed(source: long)) { try APIKey(file: long) }
  }

  @Test("no text about a key shows it, and none about what holds it")
  func descriptions() throws {
    let key = try APIKey(sampleKey, source: "OPENAI_API_KEY")
    let configuration = try ProviderConfiguration(
      ProviderFlags(), environment: ["OPENAI_API_KEY": sampleKey])
    var dumped = ""
    dump(key, to: &dumped)
    dump(configuration, to: &dumped)
    for text in [
      "\(key)", String(reflecting: key), "\([key])", "\(configuration)",
      String(reflecting: configuration), dumped,
    ] {
      #expect(!text.contains(sampleKey))
    }
    #expect("\(key)" == "the key of OPENAI_API_KEY")
  }

  @Test("a key is masked across the ends of chunks, and a placeholder is left alone")
  func chunks() throws {
    let key = try APIKey(sampleKey, source: "OPENAI_API_KEY")
    let text = "a\(sampleKey)b\(sampleKey)"
    let masked = "a\(String(repeating: "*", count: sampleKey.utf8.count))b"
    for size in 1...text.utf8.count {
      let bytes = Array(text.utf8)
      let chunks = stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      }
      let result = key.masking(chunks)
      #expect(result.map(\.count) == chunks.map(\.count))
      #expect(String(decoding: result.joined(), as: UTF8.self).hasPrefix(masked))
    }
    let placeholder = try APIKey("EMPTY", source: "BRAIN_LLM_API_KEY")
    #expect(placeholder.masking("EMPTY") == "EMPTY")
  }
}
