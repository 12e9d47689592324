import Essentials

/// Every key of a document of cases: what it sets, how it is written, and what it means.
enum PolicyCaseKeys {
  /// The value of `schema`.
  static let schemaName = "world-cases/v1"

  private typealias Situation = PolicyCaseFile.Situation
  private typealias Candidate = PolicyCaseFile.Candidate
  private typealias Entry = PolicyCaseFile.Entry

  /// What all cases share.
  static let defaults = PolicyForm<PolicyCaseFile.Situation>.mapping(
    from: Situation(),
    situation + [
      .key("instance", \.template, candidate(from: Candidate()), "What every instance is.")
    ])

  /// One case, given what all share.
  static func entry(
    over defaults: PolicyCaseFile.Situation
  ) -> PolicyForm<PolicyCaseFile.Entry> {
    var start = Entry()
    start.given = defaults
    return .mapping(
      from: start, required: ["name", "expect"],
      [
        .key("name", \.name, .text, "A sentence that could be false."),
        .key("given", \.given, given(over: defaults), "The situation."),
        .key("expect", \.expected, expectation, "What the plan should say."),
      ])
  }

  // MARK: - Given

  private static let situation: [PolicyMember<PolicyCaseFile.Situation>] = [
    .key("lag", \.lag, .duration(orWord: "none"), "How far data is behind; none for no data."),
    .key("lead", \.lead, .duration(), "How far data is ahead, in place of lag."),
    .key("declared", \.declared, .choice, "The declared state of the world."),
    .key("breaker", \.breaker, .choice, "Whether the breaker is tripped."),
    .key("counted", \.isCounted, .flag, "Whether the cycle was decided before."),
    .key("equity", \.equity, .number(0...1e15), "Of the account."),
    .key("margin_used", \.marginUsed, .fraction(0...1e6), "Of the account's margin."),
    .optional("correlation", \.correlation, .number(-1...1), "Of pairs that are not named."),
    .key("overlap", \.overlap, .duration(), "Days that every pair shares."),
  ]

  private static func given(
    over defaults: PolicyCaseFile.Situation
  ) -> PolicyForm<PolicyCaseFile.Situation> {
    .mapping(
      from: defaults,
      situation + [
        .key("correlations", \.pairs, .list(of: pair), "Of pairs that are named."),
        .key(
          "instances", \.instances,
          .byName(candidate(from: defaults.template), name: \.id) { name, candidate in
            var candidate = candidate
            candidate.id = name
            return candidate
          }, "The instances by their ids."),
      ])
  }

  private static let pair = PolicyForm<PolicyCaseFile.Pair>.mapping(
    from: PolicyCaseFile.Pair(), required: ["between", "is"],
    [
      .key("between", \.between, .list(of: .text), "Two ids."),
      .optional("is", \.value, .number(-1...1), "The correlation; null where it is unknown."),
    ]
  ).mapped(
    to: { pair, value, reader in
      guard pair.between.count == 2, pair.between[0] != pair.between[1] else {
        reader.refuse(value, "does not name two instances", "Write between: [a, b].")
        return nil
      }
      return pair
    }, from: { $0 })

  private static func candidate(
    from start: PolicyCaseFile.Candidate
  ) -> PolicyForm<PolicyCaseFile.Candidate> {
    var bare = start
    bare.metrics = []
    return PolicyForm<PolicyCaseFile.Candidate>.mapping(
      from: bare,
      [
        .optional("strategy", \.strategy, .text, "The family; its own id by default."),
        .key("phase", \.phase, .choice, "Where it stands."),
        .key("since", \.age, .duration(), "How long it has stood there."),
        .key("side", \.side, .choice, "The direction of what it holds."),
        .key("passes", \.passes, .whole(0...1_000_000), "Successive admissions."),
        .key("fails", \.fails, .whole(0...1_000_000), "Successive failures."),
        .key("history", \.history, .duration(), "How far back its data reaches."),
        .key("warm", \.isWarm, .flag, "Whether its look-back is filled."),
        .key(
          "symbols", \.symbols,
          .byName(share, name: \.name) { PolicyCaseFile.NamedShare(name: $0, share: $1.share) },
          "Shares of what it holds."),
        .optional("sector", \.sector, .text, "The sector of all that it holds."),
        .optional("venue", \.venue, .text, "The venue of all that it holds."),
        .optional("broker", \.broker, .text, "The broker that it trades with."),
        .optional("volatility", \.volatility, .fraction(0...1e6), "Of its day; null: unknown."),
        .key("approved", \.isApproved, .flag, "Whether a person has approved it."),
        .key("gate_closed", \.isGateClosed, .flag, "Whether its gate is closed already."),
        .optional("weight", \.weight, .fraction(0...1e6), "The weight that it trades with."),
        .group(
          "samples",
          [
            .optional("days", \.days, .number(0...1e9), "Days behind its measures."),
            .optional("trades", \.trades, .number(0...1e9), "Trades behind its measures."),
            .optional("bars", \.bars, .number(0...1e9), "Rows behind its measures."),
          ], "What its measures rest on."),
        .key("metrics", \.metrics, measures, "Its measures; null is unknown."),
      ]
    ).mapped(to: { candidate, _, _ in candidate.completed(by: start) }, from: { $0 })
  }

