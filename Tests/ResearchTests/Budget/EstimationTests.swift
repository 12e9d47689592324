import Essentials
import Foundation
import Mathematics
import TestKit
import Testing

@testable import Research

@Suite("Estimation")
struct EstimationTests {
  @Test(
    "the contract value is characters divided by four, rounded up",
    arguments: [
      (nil, 0), ("", 0), ("abcd", 1), ("abcde", 2), ("한국어", 1),
      (String(repeating: "x", count: 36_488), 9_122),
    ] as [(String?, Int)])
  func contract(text: String?, tokens: Int) {
    #expect(RoughEstimate.tokens(text) == tokens)
  }

  @Test("a count of characters is never a negative number of tokens and never overflows")
  func counts() {
    #expect(RoughEstimate.tokens(characters: -5) == 0)
    #expect(RoughEstimate.tokens(characters: .max) == .max / 4 + 1)
  }

  @Test(
    "the script-aware estimate knows that Korean takes more, and is never below the contract",
    arguments: [("한국어", 3), ("你好，世界", 6), ("🚀🚀", 6), ("abcd", 1), ("naïve café", 3), ("", 0)])
  func scripts(text: String, atLeast: Int) {
    #expect(RoughEstimate.scriptAware(text) >= atLeast)
    #expect(RoughEstimate.scriptAware(text) >= RoughEstimate.tokens(text))
  }

  @Test("without samples a bound is the estimate, and with few it covers all that was seen")
  func beginning() {
    var calibration = TokenCalibration()
    #expect(calibration.bound(model: "m", rough: 10, scriptAware: 8) == 10)
    #expect(calibration.bound(model: "m", rough: 10, scriptAware: 30) == 30)
    calibration.learn(model: "m", basis: 100, actual: 150)
    calibration.learn(model: "m", basis: 100, actual: 50)
    #expect(calibration.bound(model: "m", rough: 100, scriptAware: 100) == 150)
    #expect(calibration.bound(model: "other", rough: 100, scriptAware: 100) == 100)
    for _ in 0..<(TokenCalibration.samplesNeeded - 3) {
      calibration.learn(model: "m", basis: 100, actual: 50)
    }
    #expect(calibration.bound(model: "m", rough: 100, scriptAware: 100) == 150)
  }

  @Test("with enough samples the bound falls to what the model takes, with its margin")
  func learned() {
    var calibration = TokenCalibration()
    for _ in 0..<300 { calibration.learn(model: "m", basis: 1_000, actual: 500) }
    #expect(calibration.bound(model: "m", rough: 1_000, scriptAware: 1_000) == 510)
    for _ in 0..<600 { calibration.learn(model: "m", basis: 1_000, actual: 800) }
    #expect(calibration.sampleCount("m") == TokenCalibration.samplesMax)
    #expect(calibration.bound(model: "m", rough: 1_000, scriptAware: 1_000) == 816)
  }

  @Test("the bound covers at least its share of calls that are like those before", arguments: 1...3)
  func coverage(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    var calibration = TokenCalibration()
    var covered = 0
    let trials = 3_000
    for trial in 0..<(trials + 200) {
      let basis = Int.random(in: 200...9_000, using: &chance)
      let spread =
        Double.random(in: 0.6...1.1, using: &chance)
        * Double.random(in: 0.8...1.3, using: &chance)
      let actual = max(1, Int(Double(basis) * spread))
      if trial >= 200 {
        covered += actual <= calibration.bound(model: "m", rough: basis, scriptAware: basis) ? 1 : 0
      }
      calibration.learn(model: "m", basis: basis, actual: actual)
    }
    #expect(Double(covered) / Double(trials) >= 0.985, "seed \(seed)")
  }

  @Test("nonsense is not learned, and made-up names do not fill the memory")
  func nonsense() {
    var calibration = TokenCalibration()
    calibration.learn(model: "m", basis: 0, actual: 5)
    calibration.learn(model: "m", basis: 5, actual: 0)
    #expect(calibration.sampleCount("m") == 0)
    calibration.learn(model: "m", basis: 1, actual: 1_000_000_000)
    #expect(calibration.bound(model: "m", rough: 1, scriptAware: 1) == 2_148)
    for name in 0..<400 { calibration.learn(model: "m\(name)", basis: 1, actual: 1) }
    #expect(calibration.sampleCount("m254") == 1 && calibration.sampleCount("m255") == 0)
  }
}

@Suite("Prompt estimator")
struct PromptEstimatorTests {
  private let text = "안녕 rank(close)"

