import Essentials
import TestKit
import Testing

/// All tests of the pages: one browser, one test at a time, because the machine has two cores and the
/// browser wants both. A suite of pages is an extension of this type with a `@Suite` of its own in it,
/// so that it runs within this one.
@Suite("Pages", .serialized, .enabled(if: Browser.isPresent, "\(Browser.reason)"))
struct BrowserTests {}

extension BrowserTests {
  @Suite("Harness")
  struct HarnessTests {
    @Test("a page is evaluated, waited for, and its complaints are heard")
    func evaluates() async throws {
      try await Browser.shared().withPage { page in
        #expect(try await page.evaluate("1 + 1") == 2)
        #expect(try await page.evaluate("({ a: [1, 'x', null] })")["a"] == .array([1, "x", .null]))
        try await page.evaluate("setTimeout(() => { window.late = 7 }, 30)")
        #expect(try await page.wait(until: "window.late") == 7)
        #expect(page.complaints == [])
        try await page.evaluate("console.error('a', 1); console.warn('b')")
        try await page.evaluate("setTimeout(() => { throw new Error('lost') })")
        try await page.wait(until: "new Promise((done) => setTimeout(() => done(true), 30))")
        #expect(page.complaints.first == "console: a 1")
        #expect(page.complaints.last?.contains("lost") == true)
        #expect(page.console == ["error: a 1", "warning: b"])
      }
    }

    @Test("a script that throws, and a condition that stays false, are failures that say so")
    func failures() async throws {
      try await Browser.shared().withPage { page in
        await #expect(throws: BrowserFailure.self) { try await page.evaluate("nobody.knows") }
        do {
          try await page.wait(until: "false", seconds: 0.05)
          Issue.record("it was false")
        } catch BrowserFailure.threw(let script, let message) {
          #expect(script == "false")
          #expect(message.contains("not true within 50 ms"))
        }
      }
    }

    @Test("pages share nothing, and are told of language, theme, motion and size")
    func looks() async throws {
      let look = BrowserLook(
        width: 360, height: 640, language: "ko-KR", prefersLight: true, prefersReducedMotion: true,
        pixelRatio: 2)
      try await Browser.shared().withPage(look) { page in
        let told = try await page.evaluate(
          """
          [innerWidth, innerHeight, devicePixelRatio, navigator.language,
           matchMedia("(prefers-color-scheme: light)").matches,
           matchMedia("(prefers-reduced-motion: reduce)").matches]
          """)
        #expect(told == .array([360, 640, 2, "ko-KR", .bool(true), .bool(true)]))
      }
    }
  }
}
