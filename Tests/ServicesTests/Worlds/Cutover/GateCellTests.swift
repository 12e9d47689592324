import Foundation
import Testing
import Worlds

@testable import Services

@Suite("A gate that is read without a lock")
struct GateCellTests {
  @Test("is the gate that was written")
  func readsBack() {
    let cell = GateCell(world: "w", key: GateKey("a", .long))
    #expect(cell.gate == OrderGate(world: "w", key: GateKey("a", .long)))
    let states: [GateState] = [
      .open(weight: 0.29), .open(weight: 0), .monitor(weight: 1), .reduceOnly, .closed,
      .open(weight: 0.1 + 0.2),
    ]
    for (epoch, state) in states.enumerated() {
      cell.write(state, epoch: epoch + 1)
      #expect(
        cell.gate
          == OrderGate(world: "w", key: GateKey("a", .long), state: state, epoch: epoch + 1))
    }
  }

  @Test("never shows the weight of one epoch with the state of another")
  func tornReads() {
    let cell = GateCell(world: "w", key: GateKey("a", .long))
    let isDone = SharedValue(false)
    let mixed = SharedValue(0)
    let reader = Thread {
      while !isDone.value {
        let gate = cell.gate
        // Epoch n has the weight n / 1000, and every tenth is closed.
        let expected: GateState =
          gate.epoch % 10 == 0 ? .closed : .open(weight: Double(gate.epoch) / 1000)
        if gate.state != .closed, gate.state != expected { mixed.change { $0 += 1 } }
      }
    }
    reader.start()
    for epoch in 1...5_000 {
      cell.write(
        epoch % 10 == 0 ? .closed : .open(weight: Double(epoch) / 1000), epoch: epoch)
    }
    isDone.change { $0 = true }
    #expect(mixed.value == 0)
  }
}
