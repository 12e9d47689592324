import Essentials
import Foundation
import Mathematics
import Testing

@testable import Storage

@Suite("A journal that was tampered with")
struct JournalTamperingTests {
  @Test(
    "what was changed, removed, added or exchanged is named",
    arguments: [
      ("UPDATE event SET at = at + 1 WHERE seq = 7", JournalFinding.eventChanged(seq: 7)),
      ("UPDATE event SET cause = 1 WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET version = version + 1 WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET version = version + 4294967296 WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET run = 'run-9' WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET world = 'live' WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET subject = subject || ' ' WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET kind = 'order.sent' WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET payload = upper(payload) WHERE seq = 1", .eventChanged(seq: 1)),
      ("UPDATE event SET payload = '{}' WHERE seq = 30", .eventChanged(seq: 30)),
      // The same bytes in another column.
      (
        "UPDATE event SET run = run || substr(kind, 1, 1), kind = substr(kind, 2) WHERE seq = 7",
        .eventChanged(seq: 7)
      ),
      ("UPDATE event SET chain = zeroblob(32) WHERE seq = 7", .chainValueChanged(seq: 7)),
      ("UPDATE event SET chain = zeroblob(31) WHERE seq = 7", .eventChanged(seq: 7)),
      ("UPDATE event SET chain = zeroblob(32) WHERE seq = 30", .chainValueChanged(seq: 30)),
      ("DELETE FROM event WHERE seq = 7", .eventsMissing(first: 7, last: 7)),
      ("DELETE FROM event WHERE seq BETWEEN 7 AND 9", .eventsMissing(first: 7, last: 9)),
      ("DELETE FROM event WHERE seq < 4", .eventsMissing(first: 1, last: 3)),
      ("DELETE FROM event WHERE seq = 30", .eventsMissing(first: 30, last: 30)),
      ("DELETE FROM event", .eventsMissing(first: 1, last: 30)),
      (
        """
        UPDATE event SET seq = -1 WHERE seq = 7; UPDATE event SET seq = 7 WHERE seq = 8;
        UPDATE event SET seq = 8 WHERE seq = -1
        """, .eventChanged(seq: 7)
      ),
      (
        "DELETE FROM event WHERE seq = 7; UPDATE event SET seq = seq - 1 WHERE seq > 7",
        .eventChanged(seq: 7)
      ),
      (
        """
        INSERT INTO event SELECT 31, at, cause, version, run, world, subject, kind, payload, chain
        FROM event WHERE seq = 30
        """, .eventUnexpected(seq: 31)
      ),
      (
        """
        INSERT INTO event SELECT 0, at, cause, version, run, world, subject, kind, payload, chain
        FROM event WHERE seq = 30
        """, .eventUnexpected(seq: 0)
      ),
      ("UPDATE journal SET head_seq = 29", .headChanged(seq: 29)),
      ("UPDATE journal SET head_chain = zeroblob(32)", .headChanged(seq: 30)),
      (
        "UPDATE journal SET id = 'other'",
        .structureChanged(detail: "the birth record or its chain value")
      ),
      ("UPDATE journal SET anchor_chain = zeroblob(32)", .eventChanged(seq: 1)),
      (
        """
        UPDATE journal SET anchor_chain = (SELECT chain FROM event WHERE seq = 5), anchor_seq = 5;
        DELETE FROM event WHERE seq <= 5
        """, .cutUnexplained(seq: 5)
      ),
      (
        """
        DELETE FROM event WHERE seq = 30; UPDATE read_model SET applied = 29;
        UPDATE journal SET head_chain = (SELECT chain FROM event WHERE seq = 29), head_seq = 29
        """, .readModelChanged(model: "run_index", detail: "run_index_total, row 2")
      ),
      (
        "UPDATE run_index_total SET events = events + 1 WHERE run = 'run-0'",
        .readModelChanged(model: "run_index", detail: "run_index_total, row 1")
      ),
      (
        "DELETE FROM run_index_kind WHERE run = 'run-1'",
        .readModelChanged(model: "run_index", detail: "run_index_kind, row 4")
      ),
      (
        "INSERT INTO trial_index_panel VALUES ('zz', 3)",
        .readModelChanged(model: "trial_index", detail: "trial_index_panel, row 3")
      ),
      (
        "UPDATE read_model SET applied = 31 WHERE name = 'run_index'",
        .readModelChanged(model: "run_index", detail: "it is ahead of the events")
      ),
      ("DROP INDEX event_kind", .structureChanged(detail: "index event_kind is missing")),
      (
        "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM event; END",
        .structureChanged(detail: "trigger evil is not ours")
      ),
      ("CREATE VIEW evil AS SELECT 1", .structureChanged(detail: "view evil is not ours")),
      ("CREATE TABLE evil (x)", .structureChanged(detail: "table evil is not ours")),
    ])
  func tampering(script: String, finding: JournalFinding) throws {
    let bench = JournalBench()
    try bench.fill(30)
    #expect(try bench.findings() == [])
    try bench.tamper(script)
    for threads in [1, 2] {
      let findings = try bench.reading().verify(threads: threads).findings
      #expect(findings.first == finding, "\(findings)")
    }
  }

