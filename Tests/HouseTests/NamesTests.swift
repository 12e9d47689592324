import Testing

/// Words that name nothing: where one of them seems to fit, the thing is two things.
private let emptyWords = [
  "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Misc",
  "Processor", "Factory", "Info",
]

/// The types, files and folders of a source that are named with an empty word.
func emptyNames(in source: SwiftSource) -> [Finding] {
  let kinds: Set = ["struct", "enum", "class", "actor", "protocol", "typealias"]
  let types = source.tokens.indices.dropLast().compactMap { index -> Finding? in
    let name = source.tokens[index + 1].text
    guard kinds.contains(source.tokens[index].text),
      emptyWords.contains(where: { name.hasSuffix($0) })
    else { return nil }
    return Finding(
      path: source.path, line: source.tokens[index].line, message: "\(name) says nothing")
  }
  let parts = source.path.split(separator: "/").map {
    $0.hasSuffix(".swift") ? $0.dropLast(6) : $0
  }
  let places = parts.filter { part in emptyWords.contains { part.hasSuffix($0) } }
    .map { Finding(path: source.path, line: 1, message: "the name \($0) says nothing") }
  return types + places
}

/// Marks of work that was left for another day.
func unfinishedMarks(in path: String, _ text: String) -> [Finding] {
  let marks = ["TO" + "DO", "FIX" + "ME"]
  return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    .compactMap { offset, line in
      marks.first { line.contains($0) }.map {
        Finding(path: path, line: offset + 1, message: "\($0): finish it or remove it")
      }
    }
}

/// Paths of somebody's machine, which mean nothing to a reader.
func machinePaths(in path: String, _ text: String) -> [Finding] {
  let folders = ["work", "tmp", "home", "root", "farm", "opt/swift"].map { "/" + $0 + "/" }
  return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    .compactMap { offset, line in
      folders.first { line.contains($0) }.map {
        Finding(path: path, line: offset + 1, message: "\($0) is a place on one machine only")
      }
    }
}

/// Test files whose folder mirrors none of the sources. Fixtures, and comparisons with the recorded
/// answers of other programs, mirror nothing.
func strayTests(_ paths: [String], sourceFolders: Set<String>) -> [Finding] {
  paths.compactMap { path in
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count > 2, parts[0] == "Tests", parts[1].hasSuffix("Tests"),
      !["HouseTests", "SystemTests"].contains(parts[1])
    else { return nil }
    let room = String(parts[1].dropLast("Tests".count))
    let concept = parts[2..<(parts.count - 1)].prefix { !["Fixtures", "Oracles"].contains($0) }
    let mirrored = (["Sources", room] + concept).joined(separator: "/")
    return sourceFolders.contains(mirrored)
      ? nil : Finding(path: path, line: 1, message: "there is no folder \(mirrored) to mirror")
  }
}

@Suite("Names and places")
struct NamesTests {
  @Test("no type, file or folder has a name that says nothing")
  func names() {
    expectNone(Checkout.swift.flatMap(emptyNames))
  }

  @Test("nothing is left for another day")
  func marks() {
    expectNone(Checkout.texts.flatMap { unfinishedMarks(in: $0.path, $0.text) })
  }

  @Test("no file speaks of a place on somebody's machine")
  func paths() {
    expectNone(Checkout.texts.flatMap { machinePaths(in: $0.path, $0.text) })
  }

  @Test("the folders of tests mirror those of the sources")
  func mirror() {
    var folders: Set<String> = []
    for source in Checkout.sources {
      var parts = source.path.split(separator: "/").dropLast()
      while parts.count >= 2 {
        folders.insert(parts.joined(separator: "/"))
        parts = parts.dropLast()
      }
    }
    expectNone(strayTests(Checkout.swift.map(\.path), sourceFolders: folders))
  }

  @Test(
    "a planted empty name is found",
    arguments: [
      ("Sources/Markets/A.swift", "struct OrderManager {}"),
      ("Sources/Markets/A.swift", "package enum StringUtils {}"),
      ("Sources/Markets/Helpers/A.swift", ""),
      ("Sources/Markets/PanelInfo.swift", ""),
    ])
  func plantedName(path: String, text: String) {
    #expect(emptyNames(in: SwiftSource(path: path, text: text)).count == 1)
  }

  @Test("a planted mark and a planted path are found with their line")
  func plantedWords() {
    #expect(unfinishedMarks(in: "a", "x\n// TO" + "DO: y").map(\.line) == [2])
    #expect(machinePaths(in: "a", "see /tm" + "p/file").map(\.line) == [1])
    expectNone(machinePaths(in: "a", "network/tmpfs and a/worked/example"))
  }

  @Test("a planted stray test is found, fixtures are not")
  func plantedStray() {
    let folders: Set = ["Sources/Markets", "Sources/Markets/Panels"]
    #expect(
      strayTests(
        [
          "Tests/MarketsTests/Panels/A.swift", "Tests/MarketsTests/B.swift",
          "Tests/MarketsTests/Books/C.swift", "Tests/MarketsTests/Panels/Fixtures/D.swift",
          "Tests/MarketsTests/Oracles/G.swift",
          "Tests/HouseTests/E.swift", "Tests/TestKit/F.swift",
        ], sourceFolders: folders
      ).map(\.path) == ["Tests/MarketsTests/Books/C.swift"])
  }
}
