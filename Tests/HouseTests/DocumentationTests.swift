import Foundation
import TestKit
import Testing

/// The doors of a source that say nothing about themselves.
///
/// Every `package` declaration is preceded by a documentation comment, except where its own line is
/// as good as one: initializers, properties declared on one line, and what a well-known protocol
/// asks for.
func undocumentedDoors(in source: SwiftSource) -> [Finding] {
  var findings: [Finding] = []
  var index = 0
  while let start = source.tokens[index...].firstIndex(where: { $0.text == "package" }) {
    index = start + 1
    guard let door = Door(source.tokens, at: start), !door.explainsItself(in: source),
      !isDocumented(line: door.line, in: source)
    else { continue }
    findings.append(
      Finding(
        path: source.path, line: door.line, message: "\(door.kind) \(door.name) is not documented"))
  }
  return findings
}

private struct Door {
  let kind: String
  let name: String
  let line: Int
  /// Whether the whole declaration stands on its first line.
  let isOneLine: Bool
  let isTopLevel: Bool

  /// Reads the declaration whose `package` stands at `start`; nil where the word opens none.
  init?(_ tokens: [SwiftSource.Token], at start: Int) {
    let kinds: Set = [
      "func", "var", "let", "struct", "enum", "class", "actor", "protocol", "typealias", "init",
      "subscript", "macro",
    ]
    var place = start + 1
    let modifiers: Set = [
      "static", "mutating", "nonmutating", "final", "indirect", "override", "nonisolated",
      "convenience", "private", "internal", "(", "set", ")", "unsafe", "lazy", "consuming",
    ]
    while place < tokens.count, modifiers.contains(tokens[place].text) { place += 1 }
    guard place < tokens.count, kinds.contains(tokens[place].text) else { return nil }
    kind = tokens[place].text
    line = tokens[start].line
    let next = tokens[place + 1..<min(place + 3, tokens.count)].map(\.text)
    // An operator of two characters is two tokens.
    let isOperator =
      next.first.map { $0.utf8.allSatisfy { "=<>+-*/&|".utf8.contains($0) } } ?? false
    name = isOperator ? next.filter { $0 != "(" }.joined() : next.first ?? ""

    var depth = 0
    for token in tokens[..<start] {
      if token.text == "{" { depth += 1 }
      if token.text == "}" { depth -= 1 }
    }
    isTopLevel = depth == 0
    var open = 0
    var last = place
    while last < tokens.count, open > 0 || tokens[last].line == line {
      if ["{", "(", "["].contains(tokens[last].text) { open += 1 }
      if ["}", ")", "]"].contains(tokens[last].text) { open -= 1 }
      if open < 0 { break }
      last += 1
    }
    isOneLine = last > 0 && tokens[last - 1].line == line
  }

  private static let witnesses: Set = [
    "==", "<", "hash", "description", "debugDescription", "next", "makeIterator", "encode", "key",
    "explanation", "remedy", "outcome", "startIndex", "endIndex", "json",
  ]

  func explainsItself(in source: SwiftSource) -> Bool {
    if kind == "init" || Self.witnesses.contains(name) { return true }
    return ["var", "let"].contains(kind) && isOneLine && !isTopLevel
  }
}

private func isDocumented(line: Int, in source: SwiftSource) -> Bool {
  var above = line - 2
  while above >= 0 {
    let text = source.lines[above].drop { $0 == " " }
    if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
    guard text.hasPrefix("@") || text.hasPrefix("//") else { return false }
    above -= 1
  }
  return false
}

@Suite("Documentation")
struct DocumentationTests {
  @Test("every door between rooms is documented")
  func doors() {
    expectNone(Checkout.sources.flatMap(undocumentedDoors))
  }

  @Test(
    "a door without a comment is found",
    arguments: [
      ("package struct A {\n}", "struct A"),
      ("/// A.\npackage enum A {\n  package enum B {\n  }\n}", "enum B"),
      ("/// A.\npackage struct A {\n  package func f() {}\n}", "func f"),
      ("/// A.\npackage struct A {\n  package static func + (a: A, b: A) -> A { a }\n}", "func +"),
      ("/// A.\npackage struct A {\n  package var x: Int {\n    1\n  }\n}", "var x"),
      ("/// A.\npackage struct A {\n  package subscript(i: Int) -> Int { i }\n}", "subscript ("),
      ("/// A.\n\npackage func f() {}", "func f"),
      ("package let limit = 3", "let limit"),
      ("// Not a documentation comment.\npackage typealias A = Int", "typealias A"),
      ("/// A.\npackage final class A {\n  package private(set) var x: Int {\n  1 }\n}", "var x"),
    ])
  func planted(text: String, door: String) {
    let findings = undocumentedDoors(in: SwiftSource(path: "A.swift", text: text))
    #expect(findings.map(\.message) == ["\(door) is not documented"])
  }

  @Test(
    "a door that explains itself needs no comment",
    arguments: [
      "/// A.\npackage struct A {\n  package let x: Int\n  package init(x: Int) {\n  }\n}",
      "/// A.\npackage struct A {\n  package static func < (a: A, b: A) -> Bool { true }\n}",
      "/// A.\npackage struct A {\n  package var x: Int { 1 }\n  package var y = f(1)\n}",
      "/// A.\n@frozen\n@inlinable package func f() {}",
      "package import Essentials",
      "/// A.\npackage struct A {\n  package func hash(into h: inout Hasher) {\n  }\n}",
      "let package = 3",
    ])
  func exempt(text: String) {
    expectNone(undocumentedDoors(in: SwiftSource(path: "A.swift", text: text)))
  }

  @Test("every room has a front page that says what, why, where to begin and what is not there")
  func frontPages() throws {
    for room in Checkout.rooms.subtracting(["athanor"]) {
      let page = try Checkout.text("Sources/\(room)/\(room).docc/\(room).md")
      #expect(page.hasPrefix("# ``\(room)``\n"), "\(room)")
      for section in ["Overview", "Example", "Where to start reading", "What is not here"] {
        #expect(page.contains("\n## \(section)\n"), "\(room) has no section \(section)")
      }
    }
  }

  @Test("every file that a document links to exists")
  func links() {
    let documents = Checkout.texts.filter { $0.path.hasSuffix(".md") }
    #expect(!documents.isEmpty)
    for (path, text) in documents {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      for piece in text.split(separator: "](").dropFirst() {
        let target = piece.prefix { $0 != ")" && $0 != "#" }
        if target.isEmpty || target.contains("://") { continue }
        let file = checkoutFolder.appendingPathComponent(folder)
          .appendingPathComponent(String(target)).standardizedFileURL
        #expect((try? file.checkResourceIsReachable()) == true, "\(path) links to \(target)")
      }
    }
  }

  @Test("decisions are numbered without gaps and each says what was decided and what follows")
  func decisions() throws {
    let paths = Checkout.texts.map(\.path).filter { $0.hasPrefix("docs/decisions/") }
    let numbers = paths.compactMap { $0.split(separator: "/").last?.prefix(4) }.compactMap {
      Int($0)
    }
    #expect(numbers == Array(1...max(1, paths.count)))
    for path in paths {
      let text = try Checkout.text(path)
      for section in ["Question", "Considered", "Decision", "Consequences"] {
        #expect(text.contains("\n## \(section)\n"), "\(path) has no section \(section)")
      }
    }
  }
}
