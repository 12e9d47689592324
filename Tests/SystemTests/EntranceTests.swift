import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("The way into a checkout", .ownThread)
struct EntranceTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: checkoutFolder.appendingPathComponent(path), encoding: .utf8)
  }

  /// Asks `make`, as from a shell: a test may itself be run by a `make` that hands its flags down.
  private func make(_ arguments: String) throws -> ShellRun {
    try ShellRun(
      "sh", "-c", "make \(arguments)",
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""],
      folder: checkoutFolder)
  }

  /// The commands of the shell blocks of a document, without comments.
  private func commands(in document: String) -> [String] {
    var isShell = false
    return document.split(separator: "\n").compactMap { line in
      if line.hasPrefix("```") {
        isShell = line == "```sh"
        return nil
      }
      guard isShell, !line.isEmpty, !line.hasPrefix("#") else { return nil }
      let command = line.split(separator: "#", maxSplits: 1).first.map(String.init) ?? ""
      return String(command.reversed().drop { $0 == " " }.reversed())
    }
  }

  @Test("the README's first command is `make demo`, which builds the program and runs its demo")
  func firstCommand() throws {
    #expect(commands(in: try text("README.md")).first == "make demo")
    let recipe = try make("--dry-run demo")
    #expect(recipe.exitCode == 0, "\(recipe.errors)")
    #expect(
      recipe.output.split(separator: "\n").map(String.init) == [
        "Scripts/setup", "swift build -c release --product athanor", ".build/release/athanor demo",
      ])
  }

  @Test(
    "every `make` command that a document names is a target",
    arguments: [
      "README.md", "CONTRIBUTING.md",
    ])
  func makeTargets(document: String) throws {
    for command in commands(in: try text(document)) where command.hasPrefix("make ") {
      let run = try make("--dry-run \(command.dropFirst("make ".count))")
      #expect(run.exitCode == 0, "\(command): \(run.errors)")
    }
  }

  @Test("`make help` explains every target that can be asked for")
  func makeHelp() throws {
    let makefile = try text("Makefile")
    let phony = try #require(makefile.split(separator: "\n").first { $0.hasPrefix(".PHONY:") })
    let help = try make("help")
    for target in phony.dropFirst(".PHONY:".count).split(separator: " ") {
      #expect(help.output.contains("make \(target) "), "\(target)")
    }
  }

  @Test("the README explains every command and every exit code")
  func readme() throws {
    let readme = try text("README.md")
    for (path, command) in Command.athanor.descendants where command.members.isEmpty {
      let name = (["athanor"] + path).joined(separator: " ")
      #expect(readme.contains("| `\(name)` |"), "\(name)")
    }
    for (code, meaning) in HelpPage.exitCodes {
      #expect(readme.contains("| \(code) | \(meaning) |"), "\(code)")
    }
  }

  @Test("the changelog has a place for what is not released")
  func changelog() throws {
    #expect(try text("CHANGELOG.md").contains("\n## [Unreleased]\n"))
  }

  @Test("the check of a submission can be executed, stops at a failure and ends with the tests")
  func continuousIntegration() throws {
    let script = checkoutFolder.appendingPathComponent(".ci/run")
    #expect(FileManager.default.isExecutableFile(atPath: script.path))
    let lines = try text(".ci/run").split(separator: "\n")
    #expect(lines.contains("set -eu"))
    #expect(lines.contains("Scripts/format --check"))
    #expect(lines.last == "make test")
  }

  @Test("every script can be executed, is sound, and begins with what it does")
  func scripts() throws {
    let folder = checkoutFolder.appendingPathComponent("Scripts")
    // Folders hold what scripts and the program start.
    let names = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { !$0.hasDirectoryPath }.map(\.lastPathComponent).sorted()
    #expect(names.contains("setup"))
    for name in names {
      let path = folder.appendingPathComponent(name).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(name)")
      let lines = try text("Scripts/\(name)").split(separator: "\n")
      #expect(lines.first == "#!/bin/sh", "\(name)")
      try #require(lines.count > 1, "\(name)")
      #expect(lines[1].hasPrefix("# ") && (lines[1].hasSuffix(".") || lines[1].hasSuffix(",")))
      #expect(try ShellRun("sh", "-n", path).exitCode == 0, "\(name)")
      let help = try ShellRun(path, "--help")
      #expect(help.exitCode == 0)
      #expect(help.output.contains("usage: Scripts/\(name)"), "\(name)")
    }
  }
}
