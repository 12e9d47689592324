/// Counts the tokens of a text exactly, as a model with this encoding sees it.
///
/// A text is cut into pieces by the encoding's rule. The bytes of a piece are merged, always the
/// adjacent pair whose joined bytes have the lowest rank, leftmost first, until no pair is a token
/// (Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", 2016,
/// on bytes). Special tokens are not recognized: in a prompt they are text. Cost: a piece of n bytes
/// takes n log n steps, so no text can stall the counter.
package struct BytePairEncoding: Sendable {
  private let table: RankTable
  private let rule: SplitRule

  package init(table: RankTable, rule: SplitRule) {
    self.table = table
    self.rule = rule
  }

  /// How many tokens a text has.
  package func count(_ text: String) -> Int {
    rule.pieces(of: text).reduce(0) { $0 + (table.rank(of: $1) != nil ? 1 : merged($1).count) }
  }

  /// The ranks of a text's tokens.
  package func ranks(of text: String) -> [Int32] {
    rule.pieces(of: text).flatMap { piece -> [Int32] in
      if let rank = table.rank(of: piece) { return [rank] }
      // Every single byte is a token and merges make nothing else, so each part has a rank.
      return merged(piece).compactMap { table.rank(of: piece[$0]) }
    }
  }

  /// The parts that a piece is merged into.
  private func merged(_ piece: ArraySlice<UInt8>) -> [Range<Int>] {
    let count = piece.count
    let base = piece.startIndex
    // Part i begins at byte i; a part that was merged away has no successor of its own.
    var next = Array(1...count)
    var previous = Array(-1..<(count - 1))
    var isGone = [Bool](repeating: false, count: count)
    var queue = PairQueue()

    func offer(_ left: Int) {
      let right = next[left]
      guard right < count else { return }
      let end = next[right]
      if let rank = table.rank(of: piece[(base + left)..<(base + end)]) {
        queue.add(MergeablePair(rank: rank, left: Int32(left), end: Int32(end)))
      }
    }

    for left in 0..<(count - 1) { offer(left) }
    while let pair = queue.takeFirst() {
      let left = Int(pair.left)
      // The pair may have been offered before one of its halves was merged with another.
      guard !isGone[left], next[left] < count, next[next[left]] == Int(pair.end) else { continue }
      let right = next[left]
      isGone[right] = true
      next[left] = Int(pair.end)
      if Int(pair.end) < count { previous[Int(pair.end)] = left }
      offer(left)
      if previous[left] >= 0 { offer(previous[left]) }
    }

    var parts: [Range<Int>] = []
    var start = 0
    while start < count {
      parts.append((base + start)..<(base + next[start]))
      start = next[start]
    }
    return parts
  }
}

/// Two adjacent parts whose joined bytes are a token.
private struct MergeablePair: Comparable {
  let rank: Int32
  let left: Int32
  let end: Int32

  static func < (one: Self, other: Self) -> Bool {
    (one.rank, one.left) < (other.rank, other.left)
  }
}

/// A binary heap: the pair of the lowest rank first, the leftmost of equals.
private struct PairQueue {
  private var pairs: [MergeablePair] = []

  mutating func add(_ pair: MergeablePair) {
    pairs.append(pair)
    var place = pairs.count - 1
    while place > 0, pairs[place] < pairs[(place - 1) / 2] {
      pairs.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func takeFirst() -> MergeablePair? {
    guard let first = pairs.first else { return nil }
    let last = pairs.removeLast()
    guard !pairs.isEmpty else { return first }
    pairs[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < pairs.count && pairs[child] < pairs[least] {
        least = child
      }
      if least == place { return first }
      pairs.swapAt(place, least)
      place = least
    }
  }
}
