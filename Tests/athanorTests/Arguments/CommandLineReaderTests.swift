import Essentials
import Testing

@testable import athanor

@Suite("Command lines")
struct CommandLineReaderTests {
  /// What the specimen was given: formula, more, decay, cost, panel, side, labels, since, quiet.
  @Test(
    "words become typed values in whatever order they stand",
    arguments: [
      (["rank(close)", "--panel", "us"], "rank(close)||4|-|us|LONG||-|false"),
      (["--panel=us", "rank(close)", "-d", "0"], "rank(close)||0|-|us|LONG||-|false"),
      (["-rank(close)", "-p", "us", "-q"], "-rank(close)||4|-|us|LONG||-|true"),
      (["a", "b", "c", "-p", "us", "--cost", "0.0005"], "a|b+c|4|0.0005|us|LONG||-|false"),
      (["a", "-p", "us", "--label", "x", "--label", ""], "a||4|-|us|LONG|x+|-|false"),
      (["a", "-p", "us", "--side", "short"], "a||4|-|us|SHORT||-|false"),
      (["a", "-p", "us", "--since", "2017-12-29"], "a||4|-|us|LONG||2017-12-29|false"),
      (["-p", "us", "--", "--panel"], "--panel||4|-|us|LONG||-|false"),
      (["-p", "us", "-5", "--label=a=b"], "-5||4|-|us|LONG|a=b|-|false"),
      (["-p", "us", "-"], "-||4|-|us|LONG||-|false"),
    ])
  func typedValues(words: [String], expected: String) {
    let rehearsal = Rehearsal()
    let door = FrontDoor(root: Specimen.root, surroundings: rehearsal.surroundings)
    #expect(door.serve(["data", "simulate"] + words) == 0, "\(rehearsal.errors)")
    #expect(rehearsal.output == expected + "\n")
  }

  @Test(
    "a line that cannot be understood is refused at the word that is wrong",
    arguments: [
      (["lsit"], "unknown_command", "lsit", "Did you mean `desk list`?"),
      (["xyzzy"], "unknown_command", "xyzzy", "See `desk --help`"),
      (["data", "simulte"], "unknown_command", "simulte", "Did you mean `desk data simulate`?"),
      (["data", "--json"], "missing_command", "", "See `desk data --help`."),
      (["data", "-x"], "unknown_option", "-x", "See `desk data --help`."),
      (["data", "simulate", "-p", "u"], "missing_argument", "", "It takes a text"),
      (["data", "simulate", "a"], "missing_option", "", "the path of a file"),
      (
        ["data", "simulate", "a", "-p", "u", "--dcay", "3"], "unknown_option", "--dcay",
        "Did you mean --decay?"
      ),
      (["data", "simulate", "a", "-p", "u", "-x"], "unknown_option", "-x", "See `desk"),
      (["data", "simulate", "a", "--panel"], "missing_value", "--panel", "the path of a file"),
      (["data", "simulate", "a", "-p", "--quiet"], "missing_value", "-p", "the path of a file"),
      (["data", "simulate", "a", "-p", "--", "u"], "missing_value", "-p", "the path of a file"),
      (["data", "simulate", "a", "--panel="], "bad_value", "--panel=", "See `desk"),
      (["data", "simulate", "a", "-p", "u", "-d", "513"], "bad_value", "513", "See `desk"),
      (["data", "simulate", "a", "-p", "u", "-d", "4.0"], "bad_value", "4.0", "See `desk"),
      (["data", "simulate", "a", "-p", "u", "--cost", "nan"], "bad_value", "nan", "See `desk"),
      (["data", "simulate", "a", "-p", "u", "--cost=inf"], "bad_value", "--cost=inf", "See"),
      (
        ["data", "simulate", "a", "-p", "u", "--side", "shrot"], "bad_value", "shrot",
        "Did you mean SHORT?"
      ),
      (
        ["data", "simulate", "a", "-p", "u", "--since", "2017-02-29"], "bad_value", "2017-02-29",
        "See `desk"
      ),
      (
        ["data", "simulate", "a", "-p", "u", "-q", "--quiet"], "repeated_option", "--quiet",
        "Keep one of the two."
      ),
      (
        ["data", "simulate", "a", "-p", "u", "--quiet=yes"], "unexpected_value", "--quiet=yes",
        "Write --quiet alone"
      ),
      (["list", "everything"], "unexpected_argument", "everything", "Put quotes around"),
      (["list", "-json"], "unexpected_argument", "-json", "two dashes: --json."),
    ])
  func refusals(words: [String], code: String, place: String, remedy: String) throws {
    let failure = try #require(throws: UsageFailure.self) {
      try CommandLineReader.read(words, by: Specimen.root)
    }
    #expect(failure.key == code)
    #expect(failure.outcome == .badConfiguration)
    #expect(failure.remedy.contains(remedy), "\(failure.remedy)")
    let span = failure.finding.span
    let underlined = Array(failure.line.text.utf8)[span.start..<span.end]
    #expect(String(decoding: underlined, as: UTF8.self) == place)
  }

  @Test(
    "help is shown whatever else is wrong with the line",
    arguments: [
      [], ["--help"], ["-h"], ["data", "--help"], ["data", "simulate", "--nonsense", "-h"],
    ])
  func help(words: [String]) throws {
    guard case .help = try CommandLineReader.read(words, by: Specimen.root) else {
      Issue.record("no help for \(words)")
      return
    }
  }

  @Test("a word after the double dash is never a plea for help")
  func helpAsText() throws {
    guard
      case .run(_, let path, let arguments) = try CommandLineReader.read(
        ["data", "simulate", "-p", "us", "--", "--help"], by: Specimen.root)
    else {
      Issue.record("the line was not read as a run")
      return
    }
    #expect(path == ["data", "simulate"])
    #expect(Specimen.formula.value(in: arguments) == "--help")
  }

  @Test("the line in a complaint is quoted as a shell would need it, control characters blanked")
  func quoting() {
    let line = CommandLineText(words: ["desk", "rank(a, b)", "it's", "", "a\u{1B}[2J", "plain-1"])
    #expect(line.text == #"desk 'rank(a, b)' 'it'\''s' '' 'a [2J' plain-1"#)
    #expect(
      line.span(ofWord: 6) == SourceSpan(start: line.text.utf8.count, end: line.text.utf8.count))
  }
}
