import Testing

@testable import Storage

@Suite("Claims on a journal")
struct JournalClaimTests {
  @Test("what one opening has claimed no other gets, until it lets go")
  func exclusion() throws {
    let bench = JournalBench()
    let first = try bench.writing()
    let second = try bench.writing()
    var claim: JournalClaim? = try first.claim("budget", for: "spending the budget")
    #expect(claim?.name == "budget")
    let failure = JournalFailure.claimed(path: bench.path, work: "spending the budget")
    #expect(throws: failure) { try second.claim("budget", for: "spending the budget") }
    #expect(throws: failure) { try first.claim("budget", for: "spending the budget") }
    #expect(failure.key == "journal_claimed")
    #expect(failure.explanation.hasPrefix("Another process is spending the budget"))
    // Neither other claims nor events are kept out.
    let other = try second.claim("run:r")
    try second.append(JournalBench.drafts(0..<2))
    try first.append(JournalBench.drafts(2..<3))
    claim = nil
    let next = try second.claim("budget")
    #expect(throws: JournalFailure.claimed(path: bench.path, work: "working on run:r")) {
      try first.claim("run:r")
    }
    withExtendedLifetime((other, next)) {}
  }

  @Test("a shared claim is one within an opening and excludes the others")
  func sharing() throws {
    let bench = JournalBench()
    let first = try bench.writing()
    let second = try bench.writing()
    var claims: [JournalClaim] = []
    for _ in 0..<3 { claims.append(try first.claim("run:r", isShared: true)) }
    #expect(claims.allSatisfy { $0 === claims[0] })
    claims.removeLast(2)
    #expect(throws: JournalFailure.self) { try second.claim("run:r", isShared: true) }
    claims = []
    claims.append(try second.claim("run:r", isShared: true))
    #expect(throws: JournalFailure.self) { try first.claim("run:r", isShared: true) }
  }

  @Test("who waits for a claim gets it when its holder ends")
  func waiting() async throws {
    let bench = JournalBench()
    let first = try bench.writing()
    let claim = try first.claim("budget")
    let second = try bench.writing()
    let waiting = Task.detached {
      try second.claim("budget", patienceMilliseconds: JournalBench.patienceMilliseconds).name
    }
    withExtendedLifetime(claim) {}
    _ = consume claim
    #expect(try await waiting.value == "budget")
  }

  @Test("no claim is the right to write, and names do not meet")
  func bytes() {
    let names = (0..<1000).map { "run:\($0)" } + ["budget", "brain", "archive", "race", ""]
    let bytes = Set(names.map(JournalClaim.byte))
    #expect(bytes.count == names.count)
    #expect(bytes.allSatisfy { $0 >= WriterLock.claims })
  }
}
