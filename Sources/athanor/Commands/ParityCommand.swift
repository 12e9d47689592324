import Essentials
import Foundation
import Services

/// `athanor parity`: whether a dry-run trades as the replay of the same period does.
enum ParityCommand {
  static let command: Command = Command(
    "parity", summary: "Show that a dry-run orders what a replay of the period orders",
    discussion: [
      """
      Trades a recorded period twice: as `athanor replay` does, and as a dry-run that is fed by the \
      bytes of a venue's streams, with forming bars, books, repeats and announcements of funding. In the \
      middle the dry-run is lost, and another one is rebuilt from the messages that were written down.
      """,
      """
      Orders, fills and decisions are compared to the bit. Where one differs the first is shown, and \
      the exit code is 6. Options, data and assumptions are those of `athanor replay`.
      """,
    ],
    positionals: [ReplayOptions.more.definition], options: ReplayOptions.definitions,
    examples: [
      Command.Example(
        "athanor parity --data Examples/Data/crypto-perps", "Compares what comes with the program"),
      Command.Example(
        "athanor parity --data bars --config desk.yml --from 2025-05-12 --to 2025-05-13",
        "Compares a day under settings of your own"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let request = try invocation.replayRequest()
    let material = try invocation.withProgress("Reading", total: 0, unit: "contracts") {
      reporter in
      try ReplayMaterial(for: request) { reporter.advance(to: $0, of: $1) }
    }
    let desk = ReplayDesk(request, material)
    let trader = try desk.trader()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "athanor-parity-\(String(invocation.surroundings.chance(), radix: 16))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let check = ParityCheck(desk, folder: folder.path)
    var step: ParityCheck.Step?
    let report = try invocation.withProgress("Replaying", total: 0, unit: "events") { reporter in
      try check.run(trader) { next, done, total in
        if let step, step != next {
          reporter.turn(to: title(of: next), total: total, unit: "messages")
        }
        step = next
        reporter.advance(to: done, of: total)
      }
    }
    return Answer(json: report.json, failure: report.isSame ? nil : OrdersDiffer(report: report)) {
      ParityPage(report: report).text($0)
    }
  }

  private static func title(of step: ParityCheck.Step) -> String {
    switch step {
    case .replaying: "Replaying"
    case .dryRunning: "Dry-running"
    case .rebuilding: "Rebuilding"
    case .goingOn: "Going on"
    }
  }
}

/// A dry-run that did not trade as its replay did.
private struct OrdersDiffer: ExplainedFailure {
  let report: ParityReport

  var key: String { "orders_differ" }
  var explanation: String {
    if let difference = report.difference {
      return "The dry-run and the replay differ first in line \(difference.place) of their orders."
    }
    if let place = report.firstDecision {
      return "The dry-run and the replay ordered the same, but decision \(place) differs."
    }
    return report.isRebuilt
      ? "The dry-run and the replay refused entries for different reasons."
      : "The dry-run that was rebuilt had not done what the lost one had."
  }
  var remedy: String { "Report it with the data and settings; no setting may cause this." }
  var outcome: FailureOutcome { .integrityViolated }
}
