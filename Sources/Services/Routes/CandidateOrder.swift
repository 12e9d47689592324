import Research

/// In which order candidates are listed.
package struct CandidateOrder: Hashable, Sendable {
  /// What candidates are sorted by.
  package enum Key: String, Hashable, Sendable, CaseIterable {
    case score, sharpe, fitness, turnover, returns, drawdown, margin, coverage, attempts, generation
    case firstSeq = "first_seq"
    case lastSeq = "last_seq"
  }

  /// Whether small values come first.
  package enum Direction: String, Hashable, Sendable, CaseIterable {
    case asc, desc
  }

  package let key: Key
  package let direction: Direction

  package init(key: Key, direction: Direction) {
    self.key = key
    self.direction = direction
  }

  /// Sorts candidates; those without a value come last in either direction, and equal ones stand in
  /// the order in which they appeared, so that pages fit together.
  package func sorted(_ candidates: [RunCandidate]) -> [RunCandidate] {
    let values = candidates.map { value($0) }
    return candidates.indices.sorted { left, right in
      switch (values[left], values[right]) {
      case (let a?, let b?) where a != b: direction == .asc ? a < b : a > b
      case (nil, _?): false
      case (_?, nil): true
      default: candidates[left].firstSeq < candidates[right].firstSeq
      }
    }.map { candidates[$0] }
  }

  private func value(_ candidate: RunCandidate) -> Double? {
    switch key {
    case .score: candidate.score
    case .sharpe: candidate.metrics?.sharpe
    case .fitness: candidate.metrics?.fitness
    case .turnover: candidate.metrics?.turnover
    case .returns: candidate.metrics?.other("returns")
    case .drawdown: candidate.metrics?.drawdown
    case .margin: candidate.metrics?.other("margin")
    case .coverage: candidate.metrics?.coverage
    case .attempts: Double(candidate.attempts)
    case .generation: Double(candidate.lineage.generation)
    case .firstSeq: Double(candidate.firstSeq)
    case .lastSeq: Double(candidate.lastSeq)
    }
  }
}
