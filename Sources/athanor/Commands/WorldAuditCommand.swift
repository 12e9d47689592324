import Essentials
import Services
import Worlds

/// `athanor world audit`: who did what when, and whether what was decided follows again.
enum WorldAuditCommand {
  private static let after = Option(
    "after", .whole("number", in: 0...1_000_000_000_000), default: 0,
    help: "Only events with a larger number.")
  private static let limitStandard = 1000
  private static let limit = Option(
    "limit", short: "n", .whole("count", in: 1...100_000), default: limitStandard,
    help: "How many events to show at most.")
  private static let kind = Option<String?>.optional(
    "kind", .text("kind"), help: "Only kinds that begin so, such as cutover or world.alerted.")
  private static let payload = Option.flag(
    "payload", help: "With --json, all that was recorded, snapshots included.")
  private static let prove = Option.flag(
    "prove", help: "Make every recorded plan again and compare it byte for byte.")

  static let command: Command = Command(
    "audit", summary: "Show who did what in a world, and prove its plans",
    discussion: [
      """
      One line for each event, also of a deleted world: its number, instant, actor and what \
      happened.
      """,
      """
      With --prove every recorded plan is made again from the snapshot and the policy on record. \
      Where one differs by a byte, its cycle is named and the exit code is 6. What this program \
      cannot make again, for want of a snapshot or because other rules decided it, is named too.
      """,
    ],
    positionals: [WorldOptions.world.definition],
    options: [
      after.definition, limit.definition, kind.definition, payload.definition, prove.definition,
      WorldOptions.language.definition, JournalOptions.journal.definition,
    ],
    examples: [
      Command.Example("athanor world audit demo", "Shows what happened"),
      Command.Example(
        "athanor world audit demo --kind cutover", "Shows how instances were switched"),
      Command.Example("athanor world audit demo --prove", "Proves every decision"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let world = invocation[WorldOptions.world]
    if invocation[prove] { return try proof(of: world, desk, invocation) }
    let page = try page(of: world, desk, invocation)
    let lines = page.entries.map { WorldAuditLine($0, invocation[WorldOptions.language]) }
    let hasPayload = invocation[payload]
    let filter =
      (invocation[kind].map { " --kind \($0)" } ?? "")
      + (invocation[limit] == limitStandard ? "" : " --limit \(invocation[limit])")
    let next = page.next
    return Answer(
      json: [
        "events": .array(lines.map { $0.json(withPayload: hasPayload) }),
        "next": next.map { .integer(Int($0)) } ?? .null,
      ]
    ) { terminal in
      var texts = lines.map { $0.text(terminal) }
      if let next {
        texts.append(
          terminal.paint.faint(
            "There is more: athanor world audit \(world) --after \(next)\(filter)"))
      }
      return texts.isEmpty ? "No such events." : texts.joined(separator: "\n")
    }
  }

  /// The events that are asked for, and the number after which the next ones stand.
  private static func page(
    of world: String, _ desk: WorldDesk, _ invocation: Invocation
  ) throws -> (entries: [WorldDesk.AuditEntry], next: Int64?) {
    let count = invocation[limit]
    let wanted = invocation[kind] ?? ""
    var entries: [WorldDesk.AuditEntry] = []
    var next: Int64? = Int64(invocation[after])
    while let cursor = next, entries.count < count {
      let part = try desk.audit(world, after: cursor, limit: partSize)
      let found = part.entries.filter { $0.kind.hasPrefix(wanted) }
      let kept = found.prefix(count - entries.count)
      entries += kept
      next = kept.count < found.count ? kept.last?.seq : part.next
    }
    return (entries, next)
  }

  /// Events that are read at once.
  private static let partSize = 500

  /// Plans that are named one by one at most; all of them are counted.
  private static let namedMax = 100

  private static func proof(
    of world: String, _ desk: WorldDesk, _ invocation: Invocation
  ) throws -> Answer {
    let count = try desk.planCount(of: world)
    // A world that never decided is proven; one that never was is refused.
    if count == 0 { _ = try desk.audit(world, limit: 1) }
    var tally = WorldProofTally(world: world, namedMax: namedMax)
    if count > 0 {
      try invocation.withProgress("Proving", total: count, unit: "plans") { reporter in
        try desk.prove(world) { proof in
          tally.take(proof)
          reporter.advance(to: min(tally.count, count))
        }
      }
    }
    let page = tally
    return Answer(
      json: page.json,
      failure: page.differing == 0
        ? nil
        : WorldCommandFailure.plansDiffer(
          world: world, count: page.differing, cycles: page.differingCycles)
    ) { page.text($0) }
  }
}

extension Invocation {
  /// Hands out the events of a world after a number, in order.
  func forEachEntry(
    of world: String, after seq: Int64, _ desk: WorldDesk,
    _ body: (WorldDesk.AuditEntry) throws -> Void
  ) throws {
    var cursor: Int64? = seq
    while let after = cursor {
      let page = try desk.audit(world, after: after, limit: 500)
      for entry in page.entries { try body(entry) }
      cursor = page.next
    }
  }
}
