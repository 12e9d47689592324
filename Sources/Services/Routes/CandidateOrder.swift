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

  /// A page of the candidates that `isWanted`, and how many of those there are.
  ///
  /// Candidates without a value come last in either direction, and equal ones stand in the order in
  /// which they appeared, so that pages fit together. Cost: sorts numbers, not candidates.
  package func page(
    of candidates: [RunCandidate], offset: Int, limit: Int,
    where isWanted: (RunCandidate) -> Bool = { _ in true }
  ) -> (page: [RunCandidate], total: Int) {
    var places: [(value: Double, seq: Int64, place: Int)] = []
    for place in candidates.indices where isWanted(candidates[place]) {
      // No figure is infinite, so what is missing sorts behind all of them.
      let value = value(candidates[place]).map { direction == .asc ? $0 : -$0 } ?? .infinity
      places.append((value, candidates[place].firstSeq, place))
    }
    places.sort { ($0.value, $0.seq) < ($1.value, $1.seq) }
    let page = places.dropFirst(offset).prefix(limit).map { candidates[$0.place] }
    return (page, places.count)
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
