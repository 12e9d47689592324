import Essentials
import Foundation
import TestKit
import Testing
import Twins

@Suite("BRAIN at the command line", .ownThread)
struct BrainProgramTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func run(
    _ twin: BrainTwin, _ command: String, variables: String = "", account: Bool = true
  ) throws -> ShellRun {
    let names =
      account
      ? "BRAIN_CREDENTIAL_EMAIL=quant@example.com BRAIN_CREDENTIAL_PASSWORD='correct horse'" : ""
    return try Program.run(
      """
      cd \(folder.url.path)
      HOME=\(folder.url.path) BRAIN_API_URL=\(twin.address) \(names) \(variables) $athanor \(command)
      """)
  }

  private func document(_ path: String) throws -> JSONValue {
    try JSONValue(
      parsing: String(contentsOf: folder.url.appendingPathComponent(path), encoding: .utf8))
  }

  @Test("the options are fetched, told and saved, and the session is kept")
  func options() throws {
    let twin = try BrainTwin()
    let run = try run(twin, "sync-options --json")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      try JSONValue(parsing: run.output).compactText
        == """
        {"saved":true,"keys":["instrumentType","region","universe","neutralization","delay",\
        "language"]}
        """)
    let saved = try document("data/meta/simulations_options.json")
    #expect(saved["allowed"]?["region"] == .strings(["USA", "EUR"]))
    let text = try self.run(twin, "sync-options", account: false)
    #expect(text.exitCode == 0, "\(text.errors)")
    #expect(text.output.contains("TOP3000 TOP1000"))
    #expect(twin.logins == 1)
  }

  @Test("metadata of two markets is fetched side by side")
  func metadata() throws {
    let twin = try BrainTwin()
    let run = try run(twin, "sync-metadata --json")
    #expect(run.exitCode == 0, "\(run.errors)")
    let report = try JSONValue(parsing: run.output)
    #expect(report["data_fields"] == 177)
    #expect(report["field_sync_scope"] == "all_datasets")
    let europe = try self.run(
      twin, "sync-metadata --region EUR --universe TOP1000 --json",
      variables: "BRAIN_MAX_FIELD_DATASETS=1")
    #expect(europe.exitCode == 0, "\(europe.errors)")
    #expect(try JSONValue(parsing: europe.output)["field_sync_scope"] == "dataset_subset")
    #expect(try document("data/meta/EQUITY-USA-D1-TOP3000/progress.json")["status"] == "completed")
    #expect(try document("data/meta/EQUITY-EUR-D1-TOP1000/progress.json")["status"] == "completed")
    let skipped = try self.run(twin, "sync-metadata --skip-fields --json")
    #expect(try JSONValue(parsing: skipped.output)["field_sync_scope"] == "skipped")
  }

  @Test("a fetching that BRAIN throttles stops where it was told to, and goes on the next time")
  func throttled() throws {
    let twin = try BrainTwin()
    twin.plan("GET /data-fields", [.none, .none, .answer(.busy(429, retryAfter: "60"))])
    let run = try run(twin, "sync-metadata --no-wait-on-rate-limit --json")
    #expect(run.exitCode == 1)
    #expect(try run.complaint["error"] == "brain_busy")
    let again = try self.run(twin, "sync-metadata --json")
    #expect(again.exitCode == 0, "\(again.errors)")
    let report = try #require(try? JSONValue(parsing: again.output), "\(again.errors)")
    #expect(report["datasets_resumed"] == 1)
  }

  @Test("a demand for a face ends with exit code 3 and the address to open")
  func persona() throws {
    var setup = BrainTwin.Setup()
    setup.demandsPersona = true
    let twin = try BrainTwin(setup)
    // Nobody is at the terminal, so waiting for a person would never end.
    for command in ["sync-options --json", "sync-metadata --json --interactive-login"] {
      let run = try run(twin, command)
      #expect(run.exitCode == 3)
      let report = try run.complaint
      #expect(report["error"] == "manual_action_required")
      #expect(
        report["action_url"]
          == .string(twin.address + "/authentication/persona?inquiry=inq_1"))
      #expect(report["message"] != nil && report["hint"] != nil)
      #expect(run.output == "")
    }
  }

  @Test("a wrong account, none, or one that others may read is a mistake of configuration")
  func accounts() throws {
    let twin = try BrainTwin()
    let none = try run(twin, "sync-options --json", account: false)
    #expect(none.exitCode == 4)
    #expect(try none.complaint["error"] == "no_credentials")
    let wrong = try run(
      twin, "sync-options --json", variables: "BRAIN_CREDENTIAL_PASSWORD=wrong")
    #expect(wrong.exitCode == 4)
    #expect(try wrong.complaint["error"] == "wrong_credentials")
    let exposed = try Program.run(
      """
      cd \(folder.url.path)
      echo '["a@x", "p"]' > account && chmod 644 account
      HOME=\(folder.url.path) $athanor sync-options --credentials account --brain-url \
      \(twin.address) --json
      """)
    #expect(exposed.exitCode == 4)
    #expect(try exposed.complaint["error"] == "credentials_exposed")
  }

  @Test("an account that was prepared signs in, and its password is shown nowhere")
  func prepared() throws {
    let twin = try BrainTwin()
    let run = try Program.run(
      """
      cd \(folder.url.path)
      export HOME=\(folder.url.path)
      printf 'quant@example.com\\ncorrect horse\\n' | $athanor prepare-credentials --json
      stat -c %a .brain_credentials
      $athanor sync-options --brain-url \(twin.address) --json
      stat -c %a .brain_session.json
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      run.output.contains("{\n  \"saved\": \"\(folder.url.path)/.brain_credentials\"\n}\n600"))
    #expect(run.output.hasSuffix("600\n"))
    #expect(!(run.output + run.errors).contains("correct horse"))
    #expect(twin.logins == 1)
  }

  @Test("an address that is none is refused before anything is sent")
  func address() throws {
    let run = try Program.run("$athanor sync-options --brain-url brain.example.com --json")
    #expect(run.exitCode == 4)
    #expect(try run.complaint["error"] == "invalid_address")
  }
}
