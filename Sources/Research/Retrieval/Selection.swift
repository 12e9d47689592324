import Essentials
import Mathematics

// The ways in which rows are chosen. All of them work on positions and break ties by the smaller
// one, so that equal inputs choose equal rows.

/// How many rows of a kind each lane takes.
struct LaneShares: Hashable {
  let exploit: Int
  let explore: Int

  /// Divides `available` rows. Where all fit, the lanes keep their proportions, and the explore lane
  /// has at least one row of two or more, unless it has no room at all.
  init(available: Int, room: (total: Int, explore: Int)) {
    let total = min(room.total, available)
    guard room.explore > 0, total > 1 else {
      (exploit, explore) = (total, 0)
      return
    }
    let proportional = Double(total) * Double(room.explore) / Double(room.total)
    explore = min(total - 1, max(1, Int(proportional.rounded())))
    exploit = total - explore
  }
}

enum Normalization {
  /// Stretches values to [0, 1]; values that are all equal become 1 where they are above 0, else 0.
  static func minMax(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max() else { return [] }
    guard high > low else { return values.map { $0 > 0 ? 1 : 0 } }
    return values.map { ($0 - low) / (high - low) }
  }

  /// Stretches the logarithms of counts to [0, 1], so that one crowded row does not flatten the rest.
  static func logarithmic(_ counts: [Int]) -> [Double] {
    minMax(counts.map { Elementary.log(1 + Double(max(0, $0))) })
  }
}

/// A draw without replacement in which heavier rows are likelier to come first.
///
/// Each row gets the key ln(u) / weight with a uniform u of its own, and the largest keys come first
/// (Efraimidis & Spirakis, Weighted random sampling with a reservoir, 2006).
struct WeightedDraw {
  private var generator: SplitMix64

  /// Begins a draw of its own for each purpose, idea and seed.
  init(seed: UInt64, idea: String, purpose: String) {
    let digest = Fingerprint(of: "\(seed)\n\(purpose)\n\(idea)").hexadecimal
    generator = SplitMix64(seed: UInt64(digest.prefix(16), radix: 16) ?? seed)
  }

  /// Returns the positions in the order of the draw. Weights must be above 0.
  mutating func order(weights: [Double]) -> [Int] {
    let keys = weights.map { weight in
      // A uniform in (0, 1], so that its logarithm is finite.
      Elementary.log(1 - generator.nextUniform()) / weight
    }
    return keys.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }
  }
}

/// A choice that is relevant and varied: maximal marginal relevance (Carbonell & Goldstein, 1998).
struct VariedChoice {
  /// What relevance counts against likeness to what was chosen before.
  static let relevanceShare = 0.75

  /// The words of each row with their weights, as sorted numbers.
  private let words: [[Int]]
  private let weights: [Double]

  /// Takes the texts of the rows; a word weighs the more, the fewer rows have it.
  init(texts: [String]) {
    var numbers: [String: Int] = [:]
    var counts: [Int] = []
    words = texts.map { text in
      var row: Set<Int> = []
      for word in Tokenizer.words(of: text) {
        let number = numbers[word] ?? counts.count
        if number == counts.count {
          numbers[word] = number
          counts.append(0)
        }
        if row.insert(number).inserted { counts[number] += 1 }
      }
      return row.sorted()
    }
    weights = counts.map { Elementary.log(1 + Double(texts.count) / Double($0)) }
  }

  /// Returns up to `count` positions: first those of `ahead`, then one after the other the row with
  /// the best mixture of relevance and difference.
  /// - Parameter limit: the kind of each row, and how many rows of each kind may be chosen.
  func choose(
    _ count: Int, relevance: [Double], ahead: [Int] = [],
    limit: (kinds: [Int], most: [Int])? = nil
  ) -> [Int] {
    var chosen: [Int] = []
    var counts = [Int](repeating: 0, count: limit?.most.count ?? 0)
    var likeness = [Double](repeating: 0, count: relevance.count)
    var isFree = [Bool](repeating: true, count: relevance.count)
    func take(_ position: Int) {
      chosen.append(position)
      isFree[position] = false
      if let limit { counts[limit.kinds[position]] += 1 }
      for other in isFree.indices where isFree[other] {
        likeness[other] = max(likeness[other], self.likeness(position, other))
      }
    }
    for position in ahead where chosen.count < count && isFree[position] { take(position) }
    while chosen.count < count {
      var best: (position: Int, merit: Double)?
      for position in isFree.indices where isFree[position] {
        if let limit, counts[limit.kinds[position]] >= limit.most[limit.kinds[position]] {
          continue
        }
        let merit =
          Self.relevanceShare * relevance[position]
          - (1 - Self.relevanceShare) * likeness[position]
        if merit > best?.merit ?? -.infinity { best = (position, merit) }
      }
      guard let best else { break }
      take(best.position)
    }
    return chosen
  }

  /// The weight of common words over that of all words of two rows.
  private func likeness(_ left: Int, _ right: Int) -> Double {
    let (a, b) = (words[left], words[right])
    var (i, j, common, all) = (0, 0, 0.0, 0.0)
    while i < a.count || j < b.count {
      if j == b.count || i < a.count && a[i] < b[j] {
        all += weights[a[i]]
        i += 1
      } else if i == a.count || b[j] < a[i] {
        all += weights[b[j]]
        j += 1
      } else {
        common += weights[a[i]]
        all += weights[a[i]]
        i += 1
        j += 1
      }
    }
    return all > 0 ? common / all : 0
  }
}
