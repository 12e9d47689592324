import Backtesting
import Essentials
import Services
import Tactics

/// `athanor replay compare`: which of several settings do better in the same recorded markets.
enum ReplayCompareCommand {
  private static let with = Option.repeated(
    "with", short: "w", .assignments,
    help: "A variant: settings over those of the base, with commas between them.")
  private static let rules = Option.flag(
    "rules",
    help: "Measure the base against every named option that restores an old, unsound rule.")
  private static let margin = Option(
    "margin", .fraction("share", in: 0.000_001...0.1), default: 0.0005,
    help: "What counts as no worse: a share of the capital, a day and at the worst times.")
  private static let tail = Option(
    "tail", .fraction("share", in: 0.001...0.5), default: 0.05,
    help: "The share of slices of time that are the worst.")
  private static let resamples = Option(
    "resamples", .whole("count", in: 100...100_000), default: 2000,
    help: "How many resamples an interval is made of.")

  static let command: Command = Command(
    "compare", summary: "Replay variants of settings on the same market and say which do better",
    discussion: [
      """
      The base and every variant meet the same events with the same capital and draw their chance \
      from the same seed. What is compared are differences, slice by slice of time (hours, or days \
      from sixty of them on): what is earned, the mean of the worst slices, what is bought and sold, \
      entries and simulations. Their 95 % intervals come from resampling blocks of slices of both \
      sides together.
      """,
      """
      The verdict is one of `better`, `at least as good` (worse by less than the margin, if at \
      all), `worse` and `cannot be told`. The more variants, the surer each must be (Holm's \
      correction). With --with the verdict is on the variant; with --rules on the base, against the \
      old rule. Under the shipped settings few markets are traded, and what does not trade cannot be \
      told apart: --set signals.rules=face_value makes a base that trades.
      """,
      """
      The market is read once. The result does not depend on the number of threads. Base and \
      variants are recorded in the journal as tried on these data, so that later replays count them \
      when they judge luck.
      """,
    ],
    positionals: [ReplayOptions.more.definition],
    options: ReplayOptions.definitions.filter { $0.name != ReplayOptions.trials.definition.name }
      + [
        with.definition, rules.definition, margin.definition, tail.definition, resamples.definition,
        JournalOptions.journal.definition, RecordingOptions.noJournal.definition,
      ],
    examples: [
      Command.Example(
        "athanor replay compare --data bars --with entry.costs.net_min=0.001",
        "Asks what a higher demand would bring"),
      Command.Example(
        "athanor replay compare --data bars --set signals.rules=face_value --rules",
        "Measures every sound rule against its old one"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let request = try invocation.replayRequest()
    let base = try invocation.settingDocuments(files: ReplayOptions.configurations)
    let isRules = invocation[rules]
    guard isRules == invocation[with].isEmpty else { throw VariantChoice(isBoth: isRules) }
    let variants =
      isRules ? try ReplayVariants.seedOptions(over: base) : try named(invocation[with], base)
    let isEnded = invocation.surroundings.watchForEnd()
    let material = try invocation.withProgress("Reading", total: 0, unit: "contracts") {
      reporter in
      try ReplayMaterial(for: request) { reporter.advance(to: $0, of: $1) }
    }
    let desk = ReplayDesk(request, material)
    var settings = PairedReplay.Settings()
    settings.margin = invocation[margin]
    settings.tailShare = invocation[tail]
    settings.resamples = invocation[resamples]
    let replays = ReplayVariants(desk, variants, asking: isRules ? .base : .variants)
    let journal = try invocation.comparisonJournal(of: replays)
    let report = try invocation.withProgress(
      "Replaying", total: (variants.count + 1) * desk.sliceCount, unit: "slices"
    ) { reporter in
      try replays.run(
        threads: request.threads, settings: settings, isEnded: isEnded,
        progress: { reporter.advance(to: $0, of: $1) })
    }
    guard let report else { throw ComparisonEndedEarly() }
    var failure: (any ExplainedFailure)?
    do {
      try journal?.finish(report, at: invocation.surroundings.now())
    } catch let error as any ExplainedFailure {
      failure = error
    }
    let page = VariantPage(report: report, run: journal?.run)
    return Answer(json: page.json, failure: failure) { page.text($0) }
  }

  /// The variants that the command line names; equal ones and those that change nothing are refused.
  private static func named(
    _ assignments: [[String]], _ base: [SettingDocument]
  ) throws -> [ReplayVariants.Variant] {
    var known = [try TacticsConfiguration(base).fingerprint: "the base"]
    return try assignments.map { words in
      let name = words.joined(separator: ", ")
      var document = SettingDocument.commandLine(words)
      document.name = "--with"
      let configuration = try TacticsConfiguration(base + [document])
      if let other = known[configuration.fingerprint] {
        throw RepeatedVariant(name: name, other: other)
      }
      known[configuration.fingerprint] = name
      return ReplayVariants.Variant(name, configuration)
    }
  }
}

extension Invocation {
  /// Begins the run of a comparison in the journal; nil where nothing is to be recorded or nothing says
  /// where.
  fileprivate func comparisonJournal(of replays: ReplayVariants) throws -> ComparisonJournal? {
    guard let journal = try recordingJournal() else { return nil }
    let opening = replayOpening(
      "replay-compare", of: replays.desk,
      [
        .init("differences_of", .string(replays.question.rawValue)),
        .init("variants", .strings(replays.variants.map(\.name))),
      ])
    return try ComparisonJournal(
      run: opening.run, in: journal, opening: opening.payload, at: opening.start)
  }
}

/// Neither variants nor rules were asked for, or both.
private struct VariantChoice: ExplainedFailure {
  let isBoth: Bool

  var key: String { isBoth ? "two_questions" : "no_variants" }
  var explanation: String {
    isBoth ? "--with and --rules ask two different questions." : "There is nothing to compare with."
  }
  var remedy: String {
    isBoth
      ? "Ask one after the other."
      : "Name variants such as --with entry.costs.net_min=0.001, or give --rules."
  }
  var outcome: FailureOutcome { .badConfiguration }
}

/// A variant that says what another one says.
private struct RepeatedVariant: ExplainedFailure {
  let name: String
  let other: String

  var key: String { "repeated_variant" }
  var explanation: String { "\(name) is the same as \(other)." }
  var remedy: String { "Leave it out, or give it another value." }
  var outcome: FailureOutcome { .badConfiguration }
}

/// A comparison that somebody ended.
private struct ComparisonEndedEarly: ExplainedFailure {
  var key: String { "ended_early" }
  var explanation: String { "The replays were ended before they could be compared." }
  var remedy: String { "Let them run to their end, or give --to for a shorter period." }
  var outcome: FailureOutcome { .failed }
}

extension ValueForm where Value == [String] {
  /// Settings with commas between them; a comma that no setting follows belongs to the value before.
  fileprivate static var assignments: Self {
    ValueForm(
      placeholder: "key=value", expectation: "settings such as entry.costs.net_min=0.001",
      completion: .nothing,
      read: { text in
        var words: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
          let word = part.drop { $0 == " " }
          if word.contains("=") {
            words.append(String(word))
          } else if let last = words.popLast() {
            words.append("\(last),\(part)")
          } else {
            return nil
          }
        }
        return words
      }, show: { $0.joined(separator: ",") })
  }
}
