import Essentials
import Services
import Worlds

/// `athanor world activation show`: how every gate stands.
enum WorldActivationShowCommand {
  static let command: Command = Command(
    "show", summary: "Show the gates of a world",
    positionals: [WorldOptions.world.definition],
    options: [JournalOptions.journal.definition],
    examples: [
      Command.Example("athanor world activation show demo", "Shows who may trade how much")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let state = try invocation.readingWorldDesk().existing(invocation[WorldOptions.world])
    let records = state.records
    return Answer(
      json: [
        "epoch": .integer(state.epoch),
        "gates": .array(
          records.map { record in
            [
              "instance": .string(record.id), "side": .string(record.side.rawValue),
              "state": .string(record.gate.state.name),
              "weight": .number(record.gate.state.weight ?? 0),
              "epoch": .integer(record.gate.epoch),
              "switched_off": .bool(record.gate.isSwitchedOff),
            ]
          }),
      ]
    ) { terminal in
      var table = Table([
        .text("instance", narrowest: 12), .text("side", rank: 2), .text("gate"),
        .number("weight", unit: "%"), .number("epoch", rank: 1),
      ])
      for record in records {
        table.add([
          Table.Cell(record.id), Table.Cell(record.side.rawValue),
          Table.Cell(record.gate.state.name.replacing("_", with: " ")),
          .percent(record.gate.state.weight, decimals: 1), .count(record.gate.epoch),
        ])
      }
      return table.rendered(width: terminal.width, paint: terminal.paint)
        + "\n\nepoch \(state.epoch)"
    }
  }
}
