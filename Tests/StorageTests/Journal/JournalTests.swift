import Essentials
import Foundation
import Glibc
import Testing

@testable import Storage

@Suite("The journal")
struct JournalTests {
  @Test("what is appended is read back with numbers without a gap, and the journal is intact (J1)")
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
    #expect(appended[10].cause == nil)
    #expect(appended[12].cause == 12)
    #expect(try journal.head == JournalHead(seq: 25, chain: appended[24].chain))
    let verdict = try journal.verify(threads: 2)
    #expect(verdict.isIntact, "\(verdict.findings)")
    #expect(verdict.eventsExamined == 25)
    #expect(verdict.omissions == [])
  }

  @Test("the chain is what the documented bytes give (J2, J3)")
  func documentedBytes() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    let event = try journal.append(
      JournalDraft(
        "order.sent", at: Timestamp(millisecondsSinceEpoch: -2), run: "r", world: "wo",
        subject: "sub", version: 3, payload: ["é": 1]))
    let genesis = Fingerprint(of: "athanor journal\nformat 1\nid bench\ncreated 1000\n")
    var bytes = stride(from: 0, to: 64, by: 2).map { place in
      UInt8(genesis.hexadecimal.dropFirst(place).prefix(2), radix: 16)!
    }
    bytes += [1, 0, 0, 0, 0, 0, 0, 0] + [254] + [UInt8](repeating: 255, count: 7)
    bytes += [UInt8](repeating: 0, count: 8)
    for number in [3, 1, 2, 3, 10, 8] { bytes += [UInt8(number), 0, 0, 0] }
    bytes += Array("rwosuborder.sent{\"é\":1}".utf8)
    #expect(bytes.withUnsafeBytes { Fingerprint(of: $0) }.hexadecimal == event.chain.hexadecimal)
  }

  @Test("a cursor reads every event once, whatever the size of a page, and filters hold together")
  func cursors() throws {
    let bench = JournalBench()
    try bench.fill(60)
    let journal = try bench.reading()
    let all = try journal.events(limit: 1000)
    #expect(all.count == 60)
    for filter in [
      JournalFilter(), JournalFilter(run: "run-1"), JournalFilter(kind: "run.summary"),
      JournalFilter(subject: "subject-3"), JournalFilter(run: "run-0", kind: "run.summary"),
      JournalFilter(run: "run-0", kind: "run.summary", subject: "subject-2"),
      JournalFilter(run: "nobody"),
    ] {
      let wanted = all.filter {
        (filter.run == nil || $0.run == filter.run)
          && (filter.kind == nil || $0.kind == filter.kind)
          && (filter.subject == nil || $0.subject == filter.subject)
      }
      for limit in [1, 7, 100] {
        var read: [JournalEvent] = []
        while true {
          let page = try journal.events(after: read.last?.seq ?? 0, limit: limit, filter: filter)
          if page.isEmpty { break }
          #expect(page.count <= limit)
          read += page
        }
        #expect(read == wanted)
      }
      #expect(try journal.lastEvents(4, filter: filter) == Array(wanted.suffix(4)))
      var cursor = try JournalCursor(journal, after: 3, through: 50, filter: filter)
      var parts: [JournalEvent] = []
      while let part = try cursor.next() { parts += part }
      #expect(parts == wanted.filter { (4...50).contains($0.seq) })
    }
  }

  @Test(
    "a draft that cannot be recorded is refused with its reason, and nothing is recorded",
    arguments: [
      (JournalDraft("", at: JournalBench.birth.at), "a kind is words"),
      (JournalDraft("a..b", at: JournalBench.birth.at), "a kind is words"),
      (JournalDraft("Order.sent", at: JournalBench.birth.at), "a kind is words"),
      (
        JournalDraft("a", at: JournalBench.birth.at, run: String(repeating: "x", count: 257)),
        "its run is longer than 256 bytes"
      ),
      (JournalDraft("a", at: JournalBench.birth.at, world: "a\nb"), "its world has a control"),
      (JournalDraft("a", at: JournalBench.birth.at, subject: "\0"), "its subject has a control"),
      (JournalDraft("a", at: JournalBench.birth.at, version: 0), "its version is 0"),
      (
        JournalDraft("a", at: JournalBench.birth.at, cause: .event(1)), "its cause, event 1, is not"
      ),
      (
        JournalDraft("a", at: JournalBench.birth.at, cause: .event(0)), "its cause, event 0, is not"
      ),
      (
        JournalDraft("a", at: JournalBench.birth.at, cause: .draft(1)),
        "its cause does not stand before it"
      ),
      (
        JournalDraft(
          "a", at: JournalBench.birth.at,
          payload: .string(String(repeating: "x", count: JournalDraft.payloadBytesMax))),
        "its payload has 16777218 bytes"
      ),
    ])
  func refusedDrafts(draft: JournalDraft, reason: String) throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    let failure = #expect(throws: JournalFailure.self) {
      try journal.append([JournalDraft("fine", at: draft.at), draft])
    }
    #expect(failure?.key == "unusable_event")
    #expect(failure?.explanation.contains(reason) == true, "\(String(describing: failure))")
    #expect(try journal.head.seq == 0)
    #expect(try journal.append(JournalDraft("fine", at: draft.at)).seq == 1)
  }

  @Test("an opening for reading records nothing and sees what others record")
  func readingOnly() throws {
    let bench = JournalBench()
    let writer = try bench.writing()
    try writer.append(JournalBench.drafts(0..<3))
    let reader = try bench.reading()
    #expect(try reader.head.seq == 3)
    try writer.append(JournalBench.drafts(3..<5))
    #expect(try reader.head.seq == 5)
    let failure = JournalFailure.openedForReading(path: bench.path)
    #expect(throws: failure) { try reader.append(JournalBench.drafts(0..<1)) }
    #expect(throws: failure) { try reader.catchUp() }
    #expect(throws: failure) { try reader.claim("budget") }
    #expect(!reader.isWritable && writer.isWritable)
  }

  @Test("reading makes nothing: no journal, no folder, no file beside a copy")
  func readingMakesNothing() throws {
    let bench = JournalBench()
    #expect(throws: JournalFailure.noJournal(path: bench.path)) { try bench.reading() }
    #expect(throws: JournalFailure.self) {
      try Journal.open(path: bench.folder.path + "/deep/journal.sqlite", access: .reading)
    }
    #expect(bench.folder.names() == [])
    try bench.fill(5)
    let files = bench.folder.names()
    #expect(
      files == [
        "journal.sqlite", "journal.sqlite-shm", "journal.sqlite-wal", "journal.sqlite.lock",
      ])
    #expect(try bench.reading().verify().isIntact)
    #expect(bench.folder.names() == files)

    let copy = JournalBench()
    try FileManager.default.copyItem(atPath: bench.path, toPath: copy.path)
    let reader = try copy.reading()
    #expect(try reader.verify().isIntact)
    #expect(try reader.events(limit: 10).count == 5)
    #expect(copy.folder.names() == ["journal.sqlite"])
  }

  @Test("only its owner may read the files of a journal")
  func permissions() throws {
    let bench = JournalBench()
    try bench.fill(1)
    for name in bench.folder.names() {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: "\(bench.folder.path)/\(name)")
      #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
    }
  }

  @Test("a path with signs that mean something in a URI is a path")
  func oddPath() throws {
    let bench = JournalBench()
    try bench.fill(2)
    let odd = bench.folder.path + "/a b?c#d%41&ü.sqlite"
    try FileManager.default.copyItem(atPath: bench.path, toPath: odd)
    #expect(try Journal.open(path: odd, access: .reading).head.seq == 2)
  }

  @Test("a foreign, newer or damaged file is refused and not changed")
  func foreignFiles() throws {
    let bench = JournalBench()
    let foreign = try SQLiteConnection(path: bench.path, mode: .writing)
    try foreign.execute("CREATE TABLE theirs (x)")
    let before = try Data(contentsOf: URL(fileURLWithPath: bench.path))
    #expect(throws: JournalFailure.foreignFile(path: bench.path)) { try bench.writing() }
    #expect(throws: JournalFailure.foreignFile(path: bench.path)) { try bench.reading() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path)) == before)

    let newer = JournalBench()
    try newer.fill(1)
    try newer.tamper("PRAGMA user_version = 9")
    #expect(throws: JournalFailure.newerFormat(path: newer.path, found: 9, known: 1)) {
      try newer.writing()
    }
    #expect(throws: JournalFailure.newerFormat(path: newer.path, found: 9, known: 1)) {
      try newer.reading()
    }

    let text = JournalBench()
    text.folder.write(String(repeating: "not a database\n", count: 200), to: "journal.sqlite")
    #expect(throws: JournalFailure.database(.notADatabase(path: text.path))) { try text.writing() }
    #expect(throws: JournalFailure.database(.notADatabase(path: text.path))) { try text.reading() }
  }

  @Test("a disk without room refuses the events whole, and the journal goes on when there is room")
  func fullDisk() throws {
    let bench = JournalBench()
    let journal = try bench.writing()
    try journal.append(JournalBench.drafts(0..<10))
    let writer = try #require(journal.writer)
    func allow(_ pages: Int) throws {
      try writer.exclusively { connection throws(JournalFailure) in
        try inDatabase { () throws(DatabaseFailure) in
          try connection.execute("PRAGMA max_page_count = \(pages)")
        }
      }
    }
    try allow(1)
    let large = (0..<200).map { number in
      JournalDraft(
        "large.event", at: JournalBench.birth.at, run: "run-\(number)",
        payload: .string(String(repeating: "x", count: 2000)))
    }
    #expect(throws: JournalFailure.database(.diskFull(path: bench.path))) {
      try journal.append(large)
    }
    #expect(try journal.head.seq == 10)
    try allow(100_000)
    #expect(try journal.append(large).last?.seq == 210)
    #expect(try journal.verify().findings == [])
  }

  @Test(
    "a folder that must not be written is a failure that names it",
    .enabled(if: getuid() != 0, "nothing is forbidden to root"))
  func readOnlyFolder() throws {
    let bench = JournalBench()
    try bench.fill(3)
    for name in bench.folder.names() { chmod("\(bench.folder.path)/\(name)", 0o400) }
    chmod(bench.folder.path, 0o500)
    defer { chmod(bench.folder.path, 0o700) }
    #expect(throws: JournalFailure.self) { try bench.writing() }
    #expect(try bench.reading().verify().isIntact)
    #expect(throws: JournalFailure.self) {
      try Journal.open(path: bench.folder.path + "/new.sqlite", access: JournalBench.access)
    }
  }
}
