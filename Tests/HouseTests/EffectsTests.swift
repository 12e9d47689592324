import Testing

/// What a file must not reach for, as words in their order.
struct ForbiddenReach {
  let name: String
  let patterns: [[String]]

  func findings(in source: SwiftSource) -> [Finding] {
    patterns.flatMap { pattern in
      source.lines(with: pattern).map {
        Finding(path: source.path, line: $0, message: "\(name): \(pattern.joined())")
      }
    }.sorted { ($0.line, $0.message) < ($1.line, $1.message) }
  }

  /// Asking what time it is. Live values are made in one file of the front door and handed down.
  static let clocks = ForbiddenReach(
    name: "an ambient clock",
    patterns: [
      ["Date", "("], ["Date", ".", "now"], ["ContinuousClock"], ["SuspendingClock"],
      ["DispatchTime"], ["DispatchWallTime"], ["clock_gettime"], ["gettimeofday"],
      ["systemUptime"], ["CFAbsoluteTimeGetCurrent"], ["Timer"],
    ])

  /// Chance that no seed names.
  static let dice = ForbiddenReach(
    name: "an ambient die",
    patterns: [
      ["SystemRandomNumberGenerator"], ["UUID", "("], ["arc4random"], ["drand48"], ["getrandom"],
      ["shuffled", "(", ")"], ["shuffle", "(", ")"], ["randomElement", "(", ")"],
      ["hashValue"], ["Hasher", "("], ["randombytes_buf"],
    ])

  /// What only a shell does.
  static let shells = ForbiddenReach(
    name: "a shell's work",
    patterns: [
      ["Task", "{"], ["Task", "."], ["Task", "("], ["withTaskGroup"], ["withThrowingTaskGroup"],
      // Whoever acts may be called an actor.
      ["actor", SwiftSource.anyType], ["async"], ["await"], ["Thread"], ["NSLock"], ["Mutex"],
      ["Atomic"], ["Lock"],
      ["DispatchQueue"], ["DispatchSemaphore"], ["FileManager"], ["FileHandle"], ["fopen"],
      ["URLSession"], ["ProcessInfo"], ["print", "("], ["readLine", "("],
    ])

  /// What turns somebody else's mistake into a crash.
  static let force = ForbiddenReach(
    name: "force", patterns: [["fatalError"], ["try", "!"], ["as", "!"]])

  /// Doors between rooms are `package`; the program has no other users. A public import opens no
  /// door; code that is inlined into other rooms may only name such imports.
  static let outsideAccess = ForbiddenReach(
    name: "access that no one outside needs",
    patterns: [["open", "class"]]
      + [
        "struct", "enum", "class", "actor", "protocol", "extension", "typealias", "func", "var",
        "let", "init", "subscript", "static", "final", "private", "internal", "package",
      ].map { ["public", $0] })
}

/// Dice thrown by a call that could name its generator: `.random(in:` without `using:`.
func unnamedDice(in source: SwiftSource) -> [Finding] {
  source.tokens.indices.compactMap { index in
    let tokens = source.tokens
    guard tokens[index].text == "random", index > 0, tokens[index - 1].text == ".",
      index + 1 < tokens.count, tokens[index + 1].text == "("
    else { return nil }
    var depth = 0
    for place in (index + 1)..<tokens.count {
      switch tokens[place].text {
      case "(": depth += 1
      case ")": depth -= 1
      case "using" where depth == 1: return nil
      default: break
      }
      if depth == 0 { break }
    }
    return Finding(
      path: source.path, line: tokens[index].line, message: "an ambient die: .random without using:"
    )
  }
}

@Suite("Effects")
struct EffectsTests {
  /// The one file that makes live values.
  private static let liveFile = "Sources/athanor/FrontDoor/Surroundings+Live.swift"

  @Test("time is handed down from the one file that makes live values")
  func time() {
    for source in Checkout.sources where source.path != Self.liveFile {
      expectNone(ForbiddenReach.clocks.findings(in: source))
    }
    #expect(Checkout.sources.contains { $0.path == Self.liveFile })
  }

