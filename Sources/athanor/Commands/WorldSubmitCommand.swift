import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Services
import Storage
import Worlds

/// `athanor world submit`: a strategy enters a world.
enum WorldSubmitCommand {
  private static let alpha = Option<String?>.optional(
    "alpha", .text("id"),
    help: "An alpha of a run: its id, or the key of its candidate or the beginning of it.")
  private static let run = Option<String?>.optional(
    "run", .text("run"), help: "The run of the alpha; otherwise the latest runs are looked through."
  )
  private static let formula = Option<String?>.optional(
    "formula", .text("formula"), help: "A formula, simulated by the settings of this command.")
  private static let side = Option<TradingSide>.required(
    "side", .word("side"), help: "The leg of the formula's book that is held.")
  private static let strategy = Option<String?>.optional(
    "strategy", .text("name"),
    help: "The family that it is counted in; otherwise the alpha's name, or `formula`.")
  private static let name = Option<String?>.optional(
    "id", .text("id"), help: "Its id; otherwise it follows from what it is.")
  private static let symbols = Option<[String]>.repeated(
    "symbol", .text("symbol"), help: "It may hold this symbol; without any, the whole universe.")
  private static let sector = Option<String?>.optional(
    "sector", .text("name"), help: "The sector that limits count it in.")
  private static let venue = Option<String?>.optional(
    "venue", .text("name"), help: "Where it trades.")
  private static let broker = Option<String?>.optional(
    "broker", .text("name"), help: "Through whom it trades.")

  static let command: Command = Command(
    "submit", summary: "Enter a strategy into a world",
    discussion: [
      """
      An instance is one formula with its settings, a side and a universe. The long side holds the \
      positive weights of the formula's book, scaled to sum to 1; the short side the negative ones. \
      It begins as submitted; the next evaluation replays its history.
      """,
      """
      Luck is judged against all formulas that the journal knows to have been tried on the panel. \
      The same instance again changes nothing.
      """,
    ],
    positionals: [WorldOptions.world.definition],
    options: [
      alpha.definition, run.definition, formula.definition, side.definition, strategy.definition,
      name.definition, symbols.definition, sector.definition, venue.definition,
      broker.definition, RecordingOptions.trials.definition, JournalOptions.journal.definition,
    ] + PanelOptions.definitions + SettingOptions.definitions,
    examples: [
      Command.Example(
        "athanor world submit demo --alpha 5c1f9e02 --side long", "Enters an alpha that was found"),
      Command.Example(
        "athanor world submit demo --formula 'rank(-returns)' --side short --strategy reversal",
        "Enters a formula of your own"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.worldDesk()
    let world = invocation[WorldOptions.world]
    let receipt: WorldDesk.SubmissionReceipt
    switch (invocation[alpha], invocation[formula]) {
    case (let name?, nil):
      var entry = WorldDesk.AlphaEntry(
        WorldDesk.AlphaReference(name, run: invocation[run]), side: invocation[side])
      entry.strategy = invocation[strategy]
      entry.id = invocation[self.name]
      entry.symbols = invocation[symbols]
      entry.sector = invocation[sector]
      entry.venue = invocation[venue]
      entry.broker = invocation[broker]
      receipt = try desk.submit(entry, in: world, by: invocation.worldActor)
    case (nil, let text?):
      _ = try desk.existing(world)
      receipt = try desk.submit(
        try submission(of: text, desk, invocation), in: world, by: invocation.worldActor)
    default: throw WorldCommandFailure.noSubmission
    }
    let page = WorldReceiptPage(world: world, entries: receipt.entries)
    guard case .object(let members) = page.json else {
      preconditionFailure("the document of a receipt is an object")
    }
    return Answer(json: .object([.init("instance", .string(receipt.instance))] + members)) {
      terminal in
      receipt.entries.isEmpty
        ? Paragraph("Nothing changed: \(receipt.instance) is in the world \(world) already.")
          .lines(width: terminal.textWidth).joined(separator: "\n") : page.text(terminal)
    }
  }

  /// A formula of the command line as an instance, after it was checked on its panel.
  private static func submission(
    of text: String, _ desk: WorldDesk, _ invocation: Invocation
  ) throws -> InstanceSubmission {
    let panel = try invocation.openPanel()
    let checked = invocation.check(FormulaSheet(formula: text), against: panel)
    if let refused = RefusedFormulas(checked) { throw refused }
    let formula = checked.accepted[0].formula
    let settings = invocation.settings()
    try settings.validate()
    var submission = InstanceSubmission(
      id: invocation[name], strategy: invocation[strategy] ?? "formula", side: invocation[side],
      symbols: invocation[symbols], formula: formula.canonicalText, settings: settings.json,
      panel: [
        "name": .string(panel.name), "fingerprint": .string(panel.fingerprint.hexadecimal),
      ],
      trials: try earlierTrials(on: panel.fingerprint, besides: formula, desk, invocation) + 1)
    submission.sector = invocation[sector]
    submission.venue = invocation[venue]
    submission.broker = invocation[broker]
    return submission
  }

  private static func earlierTrials(
    on panel: Fingerprint, besides formula: CheckedFormula, _ desk: WorldDesk,
    _ invocation: Invocation
  ) throws -> Int {
    if let stated = invocation[RecordingOptions.trials] { return stated }
    return try desk.setup.journal.read { tables throws(JournalFailure) in
      try TrialIndex().trials(on: panel, besides: [formula.fingerprint], in: tables)
    }
  }
}