  @Test("the events alone are examined where that is asked for")
  func eventsOnly() throws {
    let bench = JournalBench()
    try bench.fill(30)
    try bench.tamper("DELETE FROM run_index_total; DROP INDEX event_kind")
    #expect(try bench.reading().verify(.events).findings == [])
    try bench.tamper("UPDATE event SET at = 0 WHERE seq = 4")
    #expect(try bench.reading().verify(.events).findings == [.eventChanged(seq: 4)])
  }

  @Test("a trigger that a foreign hand left is not run, so nothing that is appended is touched")
  func trigger() throws {
    let bench = JournalBench()
    try bench.fill(10)
    try bench.tamper(
      "CREATE TRIGGER evil AFTER INSERT ON event BEGIN DELETE FROM event WHERE seq < new.seq; END")
    try bench.writing().append(JournalBench.drafts(0..<1))
    #expect(try bench.reading().events(limit: 100).count == 11)
  }

  @Test("every byte of an event's texts and chain value is watched")
  func everyByteOfAnEvent() throws {
    let bench = JournalBench()
    try bench.fill(12)
    let event = try bench.reading().events(after: 6, limit: 1)[0]
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path)))
    let texts = event.kind + event.payloadText
    let start = try #require(position(of: Array(texts.utf8), in: bytes))
    let count = texts.utf8.count + DigestBytes.count
    let copy = JournalBench()
    for offset in start..<(start + count) {
      var changed = bytes
      changed[offset] ^= UInt8(1 << (offset % 8))
      copy.folder.write(changed, to: "journal.sqlite")
      let first = try copy.findings().first
      let isChain = offset >= start + texts.utf8.count
      #expect(
        first == (isChain ? .chainValueChanged(seq: 7) : .eventChanged(seq: 7)), "byte \(offset)")
    }
  }

  @Test("a flipped bit anywhere in the file is found, or nobody reads what it changed")
  func randomBits() throws {
    let bench = JournalBench()
    try bench.fill(40)
    let original = try Contents(bench.reading())
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.path)))
    var generator = SplitMix64(seed: 20)
    let copy = JournalBench()
    var found = 0
    for turn in 0..<150 {
      var changed = bytes
      // The header and the first pages hold the most that matters beside the events.
      let bound = turn % 3 == 0 ? min(bytes.count, 8192) : bytes.count
      let offset = Int.random(in: 0..<bound, using: &generator)
      changed[offset] ^= UInt8(1 << Int.random(in: 0..<8, using: &generator))
      copy.folder.write(changed, to: "journal.sqlite")
      do {
        let journal = try copy.reading()
        if try !journal.verify().isIntact {
          found += 1
        } else {
          #expect(try Contents(journal) == original, "byte \(offset)")
        }
      } catch is JournalFailure {
        found += 1
      }
    }
    #expect(found > 30)
  }

  /// Everything that a reader can ask for.
  private struct Contents: Equatable {
    var events: [JournalEvent]
    var filtered: [[JournalEvent]]
    var runs: [RunSummary]
    var head: JournalHead

    init(_ journal: Journal) throws {
      events = try journal.events(limit: 1000)
      filtered = try [
        JournalFilter(run: "run-1"), JournalFilter(kind: "run.summary"),
        JournalFilter(subject: "subject-2"),
      ].map { try journal.events(limit: 1000, filter: $0) }
      runs = try journal.read { tables throws(JournalFailure) in
        try RunIndex().latest(10, in: tables)
      }
      head = try journal.head
    }
  }

  private func position(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    bytes.indices.dropLast(pattern.count).first { bytes[$0...].starts(with: pattern) }
  }
}
