import Backtesting
import Essentials
import Research
import Storage
package import Worlds

extension WorldDesk {
  /// What entering an instance came to.
  package struct SubmissionReceipt: Sendable {
    package var instance: String
    /// Empty where it was there already.
    package var entries: [WorldEntry]
    package var state: WorldState
  }

  /// An alpha of the journal: by its id at a simulator, or by the key of its candidate.
  package struct AlphaReference: Hashable, Sendable {
    /// The run that found it, nil to look through the latest ones.
    package var run: String?
    package var name: String

    package init(_ name: String, run: String? = nil) {
      self.name = name
      self.run = run
    }
  }

  /// How an alpha enters a world.
  package struct AlphaEntry: Hashable, Sendable {
    package var alpha: AlphaReference
    package var side: TradingSide
    /// The family that it is counted in, nil for the alpha's own name.
    package var strategy: String?
    package var id: String?
    /// Empty for the whole universe of its panel.
    package var symbols: [String] = []
    package var sector: String?
    package var venue: String?
    package var broker: String?

    package init(_ alpha: AlphaReference, side: TradingSide) {
      self.alpha = alpha
      self.side = side
    }
  }

  /// Enters a strategy that is fully described.
  package func submit(
    _ submission: InstanceSubmission, in world: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> SubmissionReceipt {
    let receipt = try carryOut(.submit(submission), in: world, by: actor)
    return SubmissionReceipt(
      instance: submission.id, entries: receipt.entries, state: receipt.state)
  }

  /// Enters an alpha that a run of the journal simulated: with its formula, settings and panel, and
  /// with the number of formulas that were ever tried on that panel.
  package func submit(
    _ entry: AlphaEntry, in world: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> SubmissionReceipt {
    _ = try existing(world)
    return try submit(try submission(of: entry), in: world, by: actor)
  }

  /// Enters an instance that a policy declares: its strategy is an alpha of the journal, or its
  /// parameters say `formula` and `panel`, and may say settings of the simulation.
  func submit(
    _ declaration: InstanceDeclaration, in world: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> SubmissionReceipt {
    func text(_ name: String) -> String? {
      if case .string(let text)? = JSONValue.object(declaration.params)[name] { text } else { nil }
    }
    if let formula = text("formula") {
      let settings = declaration.params.filter { SimulationSettings.names.contains($0.name) }
      var submission = InstanceSubmission(
        strategy: declaration.strategy,
        params: declaration.params.filter {
          !["formula", "panel"].contains($0.name) && !SimulationSettings.names.contains($0.name)
        },
        side: declaration.side, symbols: declaration.symbols, formula: formula,
        settings: .object(settings), panel: text("panel").map { ["name": .string($0)] } ?? .null)
      submission = try setup.evidence.completed(submission)
      submission.trials = try trials(on: submission.panel)
      submission.sector = declaration.sector
      submission.venue = declaration.venue
      submission.broker = declaration.broker
      return try submit(submission, in: world, by: actor)
    }
    var entry = AlphaEntry(AlphaReference(declaration.strategy), side: declaration.side)
    entry.symbols = declaration.symbols
    entry.sector = declaration.sector
    entry.venue = declaration.venue
    entry.broker = declaration.broker
    return try submit(entry, in: world, by: actor)
  }

  /// What the journal says of an alpha, as an instance.
  package func submission(
    of entry: AlphaEntry
  ) throws(WorldDeskFailure) -> InstanceSubmission {
    let (run, candidate) = try candidate(entry.alpha)
    let name = entry.alpha.name
    guard let formula = candidate.formula?.canonical ?? candidate.formula?.text else {
      throw .incompleteAlpha(name, missing: "formula")
    }
    guard candidate.panel != .null else { throw .incompleteAlpha(name, missing: "panel") }
    var submission = InstanceSubmission(
      id: entry.id, strategy: entry.strategy ?? Self.family(of: candidate), side: entry.side,
      symbols: entry.symbols, formula: formula, settings: candidate.settings,
      panel: candidate.panel,
      alpha: InstanceSubmission.AlphaOrigin(run: run, candidateKey: candidate.key),
      trials: try trials(on: candidate.panel))
    submission.sector = entry.sector
    submission.venue = entry.venue
    submission.broker = entry.broker
    return submission
  }

  /// A name of letters, digits, '.', '-' and '_'.
  private static func family(of candidate: RunCandidate) -> String {
    let name = candidate.alphaID ?? String(candidate.key.prefix(12))
    let kept = name.utf8.map { byte in
      (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
        || byte == 45 || byte == 46 || byte == 95 ? byte : 45
    }
    return String(decoding: kept.prefix(64), as: UTF8.self)
  }

  /// The formulas that were tried on a panel, at least 1.
  private func trials(on panel: JSONValue) throws(WorldDeskFailure) -> Int {
    guard case .string(let text)? = panel["fingerprint"],
      let panel = Fingerprint(hexadecimal: text)
    else { return 1 }
    let count = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try TrialIndex().trials(on: panel, besides: [], in: store)
      }
    }
    return max(1, count)
  }

  /// Runs that are looked through for an alpha whose run is not named.
  private static let runsMax = 64

  private func candidate(
    _ alpha: AlphaReference
  ) throws(WorldDeskFailure) -> (run: String, candidate: RunCandidate) {
    var runs: [String] = []
    if let run = alpha.run {
      runs = [run]
    } else {
      runs = try inJournal { () throws(JournalFailure) in
        try journal.read { store throws(JournalFailure) in
          try RunIndex().latest(Self.runsMax, in: store)
        }
      }
      .filter { $0.kinds.contains { $0.kind == TrialIndex.kind } }.map(\.run)
    }
    for run in runs {
      let board = try board(of: run)
      let matches = board.candidates.filter { candidate in
        candidate.alphaID == alpha.name || candidate.key == alpha.name
          || alpha.name.utf8.count >= 8 && candidate.key.hasPrefix(alpha.name)
      }
      // Of several with one name the one that was simulated counts.
      if let match = matches.last(where: { $0.metrics != nil }) ?? matches.last {
        return (run, match)
      }
    }
    throw .unknownAlpha(alpha.name)
  }

  private func board(of run: String) throws(WorldDeskFailure) -> CandidateBoard {
    try inJournal { () throws(JournalFailure) in
      var board = CandidateBoard(run: run)
      var cursor = try JournalCursor(journal, filter: JournalFilter(run: run))
      while let part = try cursor.next() {
        for event in part { board.take(event) }
      }
      return board
    }
  }
}
