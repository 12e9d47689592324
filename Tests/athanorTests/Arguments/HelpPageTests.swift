import Testing

@testable import athanor

@Suite("Help pages")
struct HelpPageTests {
  @Test("a page names everything that the command takes, with defaults and bounds")
  func everything() {
    let page = HelpPage(command: Specimen.verb, path: ["desk", "data", "simulate"])
    let text = page.text(TerminalFacts(isTerminal: false, windowWidth: nil, environment: [:]))
    for part in [
      "Usage: desk data simulate <formula> [<more> ...] --panel <file> [options]",
      "A paragraph that explains.",
      "-d, --decay <rows>   D. (a whole number from 0 to 512; default 4)",
      "    --side <side>    S. (one of LONG, SHORT; default LONG)",
      "-p, --panel <file>   P. (the path of a file; required)",
      "    --label <label>  L. (a text; may be repeated)",
      "-q, --quiet          Q.",
      "  desk data simulate x\n      Tries x.",
    ] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("no line is wider than the terminal", arguments: [40, 60, 80, 200])
  func width(width: Int) {
    let terminal = TerminalFacts(
      isTerminal: true, windowWidth: width, environment: ["NO_COLOR": "1"])
    for (path, command) in [([], .athanor)] + Command.athanor.descendants {
      let isExample = Set(command.examples.map { "  " + $0.line })
      for line in HelpPage(command: command, path: ["athanor"] + path).text(terminal).split(
        separator: "\n") where !isExample.contains(String(line)) && !line.hasPrefix("Usage:")
      {
        #expect(DisplayWidth.of(line) <= width, "\(line)")
      }
    }
  }

  @Test("every command explains itself with an example that names it")
  func examples() throws {
    for (path, command) in Command.athanor.descendants {
      let name = (["athanor"] + path).joined(separator: " ")
      #expect(!command.examples.isEmpty, "\(name) has no example")
      #expect(!command.summary.hasSuffix("."), "\(name): a summary has no full stop")
      for example in command.examples where command.members.isEmpty {
        #expect(example.line.contains(name), "\(example.line) does not show \(name)")
      }
    }
  }
}
