import Foundation
import Mathematics
import TestKit
import Testing

@testable import Research

/// BM25 as the formula says it, document by document.
private func plainScores(
  _ documents: [[String]], _ query: [String: Double]
) -> [Double] {
  let total = Double(documents.count)
  let mean = Double(documents.reduce(0) { $0 + $1.count }) / total
  return documents.map { document in
    query.keys.sorted().reduce(0.0) { sum, word in
      let holders = Double(documents.count { $0.contains(word) })
      let times = Double(document.count { $0 == word })
      let rarity = log(1 + (total - holders + 0.5) / (holders + 0.5))
      let length = 1 - 0.75 + 0.75 * Double(document.count) / mean
      return sum + (query[word] ?? 0) * rarity * times * 2.5 / (times + 1.5 * length)
    }
  }
}

@Suite("Search index")
struct SearchIndexTests {
  private static func documents(_ count: Int, seed: UInt64) -> [[String]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        "w\(Int.random(in: 0...30, using: &generator))"
      }
    }
  }

  @Test("inverted lists score as the plain formula does", arguments: [1, 2, 3] as [UInt64])
  func oracle(seed: UInt64) {
    let documents = Self.documents(60, seed: seed)
    let index = SearchIndex(documents: documents)
    for words in [["w1"], ["w2", "w3"], ["w4", "w4", "w29"], ["nowhere"], []] {
      let query = SearchQuery(words: words)
      var weights: [String: Double] = [:]
      for word in words { weights[word, default: 0] += 1 }
      let expected = plainScores(documents, weights)
      let scores = index.scores(of: query)
      for position in documents.indices {
        #expect(agree(scores[position], expected[position]), "seed \(seed), \(words)")
      }
      let hits = index.search(query, limit: 7)
      let ranked = scores.indices.filter { scores[$0] > 0 }
        .sorted { scores[$0] > scores[$1] || scores[$0] == scores[$1] && $0 < $1 }
      #expect(hits.map(\.position) == Array(ranked.prefix(7)))
    }
  }

  @Test("K3: idf overlap of a, b, a with a document of a and c among five, two of which have a")
  func overlap() {
    let index = SearchIndex(documents: [["a", "c"], ["a"], ["d"], ["d"], ["c"]])
    let scores = index.scores(of: SearchQuery(words: ["a", "b", "a"]), by: .idfOverlap)
    #expect(abs(scores[0] - 3.386294) < 1e-6)
    #expect(scores[2] == 0)
  }

  @Test("a word finds longer words that begin with it, at less weight")
  func prefixes() {
    let index = SearchIndex(
      documents: ["act_q_eps_surprisemean", "other_surprise", "eps_mean", "sur"].map {
        Tokenizer.words(of: $0)
      })
    let hits = index.search(SearchQuery(words: ["surprise"]), limit: 9)
    #expect(hits.map(\.position) == [1, 0])
    let parts = index.search(SearchQuery(words: ["eps", "surprise"]), limit: 9)
    #expect(Set(parts.map(\.position)) == [0, 1, 2], "the parts of an identifier are words")
  }

  @Test("equal documents come in their order, and documents without any word do not come at all")
  func ties() {
    let index = SearchIndex(documents: [["b"], ["a"], ["a"], [], ["a"]])
    #expect(index.search(SearchQuery(words: ["a"]), limit: 9).map(\.position) == [1, 2, 4])
    #expect(index.search(SearchQuery(words: ["a"]), limit: 2).map(\.position) == [1, 2])
    #expect(index.search(SearchQuery(), limit: 9).isEmpty)
    #expect(SearchIndex(documents: []).search(SearchQuery("a"), limit: 9).isEmpty)
    #expect(SearchIndex(documents: [[], []]).scores(of: SearchQuery("a")) == [0, 0])
  }

  @Test("an index survives its bytes, and bytes that break a bound are no index")
  func bytes() throws {
    let index = SearchIndex(documents: Self.documents(40, seed: 9) + [["거래", "래량"]])
    var writer = ByteWriter()
    index.write(to: &writer)
    var reader = ByteReader(writer.bytes, from: 0)
    #expect(SearchIndex(reading: &reader) == index)
    #expect(reader.isAtEnd)
    for cut in stride(from: 0, to: writer.bytes.count, by: 37) {
      var reader = ByteReader(Array(writer.bytes[..<cut]), from: 0)
      #expect(SearchIndex(reading: &reader) == nil)
    }
    var generator = SplitMix64(seed: 4)
    for _ in 0..<200 {
      var bytes = writer.bytes
      bytes[Int.random(in: bytes.indices, using: &generator)] ^= 0x80
      var reader = ByteReader(bytes, from: 0)
      // Whatever is accepted must be safe to ask.
      if let changed = SearchIndex(reading: &reader) {
        _ = changed.search(SearchQuery("w1 w2 거래량"), limit: 5)
      }
    }
  }

  @Test("equal documents give equal fingerprints, others do not")
  func fingerprint() {
    let documents = Self.documents(10, seed: 5)
    #expect(
      SearchIndex(documents: documents).fingerprint == SearchIndex(documents: documents).fingerprint
    )
    #expect(
      SearchIndex(documents: documents).fingerprint
        != SearchIndex(documents: documents.reversed()).fingerprint)
  }
}
