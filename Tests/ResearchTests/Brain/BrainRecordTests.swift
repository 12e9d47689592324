import Essentials
import Foundation
import Research
import Storage
import TestKit
import Testing

@Suite("The record of BRAIN's simulations")
struct BrainRecordTests {
  private let now = Timestamp(millisecondsSinceEpoch: 1_784_041_639_000)
  private let simulations = candidates("a", "b").map { BrainSimulation($0.simulation) }

  private func step(_ kind: BrainStep.Kind, _ submission: String = "sub-1") -> BrainStep {
    BrainStep(submission: submission, at: now, kind: kind)
  }

  private var life: [BrainStep] {
    let outcome = BrainOutcome.failed(
      message: "no \"x\"", place: .init(property: "regular", line: 1, start: 2, end: 3))
    return [
      step(.prepared(simulations)), step(.accepted(location: "https://h/simulations/1")),
      step(.settled(simulations[0].key, .simulated(alpha: "a1", simulation: "s", warning: "w"))),
      step(.settled(simulations[1].key, outcome)),
      step(.prepared([simulations[0]]), "sub-2"), step(.refused(reason: "no room"), "sub-2"),
      step(.prepared([simulations[0]]), "sub-3"), step(.lost(reason: "silence"), "sub-3"),
    ]
  }

  @Test("a journal gives back every step, also after it was closed")
  func journal() async throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.path + "/journal.sqlite"
    let birth = JournalBirth(id: "j", at: now)
    do {
      let record = try JournalBrainRecord(
        journal: try Journal.open(
          path: path, access: .writing(newborn: birth, patienceMilliseconds: 0)), run: "r")
      for step in life { try await record.note([step]) }
      #expect(try await record.history() == life)
    }
    let again = try JournalBrainRecord(journal: try Journal.open(path: path, access: .reading))
    #expect(try await again.history() == life)
    await #expect(throws: JournalFailure.self) { try await again.note([life[0]]) }
  }

  @Test("the state of a simulation follows its last step")
  func states() {
    let key = simulations[0].key
    let expected: [BrainHistory.State] = [
      .unknown(submission: "sub-1", reason: "the program ended before it heard an answer"),
      .open(submission: "sub-1", location: "https://h/simulations/1"),
      .settled(.simulated(alpha: "a1", simulation: "s", warning: "w")),
      .settled(.simulated(alpha: "a1", simulation: "s", warning: "w")),
      .unknown(submission: "sub-2", reason: "the program ended before it heard an answer"),
      .unsent, .unknown(submission: "sub-3", reason: "the program ended before it heard an answer"),
      .unknown(submission: "sub-3", reason: "silence"),
    ]
    var history = BrainHistory()
    #expect(history.state(of: key) == .unsent)
    for (step, state) in zip(life, expected) {
      history.note(step)
      #expect(history.state(of: key) == state)
    }
    #expect(history.simulations(of: "sub-1") == simulations)
  }

  @Test("a payload that is no step is passed over")
  func strange() {
    for payload: JSONValue in [
      [:], ["step": "flown"], ["step": "accepted"], ["step": "prepared", "simulations": 1],
      ["step": "settled", "key": "xyz"],
    ] {
      #expect(BrainStep(submission: "s", at: now, payload: payload) == nil)
    }
  }
}
