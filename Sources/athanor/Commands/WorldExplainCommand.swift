import Essentials
import Services
import Worlds

/// `athanor world explain`: why an instance stands where it stands.
enum WorldExplainCommand {
  private static let cycle = Option<Int?>.optional(
    "cycle", .whole("number", in: 1...1_000_000_000),
    help: "The cycle to explain; otherwise the last one.")

  static let command: Command = Command(
    "explain", summary: "Tell why an instance stands where it stands",
    discussion: [
      """
      Shows the reasoning of a recorded decision as a tree: + holds, - does not, ? is unknown. \
      Every figure is one that the decision saw.
      """
    ],
    positionals: [WorldOptions.world.definition, WorldOptions.instance.definition],
    options: [
      cycle.definition, WorldOptions.language.definition, JournalOptions.journal.definition,
    ],
    examples: [
      Command.Example(
        "athanor world explain demo momentum.long.0f3c2a11", "Explains the last decision"),
      Command.Example(
        "athanor world explain demo momentum.long.0f3c2a11 --cycle 40 --lang ko",
        "Explains an earlier one in Korean"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let world = invocation[WorldOptions.world]
    let instance = invocation[WorldOptions.instance]
    let state = try desk.existing(world)
    guard state.instances[instance] != nil else {
      throw WorldRefusal.unknownInstance(
        instance, nearest: nearestName(to: instance, among: state.ids))
    }
    guard state.cycle > 0 else {
      throw WorldCommandFailure.notJudged(instance: instance, world: world)
    }
    let decision = try desk.decision(of: world, cycle: invocation[cycle])
    guard let tree = decision.derivation(of: instance) else {
      throw WorldCommandFailure.notJudged(instance: instance, world: world)
    }
    let isKorean = invocation[WorldOptions.language] == .korean
    let plan = decision.evaluation.plan
    return Answer(
      json: [
        "world": .string(world), "instance": .string(instance),
        "cycle": .integer(plan.cycle), "at": .string("\(plan.at)"),
        "plan_id": .string(plan.id.hexadecimal), "tree": tree.json,
      ]
    ) { terminal in
      let head =
        isKorean
        ? "\(world), \(plan.cycle)번 사이클, \(plan.at)" : "\(world), cycle \(plan.cycle), \(plan.at)"
      return
        ([terminal.paint.faint(head)]
        + WorldTree(tree, isKorean ? \.koreanText : \.text)
        .lines(width: terminal.textWidth, paint: terminal.paint)).joined(separator: "\n")
    }
  }
}

extension WorldTree {
  /// The reasoning as a tree in one of its languages.
  init(_ node: DerivationNode, _ language: KeyPath<DerivationNode, String>) {
    let (mark, tone): (String, Tone) =
      switch node.outcome {
      case .pass: ("+ ", .good)
      case .fail: ("- ", .bad)
      case .unknown: ("? ", .faint)
      case .none: ("", .plain)
      }
    self.init(
      mark + node[keyPath: language], tone, node.children.map { WorldTree($0, language) })
  }
}
