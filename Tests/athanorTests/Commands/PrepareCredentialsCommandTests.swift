import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor prepare-credentials")
struct PrepareCredentialsCommandTests {
  private let scratch: ScratchFolder
  private let path: String

  init() throws {
    scratch = try ScratchFolder()
    path = scratch.url.path + "/account"
  }

  private func serve(
    _ arguments: [String], input: String = "", typed: [String]? = nil
  ) -> (code: Int32, rehearsal: Rehearsal, questions: [String]) {
    let rehearsal = Rehearsal(input: Array(input.utf8))
    var surroundings = rehearsal.surroundings
    let script = Script(typed ?? [])
    if typed != nil {
      surroundings.person = Questioner { question, echo in
        script.answer("\(question)\(echo)")
      }
    }
    let door = FrontDoor(root: .athanor, surroundings: surroundings)
    let code = door.serve(["prepare-credentials", "--path", path] + arguments)
    return (code, rehearsal, script.questions)
  }

  private func saved() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test("a person is asked for what is missing, and the password is not shown")
  func asked() throws {
    let (code, rehearsal, questions) = serve([], typed: ["me@x", "a\"b"])
    #expect(code == 0, "\(rehearsal.errors)")
    #expect(questions == ["E-mail address: shown", "Password: hidden"])
    #expect(try saved() == "[\"me@x\",\"a\\\"b\"]\n")
    #expect(!(rehearsal.output + rehearsal.errors).contains("a\"b"))
  }

  @Test("standard input stands in for a person")
  func piped() throws {
    #expect(serve(["--email", "me@x"], input: "pass word\n").code == 0)
    #expect(try saved() == "[\"me@x\",\"pass word\"]\n")
  }

  @Test("what is given is not asked for")
  func given() throws {
    let (code, _, questions) = serve(["--email", "me@x", "--password", "p"], typed: [])
    #expect(code == 0)
    #expect(questions == [])
    #expect(try saved() == "[\"me@x\",\"p\"]\n")
  }

  @Test("half an account is refused and nothing is written")
  func half() {
    for (arguments, input, typed) in [
      ([], "", nil), ([], "me@x", nil), ([], "me@x\n\n", nil), ([], "", ["me@x"]),
      (["--email", ""], "p", nil),
    ] as [([String], String, [String]?)] {
      let (code, rehearsal, _) = serve(arguments, input: input, typed: typed)
      #expect(code == 4)
      #expect(rehearsal.errors.contains("account_not_given"))
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}

/// What a person types, line by line, and what they were asked.
private final class Script: @unchecked Sendable {
  // Sendable: a command asks from one thread.
  private var lines: [String]
  private(set) var questions: [String] = []

  init(_ lines: [String]) { self.lines = lines }

  func answer(_ question: String) -> String? {
    questions.append(question)
    return lines.isEmpty ? nil : lines.removeFirst()
  }
}
