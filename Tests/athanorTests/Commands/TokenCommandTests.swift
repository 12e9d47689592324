import Essentials
import Foundation
import Mathematics
import Networking
import Services
import Storage
import Synchronization
import TestKit
import Testing

@testable import athanor

@Suite("athanor token")
struct TokenCommandTests {
  private let scratch: ScratchFolder
  private let home: String

  init() throws {
    scratch = try ScratchFolder()
    home = scratch.url.path + "/home"
  }

  private func serve(
    _ arguments: String..., seed: UInt64 = 1, isTerminal: Bool = false
  ) -> (code: Int32, output: String, errors: String) {
    let rehearsal = Rehearsal(
      width: isTerminal ? 100 : nil, isTerminal: isTerminal,
      environment: ["ATHANOR_HOME": home])
    var surroundings = rehearsal.surroundings
    let chance = Chance(seed: seed)
    surroundings.chance = { chance.next() }
    let code = FrontDoor(root: .athanor, surroundings: surroundings).serve(arguments)
    return (code, rehearsal.output, rehearsal.errors)
  }

  private final class Chance: Sendable {
    private let generator: Mutex<SplitMix64>
    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }
    func next() -> UInt64 { generator.withLock { $0.next() } }
  }

  private var file: AccessFile { AccessFile(path: home + "/access.json") }

  private func makeJournal() throws -> Journal {
    try Journal.open(
      path: home + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "j", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 1000))
  }

  @Test("a token is printed once, alone for programs, and only its hash is kept")
  func creating() throws {
    let made = serve("token", "create", "--name", "laptop", "--role", "operator")
    #expect(made.code == 0, "\(made.errors)")
    let text = made.output.trimmingCharacters(in: .newlines)
    let token = try #require(AccessToken(SecretText(text)))
    let entry = try #require(try file.read().entry(token.id))
    #expect(entry.name == "laptop")
    #expect(entry.role == .operator)
    #expect(entry.hash.cost == .interactive)
    #expect(entry.hash.recognizes(token.secret))
    let stored = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(!stored.contains(token.secret.revealed))
    #expect(made.errors == "")
    let listed = serve("token", "list")
    #expect(listed.output.contains("laptop") && listed.output.contains(token.id))
    #expect(!listed.output.contains(token.secret.revealed))
    #expect(!serve("token", "list", "--json").output.contains("argon2"))
  }

  @Test("a person is told that it is shown this once, and a program gets its parts")
  func forms() throws {
    let shown = serve(
      "token", "create", "--name", "a", "--role", "viewer", isTerminal: true
    ).output
    #expect(shown.hasPrefix("ath_"))
    #expect(shown.contains("only time"))
    let made = serve(
      "token", "create", "--name", "b", "--role", "VIEWER", "--expires", "2017-07-14", "--json",
      seed: 2)
    let document = try JSONValue(parsing: made.output)
    #expect(document["role"] == "viewer")
    #expect(document["expires_at"] == "2017-07-15")
    #expect(document["path"] == .string(file.path))
  }

  @Test("a token is revoked by its name, its id or itself, once")
  func revoking() throws {
    var tokens: [AccessToken] = []
    for (seed, name) in [(1, "a"), (2, "b"), (3, "c")] as [(UInt64, String)] {
      let text = serve("token", "create", "--name", name, "--role", "viewer", seed: seed).output
      tokens.append(
        try #require(AccessToken(SecretText(text.trimmingCharacters(in: .newlines)))))
    }
    #expect(serve("token", "revoke", "a").code == 0)
    #expect(serve("token", "revoke", tokens[1].id).code == 0)
    #expect(serve("token", "revoke", tokens[2].text.revealed).code == 0)
    #expect(try file.read().entries.allSatisfy { $0.revokedAt != nil })
    #expect(serve("token", "revoke", "a").code == 4)
    #expect(serve("token", "revoke", tokens[1].id).code == 2)
    let half = serve("token", "revoke", "ath_" + tokens[0].secret.revealed)
    #expect(half.code == 4)
    #expect(!half.errors.contains(tokens[0].secret.revealed))
  }

  @Test("what cannot be given out is refused, and nothing is written")
  func refusals() throws {
    for (arguments, code, key) in [
      (["--name", "loopback", "--role", "viewer"], 4, "unusable_token_name"),
      (["--name", "a", "--role", "viewer", "--expires", "2017-07-13"], 4, "token_expiry_passed"),
      (["--name", "a", "--role", "king"], 4, ""), (["--name", "a"], 4, ""),
    ] as [([String], Int32, String)] {
      let rehearsal = Rehearsal(environment: ["ATHANOR_HOME": home])
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      let found = door.serve(["token", "create", "--json"] + arguments)
      #expect(found != 0)
      #expect(key.isEmpty || found == code)
      #expect(key.isEmpty || rehearsal.errors.contains(key))
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
  }

  @Test("where there is a journal it records who was let in and who no longer is, and no secret")
  func journaling() throws {
    #expect(serve("token", "create", "--name", "early", "--role", "viewer").code == 0)
    #expect(!FileManager.default.fileExists(atPath: home + "/journal.sqlite"))
    _ = try makeJournal()
    let made = serve("token", "create", "--name", "late", "--role", "owner", seed: 2)
    let token = try #require(
      AccessToken(SecretText(made.output.trimmingCharacters(in: .newlines))))
    #expect(serve("token", "revoke", "late").code == 0)
    let events = try makeJournal().events(limit: 10)
    #expect(events.map(\.kind) == ["access.token_created", "access.token_revoked"])
    for event in events {
      #expect(event.subject == token.id)
      #expect(
        event.payload
          == [
            "token_id": .string(token.id), "name": "late", "role": "owner", "expires_at": .null,
          ])
    }
  }

  @Test("a token stays made where the journal cannot be written, and that is said")
  func journalHeld() throws {
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try Data("no journal".utf8).write(to: URL(fileURLWithPath: home + "/journal.sqlite"))
    let made = serve("token", "create", "--name", "a", "--role", "viewer")
    #expect(made.code != 0)
    #expect(made.output.hasPrefix("ath_"))
    #expect(!made.errors.isEmpty)
    #expect(try file.read().entries.count == 1)
  }
}
