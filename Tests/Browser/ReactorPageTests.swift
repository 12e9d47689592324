import Essentials
import Foundation
import Storage
import TestKit
import Testing

extension BrowserTests {
  /// The budget as a furnace, on a real desk.
  @Suite("Reactor")
  struct ReactorTests {
    /// A view without WebGL draws the same figures at a hundredth of the cost.
    private static let plain = "webgl=0&lang=en"

    @Test("a campaign is watched live: tokens are injected, beats are drawn, sectors are scanned")
    func live() async throws {
      let desk = try ServedDesk()
      try await Browser.shared().withPage { page in
        desk.hold()
        async let run = desk.campaign(pace: .milliseconds(20), named: "watched")
        // Also where something fails before: nobody would let the campaign go.
        defer { desk.letGo() }
        while try desk.journal.events(limit: 1, filter: JournalFilter(run: "watched")).isEmpty {
          await Task.yield()
        }
        try await page.open(desk.page("reactor?run_id=watched&\(Self.plain)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().mode === 'live')", seconds: 60)
        desk.letGo()
        try await page.wait(until: "athanor.state().tokensInjected > 0")
        let state = try await page.evaluate("athanor.state()")
        #expect(state["mode"] == "live")
        #expect(state["webgl"] == .bool(false))
        #expect(state["sectors"]?.double ?? 0 > 0)
        #expect(state["pulseMeasure"] == "tokens")
        #expect(state["ignoredMessages"] == 0)
        _ = try await run
        try await page.wait(until: "athanor.state().calls === 2")
        #expect(page.complaints == [])
        try await page.photograph("reactor-plain")
      }
    }

    @Test("protection appears with its cause and goes when the cause is gone")
    func protection() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign()
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("reactor?run_id=\(run)&\(Self.plain)"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().calls > 0)")
        // The run has ended blocked: that is told beside the page, not over it.
        #expect(try await page.evaluate("athanor.state().state") == "blocked")
        #expect(try await page.evaluate("athanor.state().protectionVisible") == .bool(false))
        // It goes on, and is blocked again while somebody looks.
        try desk.again("agent.alpha_started", in: run)
        try desk.again("budget.blocked", in: run)
        try await page.wait(until: "athanor.state().protectionVisible", seconds: 30)
        let words = try await page.text("[data-test=protection]")
        #expect(words?.lowercased().contains("system protection activated") == true)
        try await page.photograph("reactor-protection")
        // A verdict of a call stands for five minutes.
        desk.move(seconds: 400)
        try await page.wait(until: "!athanor.state().protectionVisible", seconds: 30)
        #expect(page.complaints == [])
      }
    }

    @Test("a finished run is played again, by key and by slider")
    func scrubbing() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign()
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("reactor?run_id=\(run)&\(Self.plain)"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().calls > 0)")
        let end = try await page.evaluate("athanor.state().calls")
        try await page.wait(until: "document.querySelector('[data-test=slider]')")
        try await page.evaluate("document.querySelector('[data-test=slider]').focus()")
        try await page.press("Home")
        try await page.wait(until: "athanor.state().mode === 'replay'")
        try await page.wait(until: "athanor.state().position < 0.01")
        #expect(try await page.evaluate("athanor.state().calls") == 0)
        try await page.press("End")
        try await page.wait(until: "athanor.state().position > 0.99")
        #expect(try await page.evaluate("athanor.state().calls") == end)
        try await page.press("Home")
        try await page.click("[data-test=play]")
        try await page.wait(until: "athanor.state().isPlaying")
        try await page.wait(until: "athanor.state().position > 0")
        #expect(page.complaints == [])
      }
    }

    @Test("the language changes without a word missing, also of what is drawn")
    func languages() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("reactor?run_id=\(run)&webgl=0&lang=ko"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().calls > 0)")
        #expect(try await page.evaluate("document.documentElement.lang") == "ko")
        try await page.wait(
          until: "/[가-힣]/.test(document.querySelector('#reactor').innerText)")
        try await page.click("#language-switch")
        try await page.wait(until: "document.documentElement.lang === 'en'")
        try await page.wait(
          until: "!/[가-힣]/.test(document.querySelector('#reactor').innerText)")
        #expect(page.complaints == [])
      }
    }

    @Test("the furnace burns in WebGL where there is any, and holds still where motion is unwanted")
    func webgl() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      let look = BrowserLook(width: 960, height: 600, prefersReducedMotion: true)
      try await Browser.shared().withPage(look) { page in
        try await page.open(desk.page("reactor?run_id=\(run)&lang=en"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().calls > 0)", seconds: 30)
        let state = try await page.evaluate("athanor.state()")
        #expect(state["reducedMotion"] == .bool(true))
        // Without the vendored library the plain view stands in.
        let hasLibrary = FileManager.default.fileExists(
          atPath: checkoutFolder.appendingPathComponent("Web/vendor/three.js").path)
        #expect(state["webgl"] == .bool(hasLibrary))
        #expect(state["particlesAlive"] == 0)
        #expect(page.complaints == [])
        // Without motion the picture is drawn four times a second at most.
        try await page.evaluate("new Promise((done) => setTimeout(() => done(true), 700))")
        try await page.photograph("reactor-webgl")
      }
    }

    @Test("two hundred events a second do not stop the picture")
    func load() async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("reactor?run_id=\(run)&\(Self.plain)"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().calls > 0)")
        let counting = """
          new Promise((done) => {
            let frames = 0;
            const start = performance.now();
            const step = (now) => {
              frames += 1;
              if (now - start < 1500) requestAnimationFrame(step); else done(frames);
            };
            requestAnimationFrame(step);
          })
          """
        let quiet = try await page.evaluate(counting).double ?? 0
        let events = try await page.evaluate("athanor.state().events").double ?? 0
        async let frames = page.evaluate(counting)
        for _ in 0..<15 {
          try desk.chatter(20, in: run)
          try await page.wait(until: "new Promise((done) => setTimeout(() => done(true), 90))")
        }
        let busy = try await frames.double ?? 0
        #expect(busy >= quiet / 3, "\(busy) frames of \(quiet)")
        try await page.wait(until: "athanor.state().events >= \(Int(events) + 300)")
        #expect(try await page.evaluate("athanor.state().ignoredMessages") == 0)
        #expect(page.complaints == [])
      }
    }
  }
}
