import Essentials
import Foundation
import Networking
import Research
import Synchronization
import TestKit
import Testing
import Twins

@Suite("Sessions with BRAIN", .ownThread, .timeLimit(.minutes(10)))
struct BrainSessionTests {
  private let operators = BrainQuestion(.get, "operators")

  @Test("one login serves all questions, and nobody asks whether it stands")
  func oneLogin() async throws {
    let rehearsal = try BrainRehearsal()
    for _ in 0..<5 { _ = try await rehearsal.session.document(operators) }
    #expect(
      rehearsal.twin.http.requests.map { "\($0.method) \($0.path)" }
        == ["POST /authentication"] + Array(repeating: "GET /operators", count: 5))
    #expect(try await rehearsal.session.may("MULTI_SIMULATION"))
    #expect(try await rehearsal.session.may("SUPER") == false)
    #expect(rehearsal.twin.http.requests.count == 6)
  }

  @Test("questions that come together share one login")
  func sharedLogin() async throws {
    let rehearsal = try BrainRehearsal()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { _ = try await rehearsal.session.document(self.operators) }
      }
      try await group.waitForAll()
    }
    #expect(rehearsal.twin.logins == 1)
  }

  @Test("the password goes to the login and nowhere else")
  func password() async throws {
    let rehearsal = try BrainRehearsal()
    _ = try await rehearsal.session.document(operators)
    let carriers = rehearsal.twin.http.requests.filter { $0.header("authorization") != nil }
    #expect(carriers.map(\.path) == ["/authentication"])
  }

  @Test("a wrong password is named as that, and tried once")
  func wrongPassword() async throws {
    let rehearsal = try BrainRehearsal(password: "wrong")
    await #expect(throws: BrainFailure.wrongCredentials(detail: "INVALID_CREDENTIALS")) {
      try await rehearsal.session.document(operators)
    }
    #expect(rehearsal.twin.http.requests.count == 1)
  }

  @Test("a session that BRAIN has ended is begun again once, and the question asked again")
  func ended() async throws {
    let rehearsal = try BrainRehearsal()
    _ = try await rehearsal.session.document(operators)
    rehearsal.twin.endSessions()
    _ = try await rehearsal.session.document(operators)
    #expect(rehearsal.twin.logins == 2)
    let refused = TwinAnswer.json(401, "{\"detail\":\"no\"}")
    rehearsal.twin.plan("GET /operators", [.answer(refused), .answer(refused)])
    await #expect(
      throws: BrainFailure.refused(status: 401, endpoint: "GET /operators", detail: "no")
    ) { try await rehearsal.session.document(operators) }
    #expect(rehearsal.twin.logins == 3)
  }

  @Test("a session is renewed before it ends")
  func renewal() async throws {
    let rehearsal = try BrainRehearsal()
    _ = try await rehearsal.session.document(operators)
    rehearsal.pass(.seconds(14_300))
    _ = try await rehearsal.session.document(operators)
    #expect(rehearsal.twin.logins == 1)
    rehearsal.pass(.seconds(50))
    _ = try await rehearsal.session.document(operators)
    #expect(rehearsal.twin.logins == 2)
  }

  @Test("cookies outlive the process in a file that only its owner may read")
  func cookieFile() async throws {
    let rehearsal = try BrainRehearsal(keepsCookies: true)
    _ = try await rehearsal.session.document(operators)
    let path = rehearsal.scratch.url.path + "/cookies"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let next = try rehearsal.restarted(cookieFile: path)
    _ = try await next.document(operators)
    #expect(rehearsal.twin.logins == 1)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: BrainFailure.credentialsExposed(path: path, mode: "644")) {
      try rehearsal.restarted(cookieFile: path)
    }
  }

  // MARK: Faces

  @Test("a demand for a face is a failure with the address, and exit code 3, where nobody is there")
  func personaWithoutPerson() async throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    let rehearsal = try BrainRehearsal(setup)
    let url = rehearsal.twin.address + "/authentication/persona?inquiry=inq_1"
    do {
      _ = try await rehearsal.session.document(operators)
      Issue.record("it went on without a face")
    } catch {
      guard case .personMustAct(let persona) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(persona.actionURL == url)
      #expect(error.key == "manual_action_required")
      #expect(error.outcome == .personMustAct)
    }
  }

  @Test("a login that waits for a face is gone on with by the next session, and no other is begun")
  func personaAcrossSessions() async throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    let rehearsal = try BrainRehearsal(setup)
    func attempt() async throws -> Bool {
      do {
        let file = rehearsal.scratch.url.path + "/cookies"
        _ = try await rehearsal.restarted(setup, cookieFile: file).document(operators)
        return true
      } catch BrainFailure.personMustAct {
        return false
      }
    }
    let first = try await attempt()
    let second = try await attempt()
    #expect(!first && !second)
    // The password was sent once; the second session asked whether the face was seen.
    let posts = rehearsal.twin.http.requests.map(\.path)
    #expect(posts == ["/authentication", "/authentication/persona"])
    rehearsal.twin.showFace()
    let third = try await attempt()
    #expect(third)
    #expect(rehearsal.twin.logins == 1)
  }

  @Test("a person who shows a face at the second try begins the session")
  func personaWithPerson() async throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    let asked = Mutex(0)
    let twinBox = Mutex<BrainTwin?>(nil)
    let rehearsal = try BrainRehearsal(setup) { _ in
      let count = asked.withLock {
        $0 += 1
        return $0
      }
      if count == 2 { twinBox.withLock { $0?.showFace() } }
      return true
    }
    twinBox.withLock { $0 = rehearsal.twin }
    _ = try await rehearsal.session.document(operators)
    #expect(asked.withLock { $0 } == 2)
    #expect(rehearsal.twin.logins == 1)
  }

  @Test("a person who gives up, or never shows a face, ends the login")
  func personaInVain() async throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    for goesOn in [true, false] {
      let rehearsal = try BrainRehearsal(setup) { _ in goesOn }
      await #expect {
        try await rehearsal.session.document(operators)
      } throws: {
        ($0 as? BrainFailure)?.outcome == .personMustAct
      }
      #expect(rehearsal.twin.http.requests.count == (goesOn ? 4 : 1))
    }
  }

  // MARK: Busy answers

  @Test("a busy BRAIN is waited for as it asks, and longer the more often it says so")
  func busy() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan(
      "GET /operators",
      [
        .answer(.busy(429, retryAfter: "7.5")), .answer(.busy(429, retryAfter: nil)),
        .answer(.busy(503, retryAfter: nil)),
        .answer(.partial(length: 10, "abc", then: .close)),
      ])
    _ = try await rehearsal.session.document(operators)
    #expect(rehearsal.waits == [7.5, 4, 8, 16])
  }

  @Test("without patience for limits a 429 is a failure at once")
  func impatient() async throws {
    let rehearsal = try BrainRehearsal(patience: BrainPatience(waitsOnRateLimit: false))
    rehearsal.twin.plan("GET /operators", [.answer(.busy(429, retryAfter: "7.5"))])
    await #expect(
      throws: BrainFailure.busy(
        status: 429, endpoint: "GET /operators", wait: .milliseconds(7500))
    ) { try await rehearsal.session.document(operators) }
    #expect(rehearsal.waits == [])
  }

  @Test("a server that stays broken is given up after eight tries")
  func broken() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan(
      "GET /operators", Array(repeating: .answer(.answer(502, "bad gateway")), count: 20))
    await #expect(
      throws: BrainFailure.busy(status: 502, endpoint: "GET /operators", wait: nil)
    ) { try await rehearsal.session.document(operators) }
    #expect(rehearsal.waits == [2, 4, 8, 16, 32, 64, 128, 256])
  }

  @Test("a busy login is waited for too")
  func busyLogin() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan(
      "POST /authentication", [.answer(.busy(429, retryAfter: "30")), .answer(.answer(500, ""))])
    _ = try await rehearsal.session.document(operators)
    #expect(rehearsal.waits == [30, 4])
  }

  @Test("cookies never follow an address to another server")
  func foreignAddress() async throws {
    let rehearsal = try BrainRehearsal()
    for location in ["https://evil.example.com/x", "//evil.example.com/x", "http://127.0.0.1:1/x"] {
      #expect(throws: BrainFailure.self) {
        try rehearsal.session.address(location, from: operators)
      }
    }
    #expect(
      try rehearsal.session.address("/simulations/1", from: operators).text
        == rehearsal.twin.address + "/simulations/1")
  }

  @Test(
    "no password is sent to another machine without encryption",
    arguments: [
      ("https://api.example.com", true), ("http://127.0.0.1:1", true), ("http://localhost", true),
      ("http://api.example.com", false), ("http://127.0.0.1.example.com", false),
    ])
  func encryption(address: String, isTaken: Bool) throws {
    let failure: BrainFailure?
    do {
      _ = try BrainSession(
        base: HTTPAddress(address), client: HTTPClient(), effects: RehearsedTime().effects,
        credentials: { () throws(BrainFailure) in throw .cancelled })
      failure = nil
    } catch {
      failure = error as? BrainFailure
    }
    #expect(failure == (isTaken ? nil : .insecureAddress(origin: address)))
  }

  @Test("an answer that is no JSON is named with the place")
  func noJSON() async throws {
    let rehearsal = try BrainRehearsal()
    rehearsal.twin.plan("GET /operators", [.answer(.answer("<html>"))])
    await #expect {
      try await rehearsal.session.document(operators)
    } throws: {
      if case BrainFailure.strangeAnswer(endpoint: "GET /operators", _) = $0 { true } else { false }
    }
  }
}