  @Test("each way of bounding a prompt gives its own bound and the same basis to learn from")
  func ways() {
    var calibration = TokenCalibration()
    for _ in 0..<200 { calibration.learn(model: "m", basis: 100, actual: 300) }
    func bound(_ way: BudgetConfiguration.PromptBound) -> PromptEstimate {
      PromptEstimator(bound: way).estimate(text, model: "m", calibration: calibration)
    }
    let basis = RoughEstimate.scriptAware(text)
    #expect(bound(.rough) == PromptEstimate(tokensMax: 4, basis: basis, isExact: false))
    #expect(bound(.bytes) == PromptEstimate(tokensMax: 18, basis: basis, isExact: false))
    #expect(bound(.calibrated).tokensMax == (basis * 306 + 99) / 100)
  }

  @Test("a model with a rank file is counted exactly, whoever serves it, and nothing is learned")
  func exact() throws {
    let lines = (0...255).map { "\(Data([UInt8($0)]).base64EncodedString()) \($0)" }
    let table = try RankTable(text: Array(lines.joined(separator: "\n").utf8), path: "bytes")
    let counter = PromptEstimator.Counter(
      models: ["gpt-5"], encoding: BytePairEncoding(table: table, rule: .o200k))
    let estimator = PromptEstimator(bound: .calibrated, counters: [counter])
    #expect(estimator.models == ["gpt-5"])
    let exact = estimator.estimate(
      text, model: "OpenRouter/openai/GPT-5.2", messages: 2, calibration: TokenCalibration())
    #expect(exact == PromptEstimate(tokensMax: 18 + 11, basis: 0, isExact: true))
    let other = estimator.estimate(text, model: "claude", calibration: TokenCalibration())
    #expect(!other.isExact)
  }
}

@Suite("Byte-pair encoding")
struct BytePairEncodingTests {
  /// The single bytes in their order, then merges of a small language.
  private static func encoding(_ merges: [String], rule: SplitRule = .cl100k) throws
    -> BytePairEncoding
  {
    let tokens = (0...255).map { [UInt8($0)] } + merges.map { Array($0.utf8) }
    return BytePairEncoding(table: try table(tokens), rule: rule)
  }

  private static func table(_ tokens: [[UInt8]]) throws -> RankTable {
    let lines = tokens.enumerated().map { "\(Data($1).base64EncodedString()) \($0)" }
    return try RankTable(text: Array(lines.joined(separator: "\n").utf8), path: "made")
  }

  @Test("the pair of the lowest rank is merged first, the leftmost of equals")
  func order() throws {
    let encoding = try Self.encoding(["bc", "ab", "abc", "aa", "aaa"])
    // bc before ab, so a + bc; then abc is a token.
    #expect(encoding.ranks(of: "abc") == [258])
    #expect(encoding.ranks(of: "abd") == [257, 100])
    #expect(encoding.ranks(of: "xbcx") == [120, 256, 120])
    // ab first, then the left aa, which the third a joins.
    #expect(encoding.ranks(of: "aaaab") == [260, 257])
    #expect(encoding.ranks(of: "") == [])
  }