  private static let share = PolicyForm<Double>.fraction(-1e6...1e6).mapped(
    to: { share, _, _ in PolicyCaseFile.NamedShare(share: share) }, from: { $0.share })

  private static let measures = PolicyForm<[PolicyCaseFile.NamedMeasure]>.byName(
    measure, name: \.name
  ) { name, measure in
    var measure = measure
    measure.name = name
    return measure
  }.mapped(
    to: { measures, value, reader in
      var seen: Set<MetricName> = []
      for entry in value.entries ?? [] {
        do throws(PolicyMistake) {
          let name = try reader.catalog.metric(entry.key, at: 0..<entry.key.utf8.count).0
          if !seen.insert(name).inserted {
            reader.note(
              "duplicate_metric", "`\(name)` has two values.", at: entry.keySpan,
              remedy: "Keep one of them.")
          }
        } catch {
          reader.note(error.code, error.message, at: entry.keySpan, remedy: error.remedy)
        }
      }
      return measures
    }, from: { $0 })

  /// A value, or a value with what it rests on.
  private static let measure = PolicyForm<PolicyCaseFile.NamedMeasure>(
    read: { value, reader in
      guard value.entries == nil else { return sampledMeasure.read(value, &reader) }
      if value.isNull { return PolicyCaseFile.NamedMeasure() }
      return amount.read(value, &reader).map { PolicyCaseFile.NamedMeasure(value: $0) }
    },
    write: sampledMeasure.write,
    schema: [JSONValue.Member("type", .strings(["number", "string", "null", "object"]))])

  private static let sampledMeasure = PolicyForm<PolicyCaseFile.NamedMeasure>.mapping(
    from: PolicyCaseFile.NamedMeasure(), required: ["is"],
    [
      .optional("is", \.value, amount, "The value; null where it is unknown."),
      .optional("days", \.days, .number(0...1e9), "Days that it rests on."),
      .optional("trades", \.trades, .number(0...1e9), "Trades that it rests on."),
      .optional("bars", \.bars, .number(0...1e9), "Rows that it rests on."),
    ])

  /// A number, a fraction, or a duration in seconds.
  private static let amount = PolicyForm<Double>(
    read: { value, reader in
      if let span = value.scalar.flatMap({ TimeSpan(policy: $0.text) }) { return span.seconds }
      return PolicyForm<Double>.fraction(-1e15...1e15).read(value, &reader)
    },
    write: JSONValue.number,
    schema: [JSONValue.Member("type", .strings(["number", "string"]))])

  // MARK: - Expected

  private static let expectation = PolicyForm<PolicyCase.Expectation>.mapping(
    from: PolicyCase.Expectation(),
    [
      .optional("mode", \.mode, .choice, "What the world does."),
      .optional("data", \.standing, .choice, "How current its data is."),
      .key(
        "instances", \.instances,
        .byName(wanted, name: \.id) { name, wanted in
          var wanted = wanted
          wanted.id = name
          return wanted
        }, "What is said of instances."),
      .optional("steps", \.steps, .list(of: step), "All steps in their order, as PROMOTE a."),
      .optional("scale", \.scale, .number(0...1), "What every weight is multiplied by."),
    ])

  private static let wanted = PolicyForm<PolicyCase.Instance>.mapping(
    from: PolicyCase.Instance(id: ""),
    [
      .optional("verdict", \.verdict, .choice, "Of the gates."),
      .optional("action", \.action, .choice, "What is done."),
      .optional("reason", \.reason, .text, "Why it is held or not admitted."),
      .optional("rank", \.rank, .whole(1...1_000_000), "Its place among those that passed."),
      .optional("admitted", \.isAdmitted, .flag, "Whether it has a place."),
      .optional("passes", \.passes, .whole(0...1_000_000), "Its streak afterwards."),
      .optional("fails", \.fails, .whole(0...1_000_000), "Its streak afterwards."),
      .optional("weight", \.weight, .fraction(0...1e6), "The weight that it is given."),
    ])

  private static let step = PolicyForm<String>.text.mapped(
    to: { text, value, reader in
      let kind = text.prefix { $0 != " " }
      guard WorldPlan.Step.Kind(rawValue: String(kind)) != nil, kind.count + 1 < text.count else {
        let kinds = WorldPlan.Step.Kind.allCases.map(\.rawValue)
        reader.refuse(
          value, "is \(value.kind)",
          "Write one of \(PolicyReader.list(kinds)) and the id of an instance.")
        return nil
      }
      return text
    }, from: { $0 })
}
