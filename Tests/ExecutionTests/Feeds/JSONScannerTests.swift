import Essentials
import Mathematics
import Testing

@testable import Execution

/// A message with some of its bytes changed, removed, doubled or moved.
struct MessageMutation {
  private var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  private static let marks = Array("{}[]\",:0159.-+eE\\unatrfls \n\u{1}".utf8) + [0x80, 0xC3, 0xFF]

  mutating func callAsFunction(_ message: String) -> [UInt8] {
    var bytes = Array(message.utf8)
    for _ in 0...Int.random(in: 0...2, using: &generator) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 1:
        bytes[place] = Self.marks[Int.random(in: 0..<Self.marks.count, using: &generator)]
      case 2: bytes.remove(at: place)
      case 3:
        bytes.insert(
          Self.marks[Int.random(in: 0..<Self.marks.count, using: &generator)], at: place)
      case 4: bytes.removeSubrange(place...)
      default:
        let end = Int.random(in: place..<min(bytes.count, place + 20), using: &generator)
        bytes.insert(contentsOf: bytes[place...end], at: place)
      }
    }
    return bytes
  }
}

@Suite("JSON scanner")
struct JSONScannerTests {
  private static func isDocument(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { JSONScanner.isDocument($0) }
  }

  /// Whether a tree can be made of the bytes, or could if doubles reached far enough.
  private static func isTree(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    do throws(JSONMistake) {
      _ = try JSONValue(parsing: text)
      return true
    } catch {
      return error.expectation.contains("range of a double") ? isDocument(bytes) : false
    }
  }

  @Test(
    "what is JSON is a document, what is not is none",
    arguments: [
      "{}", "[]", " [ ] ", "0", "-0", "-0.5e-3", "\"\"", "true", "null",
      "[1,[2,[3,{}]],{\"a\":[]}]",
      "{\"a\":1,\"a\":2}", "\"\\u00e9\\ud83d\\ude00\\n\"", "\"é😀\"", "", " ", "{", "}", "[1,]",
      "{\"a\"}", "{\"a\":}", "{a:1}", "01", "1.", ".5", "+1", "1e", "tru", "nul", "[1 2]",
      "\"\\x\"",
      "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\u{1}\"", "\"a", "{}{}", "[1}",
      "{\"a\":1]",
      "[[]", "[]]", "{\"a\":{\"b\":[{}]},\"c\":[[],{}]}",
    ])
  func table(text: String) {
    #expect(Self.isDocument(Array(text.utf8)) == Self.isTree(Array(text.utf8)))
  }

  @Test(
    "bytes that are no UTF-8 are none",
    arguments: [
      [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    #expect(!Self.isDocument([0x22] + bytes + [0x22]))
  }

  @Test("mutated messages are JSON for the scanner where they are for the tree")
  func mutations() {
    var mutate = MessageMutation(seed: 20_240_808)
    var documents = 0
    for round in 0..<200 {
      for message in FeedSamples.all {
        let bytes = mutate(message.text)
        let isTree = Self.isTree(bytes)
        documents += isTree ? 1 : 0
        guard Self.isDocument(bytes) == isTree else {
          Issue.record("round \(round): \(String(decoding: bytes, as: UTF8.self))")
          return
        }
      }
    }
    #expect(documents > 100)
  }

  @Test("nesting is bounded, whatever the kind of bracket")
  func depth() {
    let deep = JSONScanner.depthMax
    for (open, close) in [("[", "]"), ("{\"a\":[", "]}")] {
      let fits = deep / (open.count > 1 ? 2 : 1)
      let text = { (count: Int) in
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
      }
      #expect(Self.isDocument(Array(text(fits).utf8)))
      #expect(!Self.isDocument(Array(text(fits + 1).utf8)))
    }
  }
}
