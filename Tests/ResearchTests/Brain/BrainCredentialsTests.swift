import Essentials
import Foundation
import Networking
import Research
import TestKit
import Testing

@Suite("The account of BRAIN")
struct BrainCredentialsTests {
  private let scratch: ScratchFolder
  private let path: String

  init() throws {
    scratch = try ScratchFolder()
    path = scratch.url.path + "/account"
  }

  private func write(_ text: String, mode: Int = 0o600) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  @Test("the environment comes before the file, and half an account is none")
  func order() throws {
    try write("[\"file@x\", \"f\"]")
    let full = ["BRAIN_CREDENTIAL_EMAIL": "a@x", "BRAIN_CREDENTIAL_PASSWORD": "p"]
    #expect(try BrainCredentials.find(environment: full, path: path).email.revealed == "a@x")
    let second = ["BRAIN_EMAIL": "b@x", "BRAIN_PASSWORD": "p", "BRAIN_CREDENTIAL_EMAIL": "a@x"]
    #expect(try BrainCredentials.find(environment: second, path: path).email.revealed == "b@x")
    let half = ["BRAIN_CREDENTIAL_EMAIL": "a@x", "BRAIN_CREDENTIAL_PASSWORD": ""]
    #expect(try BrainCredentials.find(environment: half, path: path).email.revealed == "file@x")
  }

  @Test("what is saved is read again, quotes and umlauts included, and only its owner may read it")
  func roundTrip() throws {
    let credentials = BrainCredentials(
      email: SecretText("ü\"@x"), password: SecretText("a\\\"b\n"))
    try write("old", mode: 0o644)
    try credentials.save(to: path)
    #expect(try BrainCredentials.read(path: path) == credentials)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test("a file that others may read is refused", arguments: [0o644, 0o640, 0o606])
  func exposed(mode: Int) throws {
    try write("[\"a\", \"b\"]", mode: mode)
    #expect(
      throws: BrainFailure.credentialsExposed(path: path, mode: String(mode, radix: 8))
    ) { try BrainCredentials.read(path: path) }
  }

  @Test(
    "a file that is no account is refused without showing what it holds",
    arguments: ["secret", "[\"secret\"]", "{\"a\":\"secret\"}", "[\"secret\", \"\"]", "[1, 2]"])
  func malformed(text: String) throws {
    try write(text)
    do {
      _ = try BrainCredentials.read(path: path)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.key == "credentials_malformed")
      #expect(!error.description.contains("secret"))
    }
  }

  @Test("where there is no account, both ways to give one are named")
  func missing() {
    #expect(throws: BrainFailure.noCredentials(path: path)) {
      try BrainCredentials.find(environment: [:], path: path)
    }
    let failure = BrainFailure.noCredentials(path: path)
    #expect(failure.explanation.contains("BRAIN_CREDENTIAL_EMAIL"))
    #expect(failure.outcome == .badConfiguration)
  }

  @Test("printing an account shows nothing of it")
  func hidden() {
    let credentials = BrainCredentials(email: SecretText("a@x"), password: SecretText("s3cret"))
    var shown = "\(credentials)"
    dump(credentials, to: &shown)
    #expect(!shown.contains("a@x"))
    #expect(!shown.contains("s3cret"))
  }

  @Test("a value replaces one of the same name, and an empty one or an age of nothing removes it")
  func cookies() {
    var cookies = BrainCookies(origin: "https://h")
    cookies.take(["Set-Cookie": "t=1; Path=/; HttpOnly"])
    cookies.take(HTTPHeaders([.init("set-cookie", "u=2; Max-Age=60"), .init("Set-Cookie", "t=3")]))
    #expect(cookies.field?.value.revealed == "u=2; t=3")
    cookies.take(["Set-Cookie": "t=\"\"; Max-Age=0"])
    #expect(cookies.field?.value.revealed == "u=2")
    cookies.take(["Set-Cookie": "u=x; max-age=0"])
    #expect(cookies.field == nil)
  }
}
