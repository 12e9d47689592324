import Essentials
import Foundation
import TestKit
import Testing

/// The program as it was built beside these tests.
enum Program {
  static let url = URL(fileURLWithPath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("athanor")

  /// Runs a shell script in which `$athanor` is the program.
  static func run(_ script: String) throws -> ShellRun {
    var environment = ["athanor": url.path]
    // The second is where a run that measures coverage writes what it saw.
    for name in ["PATH", "LLVM_PROFILE_FILE"] {
      environment[name] = ProcessInfo.processInfo.environment[name]
    }
    return try ShellRun("bash", "-c", script, environment: environment)
  }
}

extension ShellRun {
  /// What the program says is wrong, as JSON. On a slow machine it also tells how far it has come, in
  /// lines before.
  var complaint: JSONValue {
    get throws {
      let line = errors.split(separator: "\n").last { $0.hasPrefix("{") }
      return try JSONValue(parsing: String(try #require(line, "\(exitCode): \(errors)")))
    }
  }
}

@Suite("The program", .ownThread)
struct ProgramTests {
  @Test("it prints its version and exits with 0")
  func version() throws {
    let run = try Program.run("$athanor version")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("athanor "))
    #expect(run.errors == "")
  }

  @Test("a mistyped command exits with 4 and writes only to standard error")
  func mistyped() throws {
    let run = try Program.run("$athanor verison")
    #expect(run.exitCode == 4)
    #expect(run.output == "")
    #expect(run.errors.contains("Did you mean `athanor version`?"))
  }

  @Test("a pipe that closes early ends it quietly")
  func closedPipe() throws {
    let scratch = try ScratchFolder()
    let run = try Program.run(
      """
      mkfifo \(scratch.url.path)/pipe
      exec 4<>\(scratch.url.path)/pipe 3>\(scratch.url.path)/pipe 4<&-
      $athanor completion bash >&3
      echo $?
      """)
    #expect(run.output == "0\n")
    #expect(run.errors == "")
  }

  @Test("a full disk is a failure, not a success with half an answer")
  func fullDisk() throws {
    let run = try Program.run("$athanor version > /dev/full")
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("No space left on device"))
  }

  @Test("text that goes to a file has no color and no cut lines")
  func plainText() throws {
    let run = try Program.run("$athanor --help")
    #expect(run.exitCode == 0)
    #expect(!run.output.contains("\u{1B}"))
    #expect(!run.output.contains("…"))
  }
}
