import Essentials
import Synchronization
import Worlds

/// One gate as threads read it that send orders: without a lock.
///
/// ```
/// word    | epoch: 62 bits | state: 2 bits |
/// weight  | the bits of a double           |
/// ```
///
/// 1. Every change of the gate bears a later epoch, so a word that is read twice as the same was the
///    same meanwhile, and the weight that was read between belongs to it.
/// 2. A writer closes the word first, then writes the weight, then the word: whoever reads in between
///    reads a closed gate.
/// 3. Whoever sends raises ``underWay`` before reading the word, and whoever acknowledges a closed
///    gate reads it after writing the word. So either the sender sees the gate closed, or the
///    acknowledgement sees the order on its way.
final class GateCell: Sendable {
  let world: String
  let key: GateKey
  private let word = Atomic<UInt64>(0)
  private let weight = Atomic<UInt64>(0)
  /// Orders that were let through, or are being judged, and have no answer yet.
  let underWay = Atomic<Int>(0)

  init(world: String, key: GateKey) {
    self.world = world
    self.key = key
  }

  /// Writes a state; calls follow on one another. What is so already is left alone, so that nobody
  /// reads a gate as closed that has not changed.
  func write(_ state: GateState, epoch: Int) {
    let epoch = UInt64(max(0, epoch)) << 2
    let bits = (state.weight ?? 0).bitPattern
    guard
      word.load(ordering: .sequentiallyConsistent) != epoch | Self.code(state)
        || weight.load(ordering: .sequentiallyConsistent) != bits
    else { return }
    word.store(epoch, ordering: .sequentiallyConsistent)
    weight.store(bits, ordering: .sequentiallyConsistent)
    word.store(epoch | Self.code(state), ordering: .sequentiallyConsistent)
  }

  /// The gate at this moment. A reader that meets writers too often reads a closed gate.
  var gate: OrderGate {
    for _ in 0..<8 {
      let before = word.load(ordering: .sequentiallyConsistent)
      let weight = Double(bitPattern: weight.load(ordering: .sequentiallyConsistent))
      guard word.load(ordering: .sequentiallyConsistent) == before else { continue }
      return OrderGate(
        world: world, key: key, state: Self.state(before & 3, weight: weight),
        epoch: Int(before >> 2))
    }
    return OrderGate(world: world, key: key)
  }

  private static func code(_ state: GateState) -> UInt64 {
    switch state {
    case .closed: 0
    case .monitor: 1
    case .reduceOnly: 2
    case .open: 3
    }
  }

  private static func state(_ code: UInt64, weight: Double) -> GateState {
    switch code {
    case 1: .monitor(weight: weight)
    case 2: .reduceOnly
    case 3: .open(weight: weight)
    default: .closed
    }
  }
}
