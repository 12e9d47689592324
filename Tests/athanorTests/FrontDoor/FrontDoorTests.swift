import Essentials
import Foundation
import Testing

@testable import athanor

@Suite("The front door")
struct FrontDoorTests {
  private struct Refusal: ExplainedFailure {
    var outcome: FailureOutcome
    var key: String { "gate_failed" }
    var explanation: String { "Turnover 82 % exceeds 70 %." }
    var remedy: String { "Raise the decay." }
  }

  private static func desk(_ body: @escaping @Sendable () throws -> Answer) -> Command {
    Command(
      family: "desk", summary: "A desk", examples: [],
      members: [Command("judge", summary: "Judge", examples: []) { _ in try body() }])
  }

  @Test(
    "the exit code is the class of the failure, and the JSON object names it",
    arguments: [
      FailureOutcome.failed, .refused, .personMustAct, .badConfiguration, .timedOut,
      .integrityViolated,
    ])
  func outcomes(outcome: FailureOutcome) throws {
    let rehearsal = Rehearsal()
    let desk = Self.desk { throw Refusal(outcome: outcome) }
    #expect(rehearsal.serve("judge", "--json", by: desk) == outcome.rawValue)
    #expect(rehearsal.output == "")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(rehearsal.errors.utf8)) as? [String: Any])
    #expect(object["error"] as? String == "gate_failed")
    #expect(object["exit"] as? Int == Int(outcome.rawValue))
    #expect(rehearsal.errors.split(separator: "\n").count == 1)
  }

  @Test("an answer that speaks against success is said, then counted as a failure")
  func answerWithFailure() {
    let rehearsal = Rehearsal()
    let desk = Self.desk {
      Answer(json: ["rows": 3], failure: Refusal(outcome: .refused)) { _ in "three rows" }
    }
    #expect(rehearsal.serve("judge", by: desk) == 2)
    #expect(rehearsal.output == "three rows\n")
    #expect(
      rehearsal.errors
        == "error: Turnover 82 % exceeds 70 %. [gate_failed]\n  = help: Raise the decay.\n")
  }

  @Test("an error that does not explain itself is still told and exits with 1")
  func unexplained() {
    struct Odd: Error {}
    let rehearsal = Rehearsal()
    #expect(rehearsal.serve("judge", by: Self.desk { throw Odd() }) == 1)
    #expect(rehearsal.errors.hasPrefix("error: The system reports: "))
    #expect(rehearsal.errors.contains("[failed]"))
  }

  @Test("a reader that leaves ends the command without a word")
  func readerLeft() {
    let rehearsal = Rehearsal(closesAfter: 0)
    #expect(rehearsal.serve("version") == 0)
    #expect(rehearsal.errors == "")
  }

  @Test("a mistyped line is shown with the mistake underlined")
  func usage() {
    let rehearsal = Rehearsal()
    #expect(rehearsal.serve("version", "--jsno") == 4)
    #expect(
      rehearsal.errors == """
        error: `athanor version` has no option --jsno [unknown_option]
         --> command line:1:17
        1 | athanor version --jsno
          |                 ^^^^^^
          = help: Did you mean --json?

        """)
  }

  @Test("a failure to read the line is JSON too where JSON was asked for")
  func usageAsJSON() throws {
    let rehearsal = Rehearsal()
    #expect(rehearsal.serve("verison", "--json") == 4)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(rehearsal.errors.utf8)) as? [String: Any])
    #expect(object["error"] as? String == "unknown_command")
    #expect((object["diagnostics"] as? [[String: Any]])?.first?["start"] as? Int == 8)
  }

  @Test("every verb and every page answers with one JSON value")
  func jsonEverywhere() throws {
    for (path, _) in Command.athanor.descendants {
      let rehearsal = Rehearsal()
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      #expect(door.serve(path + ["--help", "--json"]) == 0)
      let page = try JSONSerialization.jsonObject(with: Data(rehearsal.output.utf8))
      #expect(
        (page as? [String: Any])?["command"] as? String == "athanor " + path.joined(separator: " "))
    }
  }

  @Test("a page that does not exist is refused with the nearest that does")
  func unknownTopic() {
    let rehearsal = Rehearsal()
    #expect(rehearsal.serve("help", "completoin") == 4)
    #expect(rehearsal.errors.contains("Did you mean `completion`?"))
  }

  @Test("`--version` is the same as `version`")
  func version() {
    let asked = Rehearsal()
    let flagged = Rehearsal()
    #expect(asked.serve("version") == 0)
    #expect(flagged.serve("--version") == 0)
    #expect(asked.output == flagged.output)
    #expect(asked.output.hasPrefix("athanor \(VersionCommand.version) ("))
  }

  @Test("a processor without an instruction of the build is named, one with all passes")
  func instructions() {
    let all = "avx avx2 bmi1 bmi2 f16c fma abm movbe"
    #expect(InstructionSet.x86v3.missingInstructions(in: "flags\t\t: fpu \(all) sse\nbugs") == [])
    #expect(
      InstructionSet.x86v3.missingInstructions(in: "x: y\nflags : fpu avx bmi1 bmi2 f16c abm movbe")
        == ["avx2", "fma"])
    #expect(InstructionSet.portable.missingInstructions(in: "flags : fpu") == [])
    #expect(InstructionsMissing(names: ["fma"]).explanation.contains("lacks fma"))
  }
}
