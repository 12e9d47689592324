import Essentials
import Foundation
import Research
import Synchronization
import TestKit
import Testing

@Suite("The cache of answers")
struct ResponseCacheTests {
  /// A model that counts its calls and answers each with another text.
  private final class Counter: LanguageModel {
    let identity = ModelIdentity(provider: "openai", model: "gpt-5.2")
    private let count = Atomic(0)
    private let outcome: @Sendable (Int) -> ModelOutcome

    init(_ outcome: @escaping @Sendable (Int) -> ModelOutcome) { self.outcome = outcome }

    convenience init() {
      self.init {
        .answered(
          ModelAnswer(
            text: "größer \($0)", usage: ["total_tokens": 12], responseID: "resp_\($0)"))
      }
    }

    var calls: Int { count.load(ordering: .relaxed) }

    func answer(_ call: ModelCall) async -> ModelOutcome {
      outcome(count.add(1, ordering: .relaxed).newValue)
    }
  }

  private final class Reports: Sendable {
    private let kept = Mutex<[CacheDefect]>([])
    var all: [CacheDefect] { kept.withLock { $0 } }
    func add(_ defect: CacheDefect) { kept.withLock { $0.append(defect) } }
  }

  private let scratch: ScratchFolder
  private let cache: ResponseCache
  private let reports = Reports()

  init() throws {
    scratch = try ScratchFolder()
    cache = ResponseCache(folder: scratch.url.appendingPathComponent("answers").path)
  }

  private func cached(_ model: Counter, tuning: ModelTuning = .plain) -> CachedLanguageModel {
    let reports = reports
    return CachedLanguageModel(model, tuning: tuning, cache: cache) { reports.add($0) }
  }

  private func path(_ model: Counter) -> String {
    cache.path(of: ResponseCache.fingerprint(model.identity, .plain, .sample))
  }

  @Test("the same call is asked once, and its answer from the cache costs nothing")
  func hit() async throws {
    let model = Counter()
    let first = try #require(await cached(model).answer(.sample).answer)
    #expect(!first.isFromCache)
    #expect(first.usage != nil)
    let second = try #require(await cached(model).answer(.sample).answer)
    #expect(second.text == first.text)
    #expect(second.responseID == first.responseID)
    #expect(second.isFromCache && second.isComplete)
    #expect(second.usage == nil)
    #expect(model.calls == 1)
    #expect(cached(model).identity == model.identity)
  }

  @Test("whatever decides about an answer makes another entry")
  func content() {
    let identity = ModelIdentity(provider: "openai", model: "gpt-5.2")
    var fingerprints: Set<Fingerprint> = []
    func add(
      _ identity: ModelIdentity = identity, _ tuning: ModelTuning = .plain,
      _ change: (inout ModelCall) -> Void = { _ in }
    ) {
      var call = ModelCall.sample
      change(&call)
      fingerprints.insert(ResponseCache.fingerprint(identity, tuning, call))
    }
    add()
    add(ModelIdentity(provider: "chat", model: "gpt-5.2"))
    add(ModelIdentity(provider: "openai", model: "gpt-5"))
    add(identity, ModelTuning(effort: .low))
    add { $0.stage = .repair }
    add { $0.instructions += " " }
    add { $0.prompt += " " }
    add { $0.schemaName += "x" }
    add { $0.schema = [:] }
    add { $0.maxOutputTokens += 1 }
    add { $0.seed += 1 }
    #expect(fingerprints.count == 11)
    // The values repeat what the texts say, and are for models that do not read.
    add { $0.subject = .idea(notes: ["a": 1]) }
    #expect(fingerprints.count == 11)
  }

  @Test("an entry that was damaged anywhere is a miss, is reported, and is written anew")
  func damage() async throws {
    let model = Counter()
    _ = await cached(model).answer(.sample)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path(model)))
    var expected = 0
    for place in stride(from: 0, to: whole.count - 1, by: 7) {
      var bytes = whole
      bytes[place] ^= 1
      // A change of the white space between members changes nothing that is read.
      if let text = String(data: bytes, encoding: .utf8),
        let document = try? JSONValue(parsing: text),
        try document == JSONValue(parsing: String(decoding: whole, as: UTF8.self))
      {
        continue
      }
      try bytes.write(to: URL(fileURLWithPath: path(model)))
      expected += 1
      let answer = await cached(model).answer(.sample).answer
      #expect(answer?.isFromCache == false, "byte \(place)")
      #expect(reports.all.count == expected)
      #expect(await cached(model).answer(.sample).answer?.isFromCache == true)
      try whole.write(to: URL(fileURLWithPath: path(model)))
    }
    #expect(expected > 30)
    for text in ["", "{", "[]", String(decoding: whole.prefix(40), as: UTF8.self)] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path(model)))
      guard
        case .damaged(let defect) = cache.find(
          ResponseCache.fingerprint(model.identity, .plain, .sample))
      else {
        Issue.record("\(text) was accepted")
        continue
      }
      #expect(defect.outcome == .integrityViolated)
      #expect(defect.description.contains(defect.path))
    }
  }

  @Test("an entry under another call's name is no answer to it")
  func misplaced() async throws {
    let model = Counter()
    _ = await cached(model).answer(.sample)
    var other = ModelCall.sample
    other.seed = 1
    let target = cache.path(of: ResponseCache.fingerprint(model.identity, .plain, other))
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path(model), toPath: target)
    #expect(await cached(model).answer(other).answer?.isFromCache == false)
    #expect(reports.all.count == 1)
  }

  @Test("only whole answers are kept")
  func incomplete() async {
    for outcome in [
      ModelOutcome.answered(ModelAnswer(text: "{", usage: nil, isComplete: false)),
      .lost(CacheDefect(path: "", reason: ""), partial: ModelAnswer(text: "{", usage: nil)),
      .refused(CacheDefect(path: "", reason: "")),
    ] {
      let model = Counter { _ in outcome }
      _ = await cached(model).answer(.sample)
      _ = await cached(model).answer(.sample)
      #expect(model.calls == 2)
    }
  }

  @Test("entries are for their owner's eyes, and no half of one is left behind")
  func files() async throws {
    let model = Counter()
    _ = await cached(model).answer(.sample)
    let attributes = try FileManager.default.attributesOfItem(atPath: path(model))
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    let folder = (path(model) as NSString).deletingLastPathComponent
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
  }

  @Test("a folder that cannot be written is reported, and the answer is used")
  func unwritable() async throws {
    let file = scratch.url.appendingPathComponent("answers")
    try Data().write(to: file)
    let model = Counter()
    #expect(await cached(model).answer(.sample).answer?.text == "größer 1")
    #expect(reports.all.count >= 1)
  }
}
