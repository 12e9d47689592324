import Essentials
import Foundation
import TestKit
import Testing

extension BrowserTests {
  /// The search, on a real desk.
  @Suite("Laboratory")
  struct LaboratoryTests {
    private static let plain = "webgl=0&lang=en"

    @Test("every candidate of a campaign is listed with its figures, and sorts by them")
    func results() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?run_id=\(run)&\(Self.plain)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)")
        let told = try await page.evaluate("athanor.state()")
        #expect(told["webgl"] == .bool(false))
        #expect(told["run"] == .string(run))
        #expect(told["words"]?["lacking"] ?? .array([]) == .array([]))
        #expect(try await page.evaluate("athanor.state().ignoredMessages") == 0)
        #expect(page.complaints == [])
        try await page.photograph("lab-plain")
      }
    }

    @Test(
      "a candidate is opened: its formula in color, its history, its curve or why there is none")
    func detail() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?run_id=\(run)&\(Self.plain)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)")
        try await page.evaluate(
          "document.querySelector('[data-test=results-table] tr[data-key]').click()"
        )
        try await page.wait(until: "athanor.state().selected !== null")
        try await page.wait(
          until: "document.querySelectorAll('[data-test=formula] span').length > 2")
        try await page.wait(until: "athanor.state().detail.equity", seconds: 20)
        #expect(page.complaints == [])
        try await page.photograph("lab-detail")
      }
    }

    @Test("a mistake in a formula is underlined as it is typed, with its remedy")
    func editor() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?run_id=\(run)&\(Self.plain)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)")
        try await page.evaluate("document.querySelector('[data-test=editor]').focus()")
        try await page.type("rnak(close)")
        try await page.wait(
          until:
            "document.querySelector('[data-test=editor-findings]').textContent.includes('rank')")
        #expect(page.complaints == [])
      }
    }

    @Test("new candidates appear while the page is open")
    func live() async throws {
      let desk = try ServedDesk()
      let first = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?run_id=\(first)&\(Self.plain)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)")
        let cursor = try await page.evaluate("athanor.state().cursor").double ?? 0
        try desk.again("agent.alpha_generated", in: first)
        try await page.wait(until: "athanor.state().cursor > \(Int(cursor))")
        #expect(page.complaints == [])
      }
    }

    @Test("work cannot be started without a token, and the page says how to get one")
    func console() async throws {
      let desk = try ServedDesk()
      try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?\(Self.plain)"))
        try await page.wait(
          until:
            "athanor.ready.then(() => document.querySelector('[data-test=action-picker]')?.options.length > 3)"
        )
        // Panels above it may still grow, so it is not where the pointer was sent.
        try await page.evaluate("document.querySelector('[data-test=job-start]').click()")
        try await page.wait(until: "document.querySelector('dialog[open]')")
        #expect(
          try await page.text("dialog[open]")?.contains("athanor token create") == true)
        try await page.photograph("lab-token")
      }
    }

    @Test("the pages are drawn in WebGL, in Korean and in light")
    func korean() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 2)
      let look = BrowserLook(
        width: 1280, height: 800, language: "ko-KR", prefersLight: true, prefersReducedMotion: true)
      try await Browser.shared().withPage(look) { page in
        try await page.open(desk.page("lab?run_id=\(run)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)", seconds: 30)
        #expect(try await page.evaluate("document.documentElement.lang") == "ko")
        #expect(page.complaints == [])
        try await page.photograph("lab-webgl-ko-light")
      }
    }
  }
}