  @Test("the heap merges as the plain loop does", arguments: 1...5)
  func oracle(seed: UInt64) throws {
    var chance = SplitMix64(seed: seed)
    let letters = Array("abcde".utf8)
    var merges: Set<[UInt8]> = []
    while merges.count < 60 {
      let length = Int.random(in: 2...5, using: &chance)
      merges.insert((0..<length).map { _ in letters[Int.random(in: 0..<5, using: &chance)] })
    }
    let tokens = (0...255).map { [UInt8($0)] } + merges.sorted { $0.lexicographicallyPrecedes($1) }
    let table = try Self.table(tokens)
    let encoding = BytePairEncoding(table: table, rule: .cl100k)
    for _ in 0..<60 {
      let length = Int.random(in: 1...40, using: &chance)
      let text = (0..<length).map { _ in letters[Int.random(in: 0..<5, using: &chance)] }
      #expect(
        encoding.ranks(of: String(decoding: text, as: UTF8.self)) == Self.plain(text, table),
        "seed \(seed)")
    }
  }

  /// Merges by looking at all pairs each time.
  private static func plain(_ text: [UInt8], _ table: RankTable) -> [Int32] {
    if let rank = table.rank(of: text[...]) { return [rank] }
    var parts = text.map { [$0] }
    while true {
      let ranked = parts.indices.dropLast().compactMap { place in
        table.rank(of: (parts[place] + parts[place + 1])[...]).map { (rank: $0, place: place) }
      }
      guard let best = ranked.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { break }
      parts[best.place] += parts.remove(at: best.place + 1)
    }
    return parts.compactMap { table.rank(of: $0[...]) }
  }

  @Test("a long piece is counted without stalling")
  func long() throws {
    let encoding = try Self.encoding(["aa", "aaaa"])
    #expect(encoding.count(String(repeating: "a", count: 20_000)) == 5_000)
  }

  @Test(
    "texts are cut as the rules of the encodings say",
    arguments: [
      (SplitRule.cl100k, "I'll don't WE'RE", ["I", "'ll", " don", "'t", " WE", "'RE"]),
      (.o200k, "I'll don't WE'RE", ["I'll", " don't", " WE'RE"]),
      (.p50k, "I'll don't WE'RE", ["I", "'ll", " don", "'t", " WE", "'", "RE"]),
      (.cl100k, "1234567890", ["123", "456", "789", "0"]), (.p50k, "a 1234", ["a", " 1234"]),
      (.cl100k, " \n\n  x", [" \n\n", " ", " x"]), (.o200k, " \n\n  x", [" \n\n", " ", " x"]),
      (.p50k, " \n\n  x", [" \n\n ", " x"]), (.cl100k, "a  \n ", ["a", "  \n "]),
      (.o200k, "a  \n ", ["a", "  \n", " "]),
      (
        .cl100k, "ts_rank(close, 20) * -1;",
        ["ts", "_rank", "(close", ",", " ", "20", ")", " *", " -", "1", ";"]
      ),
      (.o200k, "HTTPServer nowHere", ["HTTPServer", " now", "Here"]),
      (.o200k, "//x/\n/", ["//", "x", "/\n/"]), (.cl100k, "//x/\n/", ["//", "x", "/\n", "/"]),
      (.cl100k, "naïve café", ["naïve", " café"]), (.cl100k, "", []),
      (.o200k, "한국어 Ⅷ", ["한국어", " ", "Ⅷ"]), (.cl100k, "!!\r\nx", ["!!\r\n", "x"]),
      (.cl100k, "e\u{301}x", ["e", "\u{301}x"]), (.o200k, "e\u{301}x", ["e\u{301}x"]),
    ])
  func pieces(rule: SplitRule, text: String, pieces: [String]) {
    let cut = rule.pieces(of: text).map { String(decoding: $0, as: UTF8.self) }
    #expect(cut.map { Array($0.unicodeScalars) } == pieces.map { Array($0.unicodeScalars) })
  }

  @Test(
    "a rank file that cannot be used says which line and why",
    arguments: [
      ("", "holds no tokens"), ("YQ==", "Line 1 of f has no space"), ("Y!== 0", "Line 1"),
      ("YQ== x", "does not end with a rank"), ("YQ== 0\nYQ== 1", "repeats a token"),
      ("YQ== 0", "without byte 0"), ("=Q== 0", "base 64"), ("YQ=x 0", "base 64"),
    ])
  func defects(text: String, words: String) {
    let failure = #expect(throws: RankFileFailure.self) {
      try RankTable(text: Array(text.utf8), path: "f")
    }
    #expect(failure?.explanation.contains(words) == true, "\(failure?.explanation ?? "")")
  }

  /// The folder of real rank files, named as their encodings with `.tiktoken`.
  private static let folder = ProcessInfo.processInfo.environment["ATHANOR_RANKS"]

  @Test(
    "real rank files give the tokens that tiktoken gives",
    .enabled(if: folder != nil, "set ATHANOR_RANKS to a folder of rank files"),
    arguments: [
      ("hello world", [15339, 1917], [24912, 2375]),
      ("tiktoken is great!", [83, 1609, 5963, 374, 2294, 0], [83, 8251, 2488, 382, 2212, 0]),
      (
        "ts_rank(close, 20) * -1;", [2641, 21048, 69990, 11, 220, 508, 8, 353, 482, 16, 26],
        [1561, 52820, 147863, 11, 220, 455, 8, 425, 533, 16, 26]
      ), (" \n\n  x", [4815, 220, 865], [1202, 220, 1215]),
      ("你好，世界", [57668, 53901, 3922, 3574, 244, 98220], [177519, 979, 28428]),
      ("naïve café", [3458, 38672, 588, 53050], [1503, 9954, 737, 30469]),
      ("🚀🚀", [9468, 248, 222, 9468, 248, 222], [112927, 222, 112927, 222]),
      ("1234567890", [4513, 10961, 16474, 15], [7633, 19354, 29338, 15]),
      ("I'll don't WE'RE", [40, 3358, 1541, 956, 20255, 95253], [67504, 4128, 26919, 6, 1099]),
    ] as [(String, [Int32], [Int32])])
  func real(text: String, cl100k: [Int32], o200k: [Int32]) throws {
    #expect(try Self.real(.cl100k).ranks(of: text) == cl100k)
    #expect(try Self.real(.o200k).ranks(of: text) == o200k)
  }

  private static func real(_ rule: SplitRule) throws -> BytePairEncoding {
    let path = "\(folder ?? "")/\(rule.rawValue).tiktoken"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return BytePairEncoding(table: try RankTable(text: Array(bytes), path: path), rule: rule)
  }
}
