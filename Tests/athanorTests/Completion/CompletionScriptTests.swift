import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("Shell completion", .ownThread)
struct CompletionScriptTests {
  @Test(
    "a script knows every command and every option", arguments: CompletionScript.Shell.allCases)
  func complete(shell: CompletionScript.Shell) {
    let script = CompletionScript(root: .athanor).text(for: shell)
    for (path, command) in Command.athanor.descendants {
      #expect(script.contains("'\(path.joined(separator: " "))'"), "\(path)")
      for option in command.options {
        let spelling = shell == .fish ? "-l \(option.name)" : "--\(option.name)"
        #expect(script.contains(spelling), "\(path) \(option.name)")
      }
    }
  }

  @Test(
    "bash offers what may stand at the cursor",
    arguments: [
      (["desk", ""], ["data", "list", "--json", "--help", "-h"]),
      (["desk", "da"], ["data"]),
      (["desk", "data", "simulate", "--de"], ["--decay"]),
      (["desk", "data", "simulate", "--side", ""], ["LONG", "SHORT"]),
      (["desk", "data", "simulate", "--decay", ""], []),
      (["desk", "data", "simulate", "x", "--side", "S"], ["SHORT"]),
      (["desk", "list", "--"], ["--json", "--help"]),
    ])
  func bash(words: [String], offers: [String]) throws {
    let script = CompletionScript(root: Specimen.root).text(for: .bash)
    let line = words.map { CommandLineText.quoted($0) }.joined(separator: " ")
    let run = try ShellRun(
      "bash", "-c",
      script + "COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1); _desk\n"
        + #"printf '%s\n' "${COMPREPLY[@]}""#)
    #expect(run.errors == "")
    #expect(run.output.split(separator: "\n").map(String.init) == offers)
  }
}
