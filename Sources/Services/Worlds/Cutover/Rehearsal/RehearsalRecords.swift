import Essentials
import Synchronization
import Worlds

/// A world in memory that records as a journal does: an event is durable or it is not, and the state
/// is the fold of those that are.
final class RehearsalRecords: CutoverRecords {
  struct State {
    let world: String
    var rules: CutoverRules
    var liveMax: CutoverWorld.LiveMax
    var epoch: Int
    var standings: [GateKey: CutoverStanding]
    var gateEpochs: [GateKey: Int] = [:]
    var registry = CutoverRegistry()
    var log: [RecordedCutoverEvent] = []
    var current: [RecordedCutoverEvent] = []
    var halt: String?
    /// Whether the event of the switch cannot be written.
    var isSwitchUnrecordable = false
    weak var claim: Claim?
    /// What must never be, and was.
    var violations: [String] = []
  }

  final class Claim: Sendable {}

  private let mutex: Mutex<State>
  private let fuse: RehearsalFuse
  private let now: @Sendable () -> Timestamp

  init(_ state: State, fuse: RehearsalFuse, now: @escaping @Sendable () -> Timestamp) {
    mutex = Mutex(state)
    self.fuse = fuse
    self.now = now
  }

  var state: State { mutex.withLock { $0 } }

  func change(_ body: (inout State) -> Void) { mutex.withLock { body(&$0) } }

  // MARK: - As a journal

  func situation(of world: String) throws(CutoverFailure) -> CutoverSituation {
    guard !fuse.isBlown else { throw .records(RehearsalDeath()) }
    return mutex.withLock { $0.situation }
  }

  func record(
    _ event: CutoverEvent, of world: String, after epoch: Int?
  ) throws(CutoverFailure) -> CutoverReceipt {
    guard fuse.passes() else { throw .records(RehearsalDeath()) }
    let instant = now()
    let result: Result<CutoverReceipt, CutoverFailure> = mutex.withLock { state in
      if case .switched = event.fact, state.isSwitchUnrecordable {
        return .failure(.records(RehearsalDeath()))
      }
      if case .planned(let demand) = event.fact {
        switch state.registry.admit(demand.plan, worldEpoch: state.epoch) {
        case .begin: break
        case .takeUp, .ended: return .success(.known)
        case .refused(let refusal): return .failure(.refused(refusal))
        }
      } else if state.registry.current != event.run {
        return .success(.known)
      } else if let epoch, epoch != state.epoch {
        return .success(.refused)
      }
      state.fold(RecordedCutoverEvent(event, at: instant))
      return .success(.recorded)
    }
    return try result.get()
  }

  func claimRuns(of world: String) throws(CutoverFailure) -> any Sendable {
    guard !fuse.isBlown else { throw .records(RehearsalDeath()) }
    let claim = Claim()
    mutex.withLock { state in
      if state.claim != nil { state.violations.append("two carry out runs of one world") }
      state.claim = claim
    }
    return claim
  }
}

extension RehearsalRecords.State {
  var situation: CutoverSituation {
    CutoverSituation(
      world: CutoverWorld(
        world: world, epoch: epoch, mode: halt == nil ? .active : .halted, allowsLive: true,
        standings: standings.values.sorted { $0.key < $1.key }, liveMax: liveMax),
      rules: rules, registry: registry,
      gates: standings.values.sorted { $0.key < $1.key }.map {
        OrderGate(
          world: world, key: $0.key, state: $0.gate, epoch: gateEpochs[$0.key] ?? 0)
      }, current: current, halt: halt)
  }

  mutating func fold(_ record: RecordedCutoverEvent) {
    let event = record.event
    do throws(CutoverRecordFailure) {
      // What is written must be readable again.
      let read = try CutoverEvent(
        kind: event.kind,
        json: (try? JSONValue(parsing: event.json.compactText)) ?? .null)
      if read != event { violations.append("\(event.kind) reads back as something else") }
      try registry.apply(event)
    } catch {
      violations.append("\(error)")
    }
    log.append(record)
    current.append(record)
    if let next = event.epoch {
      if next <= epoch { violations.append("\(event.kind) has epoch \(next) after \(epoch)") }
      epoch = max(epoch, next)
    }
    for change in event.phases {
      for key in standings.keys where key.instance == change.instance {
        standings[key]?.phase = change.phase
      }
    }
    for weighted in event.weights { standings[weighted.key]?.weight = weighted.weight }
    for change in event.gates {
      standings[change.key]?.gate = change.state
      gateEpochs[change.key] = event.epoch ?? epoch
      if halt != nil, change.state != .closed {
        violations.append("\(event.kind) opens \(change.key.instance) in a halted world")
      }
    }
    if event.outcome != nil { current = [] }
    let live = standings.values.filter { $0.phase == .live }
    let open = standings.values.filter { $0.gate.isOpen }
    let places = liveMax.total ?? .max
    if live.count > places { violations.append("\(live.count) are live after \(event.kind)") }
    if open.count > places { violations.append("\(open.count) are open after \(event.kind)") }
    if open.contains(where: { $0.phase != .live }) {
      violations.append("a gate is open that is not live after \(event.kind)")
    }
  }

  /// Closes every gate, as a breaker does.
  mutating func trip(_ reason: String) {
    epoch += 1
    halt = reason
    for key in standings.keys where standings[key]?.gate != .closed {
      standings[key]?.gate = .closed
      gateEpochs[key] = epoch
    }
  }
}
