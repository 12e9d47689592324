import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("Hostile formulas")
struct HostileInputTests {
  private func market() throws -> TinyMarket { try TinyMarket.shared.get() }

  @Test(
    "input that is no sheet of formulas is refused with its reason",
    arguments: [
      ([UInt8](), Int32(4), "no_formula"),
      (Array("\n# nothing\n  \n---\n".utf8), 4, "no_formula"),
      ([0xFF, 0xFE, 0x00, 0x80], 4, "not_text"),
      (Array("rank(close\0)".utf8), 2, "unsupported_characters"),
      (
        Array((String(repeating: "(", count: 100_000) + "close").utf8), 2, "formula_too_long"
      ),
      (Array((String(repeating: "(", count: 30_000) + "close").utf8), 2, "nesting_too_deep"),
    ])
  func refusals(input: [UInt8], code: Int32, error: String) throws {
    for command in ["simulate", "check"] {
      let rehearsal = try market().rehearse(input: input)
      #expect(rehearsal.serve(command, "-p", "tiny", "--json") == code)
      #expect(try rehearsal.complaint()["error"] as? String == error)
      #expect(rehearsal.output == "")
    }
  }

  @Test("a formula of ten megabytes is refused without being written back")
  func tenMegabytes() throws {
    let path = try market().file("big.txt", String(repeating: "close+", count: 1_700_000))
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("check", "--file", path, "-p", "tiny") == 2)
    #expect(rehearsal.errors.contains("[formula_too_long]"))
    #expect(rehearsal.errors.utf8.count < 2000)
  }

  @Test("only the first refused formulas are shown, and the rest is counted")
  func manyMistakes() throws {
    let input = Array(String(repeating: "rnak(close)\n", count: 200).utf8)
    let rehearsal = try market().rehearse(input: input)
    #expect(rehearsal.serve("simulate", "-p", "tiny") == 2)
    #expect(rehearsal.errors.contains("175 more formulas are refused"))
    let shown = rehearsal.errors.split(separator: "\n").count { $0.contains("[unknown_operator]") }
    #expect(shown == RefusedFormulas.shownMax)
  }

  @Test("a sheet cannot move the cursor or recolor the screen")
  func controlCharacters() throws {
    let input = Array("a: rank(\u{1B}[31mclose)\nb: rank(\u{9B}31mclose)\n".utf8)
    let rehearsal = try market().rehearse(input: input)
    #expect(rehearsal.serve("check", "-p", "tiny") == 2)
    let isHarmless = rehearsal.errors.unicodeScalars.allSatisfy {
      $0 == "\n" || $0.properties.generalCategory != .control
    }
    #expect(isHarmless)
  }

  @Test("files that cannot be read say why, and nobody waits at a terminal")
  func unreadable() throws {
    for (path, reason) in [
      ("/nowhere/at/all.txt", "it does not exist"), ("/", "it is a folder"),
    ] {
      let rehearsal = try market().rehearse()
      #expect(rehearsal.serve("simulate", "--file", path, "-p", "tiny") == 4)
      #expect(rehearsal.errors.contains(reason))
    }
    let terminal = try market().rehearse(input: nil)
    #expect(terminal.serve("simulate", "-p", "tiny") == 4)
    #expect(terminal.errors.contains("Give a formula in quotes"))
    let both = try market().rehearse()
    #expect(both.serve("check", "close", "--file", "x", "-p", "tiny") == 4)
    #expect(both.errors.contains("[two_sources]"))
  }

  @Test("a panel that is not there is refused with the nearest that is")
  func unknownPanel() throws {
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("simulate", "close", "-p", "tinny") == 4)
    #expect(rehearsal.errors.contains("Did you mean tiny?"))
    let escape = try market().rehearse()
    #expect(escape.serve("simulate", "close", "-p", "../tiny") == 4)
    #expect(escape.errors.contains("[invalid_panel_name]"))
  }
}
