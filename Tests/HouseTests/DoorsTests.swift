import Testing

/// The table of rooms in ARCHITECTURE.md: on which floor a room lies and what it may import.
struct Doors {
  struct Room: Hashable {
    let floor: String
    let modules: Set<String>
    /// Modules that a single file of the room may import, by the file's name.
    let exceptions: [String: Set<String>]

    /// The three lower floors hold values only.
    var isPure: Bool { ["ground", "knowledge", "judgment"].contains(floor) }
  }

  let rooms: [String: Room]

  /// Reads the table whose heading is `floor | room | may import | of the system`.
  init(architecture: String) {
    var rooms: [String: Room] = [:]
    var isTable = false
    for line in architecture.split(separator: "\n", omittingEmptySubsequences: false) {
      let cells = line.split(separator: "|").map {
        String($0.filter { $0 != "`" }.trimmed())
      }
      if cells == ["floor", "room", "may import", "of the system"] {
        isTable = true
      } else if isTable, cells.count == 4, !cells[0].hasPrefix("-") {
        var modules = Set(Self.list(cells[2]))
        var exceptions: [String: Set<String>] = [:]
        for entry in Self.list(cells[3]) {
          let words = entry.split(separator: " ").map(String.init)
          if words.count == 3, words[1] == "in" {
            exceptions[words[2], default: []].insert(words[0])
          } else {
            modules.insert(entry)
          }
        }
        rooms[cells[1]] = Room(floor: cells[0], modules: modules, exceptions: exceptions)
      } else if isTable, line.isEmpty {
        isTable = false
      }
    }
    self.rooms = rooms
  }

  private static func list(_ cell: String) -> [String] {
    cell.split(separator: ",").map { $0.trimmed() }.filter { $0 != "nothing" }
  }

  /// The imports of a source that its room has no door for.
  func findings(in source: SwiftSource) -> [Finding] {
    guard let name = source.room, let room = rooms[name] else {
      return [
        Finding(path: source.path, line: 1, message: "its room stands in no row of the table")
      ]
    }
    let allowed = room.modules.union(room.exceptions[source.fileName] ?? [])
    return source.imports.filter { !allowed.contains($0.module) }.map {
      Finding(path: source.path, line: $0.line, message: "\(name) has no door to \($0.module)")
    }
  }
}

extension StringProtocol {
  fileprivate func trimmed() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension SwiftSource {
  /// The modules that the file imports, whatever the form of the import.
  var imports: [(module: String, line: Int)] {
    let kinds: Set = ["struct", "enum", "class", "protocol", "func", "var", "let", "typealias"]
    return tokens.indices.compactMap { index in
      guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
      let next = tokens[index + 1].text
      let module = kinds.contains(next) && index + 2 < tokens.count ? tokens[index + 2].text : next
      return (module, tokens[index].line)
    }
  }
}

@Suite("The doors between rooms")
struct DoorsTests {
  private let doors: Doors

  init() throws {
    doors = Doors(architecture: try Checkout.text("ARCHITECTURE.md"))
  }

  @Test("every room stands in the table, and nothing else does")
  func table() {
    #expect(Set(doors.rooms.keys) == Checkout.rooms)
    #expect(doors.rooms["Essentials"]?.isPure == true)
    #expect(doors.rooms["athanor"]?.isPure == false)
  }

  @Test("no room imports what it has no door for")
  func imports() {
    expectNone(Checkout.sources.flatMap(doors.findings))
  }

  @Test(
    "an import without a door is found in every form",
    arguments: [
      ("Sources/Essentials/Time/A.swift", "import Markets", "Essentials has no door to Markets"),
      (
        "Sources/Markets/Panels/A.swift", "package import Storage", "Markets has no door to Storage"
      ),
      ("Sources/Markets/A.swift", "\n internal import struct Foundation.Date", "to Foundation"),
      ("Sources/Backtesting/A.swift", "@preconcurrency import Glibc", "to Glibc"),
      ("Sources/Mathematics/Random/A.swift", "private import Glibc", "to Glibc"),
      ("Sources/Storage/A.swift", "import CSodium", "Storage has no door to CSodium"),
      ("Sources/Kitchen/A.swift", "", "its room stands in no row of the table"),
    ])
  func planted(path: String, text: String, message: String) {
    let findings = doors.findings(in: SwiftSource(path: path, text: text))
    #expect(findings.count == 1)
    #expect(findings.first?.message.contains(message) == true, "\(findings)")
  }

  @Test(
    "an import with a door, or in a comment or a text, is none of this rule's business",
    arguments: [
      ("Sources/Mathematics/ElementaryFunctions.swift", "internal import Glibc"),
      ("Sources/Storage/A.swift", "import CZlib\npackage import Markets\nimport Foundation"),
      ("Sources/Essentials/A.swift", "// import Markets\n/* import /* nested */ Markets */"),
      ("Sources/Essentials/A.swift", "let a = \"\"\"\n  import Markets\n  \"\"\""),
      ("Sources/Essentials/A.swift", "let a = #\"import \"Markets\"#"),
    ])
  func allowed(path: String, text: String) {
    expectNone(doors.findings(in: SwiftSource(path: path, text: text)))
  }
}
