import Testing

@testable import athanor

@Suite("Progress lines")
struct ProgressLineTests {
  private func line(isTerminal: Bool, width: Int = 80, total: Int = 2013) -> ProgressLine {
    ProgressLine(
      title: "Evaluating", total: total, unit: "rows",
      terminal: TerminalFacts(isTerminal: isTerminal, windowWidth: width, environment: [:]),
      startedAt: .seconds(5))
  }

  @Test("work that ends within a second shows nothing")
  func patience() {
    var line = line(isTerminal: true)
    #expect(line.advanced(to: 1000, at: .milliseconds(5999)) == nil)
    #expect(line.finished(at: .milliseconds(5999)) == nil)
  }

  @Test("a terminal sees share, rate, elapsed and remaining time, redrawn ten times a second")
  func terminal() {
    var line = line(isTerminal: true)
    #expect(
      line.advanced(to: 1200, at: .seconds(9))
        == "\r\u{1B}[KEvaluating 1,200 of 2,013 rows (59 %), 300 rows/s, 4 s, 3 s left")
    #expect(line.advanced(to: 1230, at: .milliseconds(9099)) == nil)
    #expect(line.advanced(to: 1230, at: .milliseconds(9100)) != nil)
    #expect(line.finished(at: .seconds(10)) == "\r\u{1B}[K")
    #expect(line.finished(at: .seconds(11)) == nil)
  }

  @Test("a log gets one line in ten seconds and one at the end")
  func log() {
    var line = line(isTerminal: false, total: 600)
    var written: [String] = []
    for second in 0..<25 {
      if let text = line.advanced(to: second * 2, at: .seconds(5 + second)) { written.append(text) }
    }
    if let text = line.finished(at: .seconds(30)) { written.append(text) }
    #expect(
      written == [
        "Evaluating 2 of 600 rows (0 %), 2.0 rows/s, 1 s, 4 min 59 s left\n",
        "Evaluating 22 of 600 rows (3 %), 2.0 rows/s, 11 s, 4 min 49 s left\n",
        "Evaluating 42 of 600 rows (7 %), 2.0 rows/s, 21 s, 4 min 39 s left\n",
        "Evaluating 48 of 600 rows (8 %), 1.9 rows/s, 25 s, 4 min 48 s left\n",
      ])
  }

  @Test("threads that report late do not turn the count back, nor past its total")
  func monotone() {
    var line = line(isTerminal: false, total: 10)
    _ = line.advanced(to: 8, at: .seconds(5))
    #expect(line.advanced(to: 3, at: .seconds(7))?.contains("8 of 10") == true)
    #expect(line.advanced(to: 11, at: .seconds(60))?.contains("10 of 10 rows (100 %)") == true)
  }

  @Test("nothing done yet, and nothing to do, are said without a guess")
  func edges() {
    var waiting = line(isTerminal: false, total: 7200)
    #expect(waiting.advanced(to: 0, at: .seconds(7)) == "Evaluating 0 of 7,200 rows (0 %), 2 s\n")
    #expect(waiting.advanced(to: 12, at: .seconds(17))?.contains("1 h 59 min left") == true)
    var nothing = line(isTerminal: false, total: 0)
    #expect(nothing.advanced(to: 0, at: .seconds(7)) == "Evaluating 0 of 0 rows, 2 s\n")
  }

  @Test("a total that becomes known later, and a next part of the work, are counted from then on")
  func parts() {
    let rehearsal = Rehearsal()
    let invocation = Invocation(
      arguments: ParsedArguments(), surroundings: rehearsal.surroundings)
    invocation.withProgress("Reading", total: 0, unit: "MB") { progress in
      rehearsal.pass(.seconds(2))
      progress.advance(to: 4, of: 8)
      rehearsal.pass(.seconds(2))
      progress.turn(to: "Writing", total: 3, unit: "fields")
      rehearsal.pass(.seconds(2))
      progress.advance(to: 1)
    }
    #expect(
      rehearsal.errors == """
        Reading 4 of 8 MB (50 %), 2.0 MB/s, 2 s, 2 s left
        Reading 4 of 8 MB (50 %), 1.0 MB/s, 4 s, 4 s left
        Writing 1 of 3 fields (33 %), 0.5 fields/s, 2 s, 4 s left
        Writing 1 of 3 fields (33 %), 0.5 fields/s, 2 s, 4 s left

        """)
  }

  @Test("the line stays within the screen", arguments: [20, 30, 60])
  func width(width: Int) throws {
    var line = line(isTerminal: true, width: width)
    let advanced = line.advanced(to: 1200, at: .seconds(9))
    let text = try #require(advanced)
    #expect(DisplayWidth.of(text.dropFirst(ProgressLine.erasure.count)) < width)
  }

  @Test("the line is gone after the work, also where the work fails")
  func shell() {
    struct Broken: Error {}
    let rehearsal = Rehearsal(width: 80, isTerminal: true)
    let invocation = Invocation(
      arguments: ParsedArguments(), surroundings: rehearsal.surroundings)
    #expect(throws: Broken.self) {
      try invocation.withProgress("Reading", total: 3, unit: "files") {
        (progress: ProgressReporter) throws in
        rehearsal.pass(.seconds(2))
        progress.advance(to: 1)
        throw Broken()
      }
    }
    #expect(
      rehearsal.errors
        == "\r\u{1B}[KReading 1 of 3 files (33 %), 0.5 files/s, 2 s, 4 s left\r\u{1B}[K")
  }

  @Test("a program that asked for documents gets one at once, and four a second at most")
  func documents() {
    var line = ProgressLine(
      title: "Racing", total: 8, unit: "calls",
      terminal: TerminalFacts(
        isTerminal: false, windowWidth: nil, environment: ["ATHANOR_PROGRESS": "json"]),
      startedAt: .zero)
    func document(_ done: Int) -> String {
      "{\"progress\":{\"work\":\"Racing\",\"done\":\(done),\"total\":8,\"unit\":\"calls\"}}\n"
    }
    #expect(line.advanced(to: 0, at: .zero) == document(0))
    #expect(line.advanced(to: 1, at: .milliseconds(249)) == nil)
    #expect(line.advanced(to: 2, at: .milliseconds(250)) == document(2))
    #expect(line.advanced(to: 8, at: .milliseconds(251)) == document(8))
    #expect(line.finished(at: .seconds(1)) == nil)
    // Somebody at the terminal is shown a line whatever the environment says.
    #expect(
      !TerminalFacts(
        isTerminal: true, windowWidth: nil, environment: ["ATHANOR_PROGRESS": "json"]
      ).tellsDocuments)
  }
}
