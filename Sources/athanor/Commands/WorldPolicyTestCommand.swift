import Essentials
import Foundation
import Services
import Worlds

/// `athanor world policy test`: cases put to a policy, and to what it might be by a slip.
enum WorldPolicyTestCommand {
  private static let cases = Positional.required(
    .file("cases"), help: "The cases, such as Examples/Worlds/cases.yml.")
  private static let policy = Option<String?>.optional(
    "policy", short: "p", .file(), help: "The policy; otherwise the one that the cases name.")
  private static let minScore = Option(
    "min-score", .number("percent", in: 0...100), default: 90,
    help: "The share of slips that cases shall notice.")
  private static let noMutate = Option.flag("no-mutate", help: "Put the cases, and try no slips.")

  static let command: Command = Command(
    "test", summary: "Put cases to a policy and to its slips",
    discussion: [
      """
      Each case is a situation and what the policy should say of it. Where all hold, they are put to \
      slips of the policy as well: a threshold moved, an edge or a direction of a comparison changed, \
      a demand left out, a count off by one. A slip that no case notices is listed: a mistake of that \
      kind would not be found either. The exit code is 2 where a case fails, too few slips are \
      noticed, or a law is broken.
      """,
      """
      Two laws are tried on every situation: a better measure never turns a pass into a failure, and \
      where nothing is learned any more, phases come to rest.
      """,
    ],
    positionals: [cases.definition],
    options: [policy.definition, minScore.definition, noMutate.definition],
    examples: [
      Command.Example("athanor world policy test cases.yml", "Puts cases to their policy"),
      Command.Example(
        "athanor world policy test cases.yml --policy new.yml --no-mutate",
        "Puts them to another policy"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let path = invocation[cases]
    let text = try SourceText.read(path: path)
    let named = PolicyCaseFile.policyName(in: text).map { name in
      let folder = (path as NSString).deletingLastPathComponent
      return folder.isEmpty || name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }
    let studied = try invocation.studiedPolicy(invocation[policy] ?? named)
    let file = try PolicyCaseFile(reading: text, named: path, for: studied.policy)
    let cases = file.cases(under: studied.policy)
    let trial = PolicyTrial(cases, to: studied.policy, mutating: !invocation[noMutate])
    let laws = PolicyLaws(cases, of: studied.policy)
    let page = PolicyTrialPage(
      cases: path, policy: studied.path, trial: trial, laws: laws,
      scoreMin: invocation[minScore] / 100)
    return Answer(json: page.json, failure: page.failure) { page.text($0) }
  }
}
