import Essentials
import Foundation
import Testing

@testable import Storage

@Suite("The journal")
struct JournalTests {
  @Test("what is appended is read back with numbers without a gap, and the journal is intact")
  func roundTrip() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    let drafts = JournalBench.drafts(0..<10) + JournalBench.drafts(10..<25)
    var appended = try journal.append(Array(drafts[..<10]))
    appended += try journal.append(Array(drafts[10...]))
    #expect(appended.map(\.seq) == Array(1...25))
    #expect(try journal.events(limit: 100) == appended)
    for (draft, event) in zip(drafts, appended) {
      #expect(event.payloadText == draft.payload.compactText)
      #expect(event.payload == draft.payload)
      #expect(event.at == draft.at && event.run == draft.run && event.world == draft.world)
      #expect(event.subject == draft.subject && event.kind == draft.kind)
      #expect(event.version == draft.version)
    }
    #expect(appended[0].cause == nil)
    #expect(appended[4].cause == 4)
    #expect(try journal.head == JournalHead(seq: 25, chain: appended[24].chain))
    let verdict = try journal.verify()
    #expect(verdict.isIntact, "\(verdict.findings)")
    #expect(verdict.eventsExamined == 25)
    #expect(verdict.omissions == [])
  }
}