  @Test("the lower floors have no ambient chance, tasks, locks, files or screens")
  func lowerFloors() throws {
    let doors = Doors(architecture: try Checkout.text("ARCHITECTURE.md"))
    for source in Checkout.sources where doors.rooms[source.room ?? ""]?.isPure == true {
      expectNone(ForbiddenReach.dice.findings(in: source))
      expectNone(unnamedDice(in: source))
      expectNone(ForbiddenReach.shells.findings(in: source))
    }
  }

  @Test("tests throw their dice with a seed")
  func seededTests() {
    for source in Checkout.swift where source.path.hasPrefix("Tests/") {
      expectNone(unnamedDice(in: source))
    }
  }

  @Test("nothing in the product forces its way")
  func force() {
    for source in Checkout.sources {
      expectNone(ForbiddenReach.force.findings(in: source))
      expectNone(ForbiddenReach.outsideAccess.findings(in: source))
    }
  }

  @Test(
    "a planted effect is found",
    arguments: [
      (ForbiddenReach.clocks, "let now = Date()", "an ambient clock: Date("),
      (.clocks, "let now = Date.now", "an ambient clock: Date.now"),
      (.clocks, "var t = ContinuousClock().now", "an ambient clock: ContinuousClock"),
      (.clocks, "clock_gettime(CLOCK_REALTIME, &t)", "an ambient clock: clock_gettime"),
      (.dice, "var g = SystemRandomNumberGenerator()", "SystemRandomNumberGenerator"),
      (.dice, "let id = UUID()", "UUID("),
      (.dice, "return items.shuffled()", "shuffled()"),
      (.dice, "seed ^= name.hashValue", "hashValue"),
      (.shells, "Task { run() }", "Task{"),
      (.shells, "actor Desk {}", "actor"),
      (.shells, "let lock = NSLock()", "NSLock"),
      (.shells, "FileManager.default", "FileManager"),
      (.force, "let a = try! read()", "try!"),
      (.force, "let b = a as! Int", "as!"),
      (.force, "fatalError(\"no\")", "fatalError"),
      (.outsideAccess, "public struct A {}", "public"),
    ])
  func planted(reach: ForbiddenReach, text: String, message: String) {
    let findings = reach.findings(in: SwiftSource(path: "Sources/Markets/A.swift", text: text))
    #expect(findings.count == 1)
    #expect(findings.first?.message.contains(message) == true, "\(findings)")
  }

  @Test(
    "an unnamed die is found, one that names its generator is not",
    arguments: [
      ("Int.random(in: 0..<3)", 1), ("Bool.random()", 1),
      ("Int.random(in: 0..<max(1, rows), using: &generator)", 0),
      ("Int.random(in: 0..<pick(using: x))", 1),
    ])
  func plantedDice(text: String, count: Int) {
    #expect(unnamedDice(in: SwiftSource(path: "A.swift", text: text)).count == count)
  }

  @Test("a finding names its line, whatever texts stand above it")
  func lines() {
    let text = ##"""
      let a = """
        joined \
        line \(value(
          1)) end
        """ /* two
      lines */ + "x" + #"y"#
      let b = Date()
      """##
    #expect(
      ForbiddenReach.clocks.findings(in: SwiftSource(path: "A.swift", text: text)).map(\.line)
        == [7])
  }

  @Test("words in comments and texts are no effects")
  func quietWords() {
    let text = """
      // Never calls Date() or UUID(); a public matter.
      let message = "Task { } \\(value("try!")) fatalError"
      let updated = candidate(Date: 3)
      if isEmpty, try !refill() { return }
      """
    let source = SwiftSource(path: "A.swift", text: text)
    for reach in [
      ForbiddenReach.clocks, .dice, .shells, .force, .outsideAccess,
    ] {
      expectNone(reach.findings(in: source))
    }
  }
}
