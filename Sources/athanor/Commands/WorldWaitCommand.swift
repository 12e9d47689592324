import Essentials
import Services
import Worlds

/// `athanor world wait`: until an instance has come where it is wanted.
enum WorldWaitCommand {
  private static let wanted = Option<StrategyPhase>.required(
    "for", .word("phase"), help: "The phase that is waited for.")
  private static let timeout = Option(
    "timeout", .span, default: TimeSpan.minutes(10), help: "How long to wait at most.")

  /// How long nothing is asked between two looks.
  private static let rest = Duration.milliseconds(250)

  static let command: Command = Command(
    "wait", summary: "Wait until an instance has come to a phase",
    discussion: [
      """
      For scripts: the exit code is 0 when the instance is in the phase, 5 when time ran out, and 2 \
      when it can not come there any more by itself.
      """
    ],
    positionals: [WorldOptions.world.definition, WorldOptions.instance.definition],
    options: [wanted.definition, timeout.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world wait demo momentum.long.0f3c2a11 --for live --timeout 10m",
        "Waits until it trades")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let surroundings = invocation.surroundings
    let world = invocation[WorldOptions.world]
    let instance = invocation[WorldOptions.instance]
    let phase = invocation[wanted]
    let span = invocation[timeout]
    let begun = surroundings.elapsed()
    while true {
      let state = try desk.existing(world)
      guard let record = state.instances[instance] else {
        throw WorldRefusal.unknownInstance(
          instance, nearest: nearestName(to: instance, among: state.ids))
      }
      if record.phase == phase {
        return Answer(
          json: [
            "world": .string(world), "instance": .string(instance),
            "phase": .string(phase.rawValue), "since": .string("\(record.phaseSince)"),
          ]
        ) { terminal in
          Paragraph("\(instance) is \(phase.rawValue) since \(record.phaseSince).")
            .lines(width: terminal.textWidth).joined(separator: "\n")
        }
      }
      if state.isDeleted || record.phase == .failed || record.phase == .retired {
        throw WorldCommandFailure.outOfReach(
          instance: instance, wanted: phase, phase: record.phase)
      }
      guard surroundings.elapsed() - begun < .milliseconds(span.milliseconds) else {
        throw WorldCommandFailure.timedOut(
          instance: instance, wanted: phase, phase: record.phase, after: span)
      }
      surroundings.pause(rest)
    }
  }
}
