package import Essentials
import Mathematics

/// An inverted index over short documents, which are known by their positions.
///
/// For each word the documents that hold it are listed once, when the index is made; a query reads
/// only the lists of its own words. Cost of a query: one step for each entry of those lists, and a
/// sort of the hits.
package struct SearchIndex: Hashable, Sendable {
  /// How documents are scored.
  package enum Scoring: String, Hashable, Sendable, CaseIterable {
    /// BM25 (Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, eq. 3.15) with k1
    /// 1.5 and b 0.75. The weight of a word is ln(1 + (N - n + 0.5) / (n + 0.5)), which is never
    /// negative, for N documents of which n hold the word.
    case bm25
    /// The sum of ln((N + 1) / (n + 1)) + 1 over the words of the query that a document holds, however
    /// often it does.
    case idfOverlap = "idf-overlap"
  }

  /// A document that was found.
  package struct Hit: Hashable, Sendable {
    package let position: Int
    /// Above 0.
    package let score: Double
  }

  /// The saturation of repeated words.
  static let k1 = 1.5
  /// How much the length of a document counts.
  static let b = 0.75
  /// The weight of a longer word that begins with a word of the query, such as `surprisemean` for
  /// `surprise`.
  static let prefixWeight = 0.4
  /// Shorter words begin too many others.
  static let prefixCharactersMin = 4
  /// The most longer words that one word of a query may lead to.
  static let prefixWordsMax = 32

  /// The number of words of each document, repetitions counted.
  let lengths: [Int32]
  /// Sorted, each once.
  let vocabulary: [String]
  /// The entries of word `i` are those from `offsets[i]` to before `offsets[i + 1]`.
  let offsets: [Int32]
  /// Positions of documents, ascending for each word.
  let entryDocuments: [Int32]
  /// How often the document holds the word.
  let entryCounts: [Int32]
  private let meanLength: Double

  /// Makes the index of documents that are given as their words.
  package init(documents: [[String]]) {
    var numbers: [String: Int] = [:]
    var lists: [[(document: Int32, count: Int32)]] = []
    for (position, words) in documents.enumerated() {
      for word in words {
        let number = numbers[word] ?? lists.count
        if number == lists.count {
          numbers[word] = number
          lists.append([])
        }
        let last = lists[number].count - 1
        if last >= 0, lists[number][last].document == Int32(position) {
          lists[number][last].count += 1
        } else {
          lists[number].append((Int32(position), 1))
        }
      }
    }
    let vocabulary = numbers.keys.sorted()
    var offsets: [Int32] = [0]
    var entryDocuments: [Int32] = []
    var entryCounts: [Int32] = []
    for list in vocabulary.compactMap({ numbers[$0] }).map({ lists[$0] }) {
      entryDocuments += list.map(\.document)
      entryCounts += list.map(\.count)
      offsets.append(Int32(entryDocuments.count))
    }
    self.init(
      lengths: documents.map { Int32($0.count) }, vocabulary: vocabulary, offsets: offsets,
      entryDocuments: entryDocuments, entryCounts: entryCounts)
  }

  /// Takes the parts as they were stored.
  init(
    lengths: [Int32], vocabulary: [String], offsets: [Int32], entryDocuments: [Int32],
    entryCounts: [Int32]
  ) {
    (self.lengths, self.vocabulary, self.offsets) = (lengths, vocabulary, offsets)
    (self.entryDocuments, self.entryCounts) = (entryDocuments, entryCounts)
    let words = lengths.reduce(0) { $0 + Int($1) }
    meanLength = words == 0 ? 1 : Double(words) / Double(lengths.count)
  }

  package var count: Int { lengths.count }

  /// Equal for indexes that answer every query alike.
  package var fingerprint: Fingerprint {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes.withUnsafeBytes { Fingerprint(of: $0) }
  }

  /// Returns the best documents for a query, the best first, at most `limit`; equal scores keep the
  /// order of positions. Documents that hold no word of the query are no hits.
  package func search(
    _ query: SearchQuery, limit: Int, by scoring: Scoring = .bm25
  ) -> [Hit] {
    let scores = scores(of: query, by: scoring)
    let hits = scores.indices.filter { scores[$0] > 0 }.map { Hit(position: $0, score: scores[$0]) }
    return Array(
      hits.sorted { ($1.score, $0.position) < ($0.score, $1.position) }.prefix(limit))
  }

  /// Returns the score of every document, 0 where it holds no word of the query. Sums run over the
  /// words in alphabetical order.
  package func scores(of query: SearchQuery, by scoring: Scoring = .bm25) -> [Double] {
    var scores = [Double](repeating: 0, count: count)
    let words = resolved(query, by: scoring)
    for (word, weight) in words {
      let entries = Int(offsets[word])..<Int(offsets[word + 1])
      switch scoring {
      case .idfOverlap:
        let gain = weight * idfOverlap(of: entries.count)
        for entry in entries { scores[Int(entryDocuments[entry])] += gain }
      case .bm25:
        let rarity = weight * rarity(of: entries.count)
        for entry in entries {
          let document = Int(entryDocuments[entry])
          let times = Double(entryCounts[entry])
          let length = Double(lengths[document]) / meanLength
          let saturation = times + Self.k1 * (1 - Self.b + Self.b * length)
          scores[document] += rarity * times * (Self.k1 + 1) / saturation
        }
      }
    }
    return scores
  }

  /// The weight of a word that `documents` of all documents hold.
  private func rarity(of documents: Int) -> Double {
    Elementary.log(1 + (Double(count - documents) + 0.5) / (Double(documents) + 0.5))
  }

  private func idfOverlap(of documents: Int) -> Double {
    Elementary.log(Double(count + 1) / Double(documents + 1)) + 1
  }

  /// The words of the vocabulary that a query asks for, by position, ascending.
  private func resolved(
    _ query: SearchQuery, by scoring: Scoring
  ) -> [(word: Int, weight: Double)] {
    var weights: [Int: Double] = [:]
    for term in query.terms {
      let start = lowerBound(of: term.word)
      var position = start
      if position < vocabulary.count, vocabulary[position] == term.word {
        weights[position, default: 0] += term.weight
        position += 1
      }
      guard scoring == .bm25, term.isSaid, term.word.utf8.count >= Self.prefixCharactersMin,
        term.word.utf8.allSatisfy({ $0 < 0x80 })
      else { continue }
      let end = min(vocabulary.count, start + Self.prefixWordsMax)
      while position < end, vocabulary[position].hasPrefix(term.word) {
        let weight = term.weight * Self.prefixWeight
        weights[position] = max(weights[position] ?? 0, weight)
        position += 1
      }
    }
    return weights.keys.sorted().map { ($0, weights[$0] ?? 0) }
  }

  private func lowerBound(of word: String) -> Int {
    var low = 0
    var high = vocabulary.count
    while low < high {
      let middle = (low + high) / 2
      if vocabulary[middle] < word { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
