import Essentials
import Foundation
import Mathematics
import Storage
import TestKit
import Testing

@testable import Services

@Suite("The recorder of a run")
struct RunRecorderTests {
  private let folder = try? ScratchFolder()

  private func journal(named name: String = "journal") throws -> Journal {
    let folder = try #require(folder)
    return try Journal.open(
      path: folder.url.path + "/\(name).sqlite",
      access: .writing(
        newborn: JournalBirth(id: "recorder", at: instant(0)), patienceMilliseconds: 5_000))
  }

  private func instant(_ number: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_763_000_000_000 + number)
  }

  private func drafts(_ range: Range<Int>, at: Int64) -> [JournalDraft] {
    range.map { number in
      JournalDraft(
        "test.step", at: instant(at), run: "r", subject: "s\(number)",
        cause: number > range.lowerBound ? .draft(number - range.lowerBound - 1) : .none,
        payload: ["number": .integer(number)])
    }
  }

  @Test("what is recorded is walked over, and the run goes on from the first event that is not")
  func resuming() throws {
    let journal = try journal()
    let first = try RunRecorder(run: "r", journal: journal)
    #expect(first.pending == 0)
    #expect(try first.record(drafts(0..<3, at: 0)) == [1, 2, 3])
    try journal.append(JournalDraft("other.word", at: instant(1), run: "r"))

    let second = try RunRecorder(run: "r", journal: journal) { $0.hasPrefix("other.") }
    #expect(second.pending == 3)
    #expect(try second.record(drafts(0..<5, at: 9)) == [1, 2, 3, 5, 6])
    #expect(second.pending == 0)
    let events = try journal.events(limit: 10)
    #expect(events.map(\.cause) == [nil, 1, 2, nil, 3, 5])
    #expect(events.map(\.at) == [0, 0, 0, 1, 9, 9].map(instant))
  }

  @Test("a run that would say something else is refused before anything is written")
  func diverging() throws {
    let journal = try journal()
    try RunRecorder(run: "r", journal: journal).record(drafts(0..<2, at: 0))
    for changed in [
      JournalDraft("test.step", at: instant(0), run: "r", subject: "s0", payload: ["number": 7]),
      JournalDraft("test.other", at: instant(0), run: "r", subject: "s0", payload: ["number": 0]),
      JournalDraft("test.step", at: instant(0), run: "r", subject: "s1", payload: ["number": 0]),
    ] {
      let recorder = try RunRecorder(run: "r", journal: journal)
      #expect(throws: ResumeFailure.self) { try recorder.record(changed) }
    }
    #expect(try journal.head.seq == 2)
  }

  @Test("however a run is cut into lives and its events into groups, the journal is the same")
  func anyCut() throws {
    var generator = SplitMix64(seed: 11)
    let count = 24
    for round in 0..<6 {
      let journal = try journal(named: "cut-\(round)")
      var ends = (0..<3).map { _ in Int.random(in: 0...count, using: &generator) }.sorted()
      ends.append(count)
      for end in ends {
        let recorder = try RunRecorder(run: "r", journal: journal) { $0.hasPrefix("other.") }
        var numbers: [Int64] = []
        while numbers.count < end {
          let size = Int.random(in: 1...min(5, end - numbers.count), using: &generator)
          let place = numbers.count
          let group = drafts(place..<place + size, at: 0)
          numbers += try recorder.record(group)
        }
        #expect(numbers == (0..<end).map { Int64($0 + 1) })
        #expect(recorder.pending == max(0, Int(try journal.head.seq) - end))
      }
      let events = try journal.events(limit: 100)
      #expect(events.map(\.subject) == (0..<count).map { "s\($0)" })
      #expect(try journal.verify().findings == [])
    }
  }
}
