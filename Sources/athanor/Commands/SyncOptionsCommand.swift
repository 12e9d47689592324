import Essentials
import Research

/// `athanor sync-options`: fetches which settings BRAIN offers to the account.
enum SyncOptionsCommand {
  static let command: Command = Command(
    "sync-options", summary: "Fetch the settings that WorldQuant BRAIN offers",
    discussion: [
      """
      Writes simulations_options.json and a copy named for the day. Candidates are held against it \
      before they are sent, so that none is spoiled by a universe that its region does not have.
      """,
      BrainFlags.explanation,
    ],
    options: BrainFlags.all,
    examples: [
      Command.Example("athanor sync-options", "Fetches into data/meta"),
      Command.Example("athanor sync-options --interactive-login", "Waits for a face check"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let session = try invocation.brainSession()
    let folder = invocation[BrainFlags.folder]
    let day = invocation.surroundings.now().date
    let options = try invocation.withBrain {
      let (options, raw) = try await BrainOptions.fetch(from: session)
      try options.save(raw: raw, in: folder, on: day)
      return options
    }
    return Answer(json: ["saved": .bool(true), "keys": .strings(options.allowed.map(\.name))]) {
      terminal in
      var table = Table([.text("setting"), .text("offered")])
      for (name, values) in options.allowed {
        table.add([
          Table.Cell(name), Table.Cell(values.map(BrainOptions.shown).joined(separator: " ")),
        ])
      }
      return table.rendered(width: terminal.width, paint: terminal.paint)
        + "\nSaved in \(folder)."
    }
  }
}
