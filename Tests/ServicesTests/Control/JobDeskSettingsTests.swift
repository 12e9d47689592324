import Foundation
import Testing

@testable import Services

@Suite("What the programs of jobs are handed")
struct JobDeskSettingsTests {
  private func handed(_ environment: [String: String], asksModel: Bool) -> [String: String] {
    JobDeskSettings(
      executable: "/bin/true", jobs: "/j", knowledge: "/k", journal: "/journal.sqlite",
      environment: environment
    ).environment(mark: "m", asksModel: asksModel)
  }

  @Test(
    "a variable is handed on where programs need it, keys only to those that ask a model",
    arguments: [
      ("PATH", true, true), ("LC_ALL", true, true), ("https_proxy", true, true),
      ("ATHANOR_HOME", true, true), ("ATHANOR_ADMIN_TOKEN", false, false),
      ("OPENAI_API_KEY", false, true), ("ANTHROPIC_API_KEY_FILE", false, true),
      ("BRAIN_LLM_API_KEY", false, true), ("BRAIN_LLM_MODEL", false, true),
      ("OLLAMA_HOST", false, true), ("BRAIN_CREDENTIAL_PASSWORD", false, false),
      ("AWS_SECRET_ACCESS_KEY", false, false), ("LD_PRELOAD", false, false),
    ])
  func names(name: String, always: Bool, asking: Bool) {
    #expect((handed([name: "/x"], asksModel: false)[name] != nil) == always)
    #expect((handed([name: "/x"], asksModel: true)[name] != nil) == asking)
  }

  @Test("every program knows the journal, the mark of its job and how to tell its progress")
  func fixed() {
    let handed = handed(["ATHANOR_JOURNAL": "/other.sqlite"], asksModel: false)
    #expect(
      handed == [
        "ATHANOR_JOURNAL": "/journal.sqlite", "ATHANOR_JOB": "m", "ATHANOR_PROGRESS": "json",
        "NO_COLOR": "1",
      ])
  }

  @Test("a relative path means the server's folder, not the job's")
  func paths() {
    let here = FileManager.default.currentDirectoryPath
    let handed = handed(
      ["OPENAI_API_KEY_FILE": "key", "BRAIN_LLM_CACHE": "/cache", "BRAIN_LLM_MODEL": "m"],
      asksModel: true)
    #expect(handed["OPENAI_API_KEY_FILE"] == "\(here)/key")
    #expect(handed["BRAIN_LLM_CACHE"] == "/cache")
    #expect(handed["BRAIN_LLM_MODEL"] == "m")
  }
}
