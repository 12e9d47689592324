import Essentials
import Research
package import Storage
package import Worlds

/// What is asked again and again of a world's past, as a fold of its events told one by one: where in
/// the audit each kind of event stands, what moved in each cycle, what its measures count.
///
/// An event costs its reading, and a comparison of phases where it may move some; it takes some 16
/// bytes for ever. An event that cannot be understood changes nothing but ``unreadableCount``.
package struct WorldChronicle: Sendable {
  package let world: String
  package private(set) var lastSeq: Int64 = 0
  package private(set) var unreadableCount = 0
  /// The world as its events have made it.
  package private(set) var state: WorldState
  /// The latest cycles, the first one first, at most ``cyclesMax``.
  package private(set) var cycles: [WorldDesk.PastCycle] = []
  /// What measures count.
  package private(set) var tally = WorldTally()
  private var marks: [Mark] = []
  private var kinds: [String] = []
  private var phases: [String: StrategyPhase] = [:]

  /// More than two years of hourly cycles are a page of their own; older ones are in the audit.
  package static let cyclesMax = 20_000

  private struct Mark: Sendable {
    var seq: Int64
    /// The place of its name among ``kinds``.
    var kind: Int
  }

  package init(world: String) {
    self.world = world
    state = WorldState(world: world)
  }

  /// Takes in the next event of the world; another, or one that was told already, makes no difference.
  package mutating func take(_ event: JournalEvent) {
    guard event.run == WorldBook.run(of: world), event.seq > lastSeq else { return }
    lastSeq = event.seq
    mark(event)
    guard let entry = try? WorldDesk.entry(event) else {
      unreadableCount += 1
      return
    }
    state.take(entry)
    tally.take(entry, leading: state)
    switch entry.event {
    case .evaluated(let evaluation): begin(evaluation)
    case .phaseMoved, .instanceSubmitted, .cutover: break
    default: return
    }
    noteMoves(because: event.kind)
  }

  private mutating func mark(_ event: JournalEvent) {
    let place = kinds.firstIndex(of: event.kind) ?? kinds.count
    if place == kinds.count { kinds.append(event.kind) }
    marks.append(Mark(seq: event.seq, kind: place))
  }

  // MARK: - Cycles

  private mutating func begin(_ evaluation: WorldEvaluation) {
    if cycles.last?.cycle == evaluation.cycle {
      // The last evaluation of a cycle is the one that counts.
      cycles[cycles.count - 1].at = evaluation.at
      cycles[cycles.count - 1].mode = evaluation.plan.mode
      cycles[cycles.count - 1].scale = evaluation.plan.risk.scale
      return
    }
    cycles.append(
      WorldDesk.PastCycle(
        cycle: evaluation.cycle, at: evaluation.at, mode: evaluation.plan.mode, moves: [], live: 0,
        scale: evaluation.plan.risk.scale))
    if cycles.count > Self.cyclesMax { cycles.removeFirst(cycles.count - Self.cyclesMax) }
  }

  private mutating func noteMoves(because kind: String) {
    for record in state.records where phases[record.id] != record.phase {
      if let from = phases[record.id], !cycles.isEmpty {
        cycles[cycles.count - 1].moves.append(
          PhaseMove(instance: record.id, from: from, to: record.phase, reason: kind))
      }
      phases[record.id] = record.phase
    }
    if !cycles.isEmpty { cycles[cycles.count - 1].live = state.counts[.live] ?? 0 }
  }

  // MARK: - Places in the audit

  /// A part of the audit: numbers of events, and whether more follow in its direction.
  package struct Part: Hashable, Sendable {
    package var seqs: [Int64]
    package var hasMore: Bool
  }

  /// The first events with a number larger than `seq`, in order. A kind is a name, or what stands
  /// before the dot of several; empty for all.
  package func events(after seq: Int64, limit: Int, of kind: String = "") -> Part {
    part(marks[place(behind: seq)...], limit, kind)
  }

  /// The last events with a number smaller than `seq`, the last one first.
  package func events(before seq: Int64, limit: Int, of kind: String = "") -> Part {
    part(marks[..<place(behind: seq - 1)].reversed(), limit, kind)
  }

  private func part(_ marks: some Sequence<Mark>, _ limit: Int, _ kind: String) -> Part {
    let wanted = kinds.map { kind.isEmpty || $0 == kind || $0.hasPrefix(kind + ".") }
    var part = Part(seqs: [], hasMore: false)
    for mark in marks where wanted[mark.kind] {
      guard part.seqs.count < limit else {
        part.hasMore = true
        break
      }
      part.seqs.append(mark.seq)
    }
    return part
  }

  /// The place of the first mark with a number larger than `seq`.
  private func place(behind seq: Int64) -> Int {
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].seq <= seq { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension WorldChronicle: RunFold {}
