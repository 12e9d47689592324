import Essentials
import Worlds

/// The JSON Schemas of what the routes of worlds take and answer, by name.
package enum WorldSchemas {
  private typealias Named = DeskSchemas.Named

  /// All of them, in the order of the description.
  package static var all: [DeskSchemas.Named] { answers + plan + wishes + receipts }

  private static let instant = "Milliseconds since 1970."

  private static func words<Word: RawRepresentable & CaseIterable>(
    _ meaning: String, _ type: Word.Type
  ) -> JSONValue where Word.RawValue == String {
    WireSchema.word(meaning, Word.allCases.map(\.rawValue))
  }

  private static let counts: JSONValue = WireSchema.object(
    "Instances by phase.",
    StrategyPhase.allCases.map { ($0.rawValue, WireSchema.whole("In that phase.")) })
  private static let breakerWord = WireSchema.word(
    "How the breaker stands.", ["armed", "tripped", "cooling"])
  private static let mode = words("What it does at present.", WorldMode.self)
  private static let side = words("The direction of what it holds.", TradingSide.self)
  private static let phase = words("Its phase.", StrategyPhase.self)

  // MARK: - Answers

  private static var answers: [Named] {
    [
      (
        "WorldList",
        WireSchema.object(
          "The worlds of the desk.",
          [
            ("count", WireSchema.whole("How many there are.")),
            (
              "worlds",
              WireSchema.list(
                "In the order in which they began.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("id", WireSchema.text("Its name.")),
                    ("state", words("What people want of it.", DeclaredState.self)),
                    ("mode", mode), ("deleted", WireSchema.flag("Whether it is gone.")),
                    ("policy_version", WireSchema.whole("The version in force.")),
                    ("cycle", WireSchema.whole("The last cycle that was evaluated.")),
                    ("counts", counts), ("breaker", breakerWord),
                    ("last_at", WireSchema.instantOrNull("When it was evaluated last.")),
                  ]))
            ),
          ])
      ),
      ("World", WireSchema.object("How a world stands.", world)),
      (
        "WorldGraph",
        WireSchema.object(
          "What a world computes, by the graph of all worlds.",
          [
            ("version", WireSchema.whole("The version in force, 0 before the first.")),
            ("since", WireSchema.instantOrNull("Since when it is in force.")),
            ("instances", WireSchema.whole("The instances that count.")),
            (
              "rollback",
              WireSchema.list(
                "Earlier versions that can be brought back.", of: WireSchema.whole("A version."))
            ),
            ("live", WireSchema.whole("Computations, its own and those for everybody.")),
            (
              "draining",
              WireSchema.whole("Those that nobody needs any more and that are kept for a while.")
            ),
            ("drained_at", WireSchema.instantOrNull("When the last of them is forgotten.")),
          ])
      ),
      ("WorldRun", WireSchema.object("A switch to or from money.", run)),
      ("WorldGate", WireSchema.object("What a gate lets through.", gate)),
      (
        "WorldActivation",
        WireSchema.object(
          "Which orders may pass.",
          [
            ("epoch", WireSchema.whole("Grows with every change of gates.")),
            (
              "gates",
              WireSchema.list("In the order of ids.", of: WireSchema.reference("WorldGate"))
            ),
          ])
      ),
      (
        "WorldAudit",
        WireSchema.object(
          "A part of what happened in a world.",
          [
            (
              "events",
              WireSchema.list(
                "In the order asked for.",
                of: WireSchema.object(
                  "One event.",
                  [
                    ("seq", WireSchema.whole("Its number in the journal.")),
                    ("at", WireSchema.instant("When it happened.")),
                    ("kind", WireSchema.text("Its name.")),
                    ("actor", WireSchema.text("Who did it.")),
                    ("subject", WireSchema.text("The instance or run that it is about.")),
                    ("summary", WireSchema.text("What happened, in English.")),
                    ("summary_ko", WireSchema.text("The same in Korean.")),
                    (
                      "payload",
                      WireSchema.anythingOrNull(
                        """
                        Everything that was recorded. A long one says omitted and its bytes; with \
                        limit=1 it is always sent.
                        """)
                    ),
                  ]))
            ),
            (
              "next",
              WireSchema.wholeOrNull(
                "What to pass as after, or as before, for the next page; null at the end.")
            ),
          ])
      ),
      ("WorldExplanation", WireSchema.object("Why an instance was judged as it was.", explanation)),
      (
        "WorldReasoning",
        WireSchema.object(
          "A step of the reasoning.",
          [
            ("code", WireSchema.text("A stable name of the kind of step.")),
            ("text", WireSchema.text("The step in English.")),
            ("text_ko", WireSchema.text("The same in Korean.")),
            ("outcome", words("What it decided.", DerivationNode.Outcome.self)),
            ("value", WireSchema.numberOrNull("What was looked at.")),
            ("limit", WireSchema.numberOrNull("What it was held against.")),
            (
              "children",
              WireSchema.list("What it rests on.", of: WireSchema.reference("WorldReasoning"))
            ),
          ])
      ),
      (
        "WorldHistory",
        WireSchema.object(
          "The cycles of a world.",
          [
            (
              "cycles",
              WireSchema.list(
                "The first one first.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("cycle", WireSchema.whole("Its number.")),
                    ("at", WireSchema.instant("The instant of its last evaluation.")),
                    ("mode", mode),
                    (
                      "moves",
                      WireSchema.list(
                        "Changes of phase until the next cycle.",
                        of: WireSchema.object(
                          "One.",
                          [
                            ("instance", WireSchema.text("Whose.")), ("from", phase), ("to", phase),
                          ]))
                    ),
                    ("live", WireSchema.whole("Instances that were live afterwards.")),
                    ("scale", WireSchema.number("What weights were multiplied by for limits.")),
                  ]))
            )
          ])
      ),
    ]
  }

  private static var world: [Named] {
    [
      ("id", WireSchema.text("Its name.")),
      ("declared", words("What people want of it.", DeclaredState.self)), ("mode", mode),
      ("frozen", WireSchema.flag("Whether every gate is kept closed.")),
      ("deleted", WireSchema.flag("Whether the world is gone.")),
      ("epoch", WireSchema.whole("Grows with every change of gates.")),
      ("cycle", WireSchema.whole("The last cycle that was evaluated.")),
      (
        "policy",
        WireSchema.object(
          "The policy in force.",
          [
            ("version", WireSchema.whole("Its version.")),
            ("fingerprint", WireSchema.text("The digest of its canonical form.")),
            ("published_at", WireSchema.instantOrNull("When it came into force.")),
            ("published_by", WireSchema.text("Who published it.")),
          ])
      ),
      (
        "breaker",
        WireSchema.object(
          "What halts trading.",
          [
            ("state", breakerWord),
            ("reason", WireSchema.text("What tripped it, empty while it is armed.")),
            ("since", WireSchema.instantOrNull("Since when it is not armed.")),
          ])
      ),
      (
        "caller",
        WireSchema.object(
          "Who is asking.",
          [
            ("name", WireSchema.text("The name of the token, or loopback.")),
            (
              "role",
              WireSchema.word(
                "What the caller may do in this world.", ["viewer", "operator", "owner"])
            ),
          ])
      ), ("counts", counts),
      (
        "instances",
        WireSchema.list(
          "In the order of ids.", of: WireSchema.object("An instance.", instance))
      ),
      ("risk", WireSchema.object("The risk of what would be live.", risk)),
      (
        "currency",
        WireSchema.object(
          "How old data was at the last evaluation.",
          [
            ("standing", words("How it stands.", DataCurrency.Standing.self)),
            ("dataset", WireSchema.textOrNull("The dataset that settles it.")),
            ("lag_ms", WireSchema.wholeOrNull("How far it is behind, in milliseconds.")),
            ("lag_max_ms", WireSchema.whole("How far it may be behind.")),
          ])
      ),
      ("cutover", WireSchema.referenceOrNull("WorldRun", "The run that is under way.")),
      (
        "graph",
        WireSchema.referenceOrNull(
          "WorldGraph", "What it computes; null before the graph of all worlds follows it.")
      ),
      (
        "alerts",
        WireSchema.list(
          "The latest, the first one first.",
          of: WireSchema.object(
            "One.",
            [
              ("at", WireSchema.instant("When.")),
              ("occasion", words("What happened.", AlertRule.Occasion.self)),
              ("level", words("How loudly it is told.", AlertRule.Level.self)),
              ("action", WireSchema.textOrNull("What was done of itself.")),
              ("detail", WireSchema.text("What it is about.")),
            ]))
      ), ("last_evaluated_at", WireSchema.instantOrNull("When it was evaluated last.")),
      (
        "next_evaluation_at",
        WireSchema.instantOrNull(
          "When the schedule evaluates it next, in the past where that is overdue; null where the"
            + " schedule leaves it alone, as while it is paused or where it lives in history.")
      ),
      (
        "traded_through",
        WireSchema.instantOrNull(
          "The last row of prices that its accounts traded; null before the first.")
      ),
      ("plan_id", WireSchema.textOrNull("The last decision; null before the first.")),
    ]
  }

  private static var instance: [Named] {
    [
      ("id", WireSchema.text("Its name.")), ("strategy", WireSchema.text("Its family.")),
      ("side", side), ("phase", phase), ("since", WireSchema.instant("Since when.")),
      ("passes", WireSchema.whole("Successive cycles of being admitted.")),
      ("fails", WireSchema.whole("Successive cycles of failing.")),
      ("weight", WireSchema.number("Its share of equity.")),
      ("gate", WireSchema.reference("WorldGate")),
      ("score", WireSchema.numberOrNull("Its score in the last decision.")),
      ("rank", WireSchema.wholeOrNull("Its place among those that passed, from 1.")),
      ("verdict", words("The verdict.", WorldPlan.Verdict.self)),
      ("action", words("What the decision does with it.", WorldPlan.Action.self)),
      ("hold", WireSchema.textOrNull("Why it stays, such as streak.")),
      ("rejection", WireSchema.textOrNull("Why it was not admitted, such as side_quota.")),
      ("formula", WireSchema.text("Its formula.")),
      (
        "metrics",
        [
          "type": "object", "description": "What the last decision saw of it, by name.",
          "additionalProperties": WireSchema.object(
            "One measure.",
            [
              (
                "value",
                WireSchema.numberOrNull("Its value; lengths of time are milliseconds.")
              ), ("days", WireSchema.numberOrNull("Days that it rests on.")),
              ("trades", WireSchema.numberOrNull("Trades that it rests on.")),
              ("bars", WireSchema.numberOrNull("Bars that it rests on.")),
              ("known", WireSchema.flag("Whether its samples are enough for the policy.")),
            ]),
        ]
      ),
    ]
  }

  private static var gate: [Named] {
    [
      ("instance", WireSchema.text("Whose.")), ("side", side),
      (
        "state",
        WireSchema.word("What gets through.", ["closed", "monitor", "reduce_only", "open"])
      ), ("weight", WireSchema.number("The share of equity; 0 where it is closed.")),
      ("epoch", WireSchema.whole("The epoch of its last change.")),
      ("switched_off", WireSchema.flag("Whether a person closed it.")),
      (
        "needs_operator",
        WireSchema.textOrNull("Why it stays closed until a person has looked.")
      ),
      (
        "lease_until",
        WireSchema.instantOrNull(
          "Until when those who hold it trust that; null where it is closed or nobody holds it.")
      ),
    ]
  }

  private static var run: [Named] {
    [
      ("id", WireSchema.text("Its name; asked for again, it is the same run.")),
      ("plan_id", WireSchema.text("The decision that it carries out, empty where a person asked.")),
      ("stage", words("How far it is.", CutoverStage.self)),
      ("planned_at", WireSchema.instant("When it began.")),
      ("ended_at", WireSchema.instantOrNull("When it ended.")),
      ("promote", WireSchema.list("Who goes live.", of: WireSchema.text("An instance."))),
      ("demote", WireSchema.list("Who leaves.", of: WireSchema.text("An instance."))),
      ("reweight", WireSchema.list("Whose weight changes.", of: WireSchema.text("An instance."))),
      ("outcome", WireSchema.textOrNull("completed, aborted or rolled_back; null before its end.")),
      ("reason", WireSchema.text("Why it did not complete, empty where it did.")),
      ("epoch", WireSchema.whole("The epoch with which it ended, before that the plan's.")),
      (
        "needs_operator",
        WireSchema.list(
          "Whose gates stay closed until a person has looked.",
          of: WireSchema.text("An instance."))
      ),
    ]
  }

  private static var risk: [Named] {
    [
      ("scale", WireSchema.number("What every weight was multiplied by.")),
      (
        "lines",
        WireSchema.list(
          "Limits.",
          of: WireSchema.object(
            "One.",
            [
              ("name", WireSchema.text("Such as gross, var_99_1d or symbol:BTC.")),
              ("observed", WireSchema.numberOrNull("Before scaling.")),
              ("limit", WireSchema.numberOrNull("Null where the policy sets none.")),
              ("after", WireSchema.numberOrNull("After scaling.")),
            ]))
      ),
      ("flags", WireSchema.list("What was missing.", of: WireSchema.text("Such as cov_missing."))),
    ]
  }

  private static var explanation: [Named] {
    [
      ("instance", WireSchema.text("Who is explained.")),
      ("cycle", WireSchema.whole("The cycle of the decision.")),
      ("plan_id", WireSchema.text("The decision.")),
      ("tree", WireSchema.reference("WorldReasoning")),
    ]
  }

  // MARK: - Decisions

  private static var plan: [Named] {
    [
      (
        "WorldPlan",
        WireSchema.object(
          "A decision in its canonical form: the same bytes for the same snapshot and policy.",
          [
            (
              "allocations",
              WireSchema.list(
                "Weights of those that are live afterwards.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("instance", WireSchema.text("Whose.")), ("side", side),
                    ("weight", WireSchema.number("The share of equity, not negative.")),
                  ]))
            ), ("at", WireSchema.whole(instant)),
            (
              "currency",
              WireSchema.object(
                "How old data was.",
                [
                  ("dataset", WireSchema.textOrNull("The dataset that settles it.")),
                  ("halting", WireSchema.flag("Whether gates close for it.")),
                  ("lag", WireSchema.whole("Milliseconds behind.")),
                  ("standing", words("How it stands.", DataCurrency.Standing.self)),
                ])
            ), ("cycle", WireSchema.whole("Its cycle.")),
            ("engine", WireSchema.text("The name of the rules of deciding.")),
            ("epoch", WireSchema.whole("The epoch that it was decided at.")),
            ("id", WireSchema.text("The digest of snapshot, policy and engine.")), ("mode", mode),
            (
              "occasions",
              WireSchema.list(
                "What alerts may tell.", of: words("One.", AlertRule.Occasion.self))
            ), ("policy", WireSchema.text("The digest of the policy.")),
            ("policy_version", WireSchema.whole("Its version.")),
            ("risk", WireSchema.object("The risk of what would be live.", risk)),
            (
              "rows",
              WireSchema.list(
                "What is said of each instance.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("action", words("What is done with it.", WorldPlan.Action.self)),
                    ("admitted", WireSchema.flag("Whether it is among the admitted.")),
                    ("fails", WireSchema.whole("Successive cycles of failing.")),
                    ("hold", WireSchema.textOrNull("Why it stays.")),
                    ("instance", WireSchema.text("Who.")),
                    ("passes", WireSchema.whole("Successive cycles of being admitted.")),
                    ("phase", phase), ("rank", WireSchema.wholeOrNull("Its place, from 1.")),
                    ("rejection", WireSchema.textOrNull("Why it was not admitted.")),
                    ("score", WireSchema.numberOrNull("Its score.")), ("side", side),
                    ("verdict", words("The verdict.", WorldPlan.Verdict.self)),
                  ]))
            ), ("snapshot", WireSchema.text("The digest of what was seen.")),
            (
              "steps",
              WireSchema.list(
                "In the order in which they are taken.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("do", words("What is done.", WorldPlan.Step.Kind.self)),
                    ("instance", WireSchema.text("To whom.")),
                    ("weight", WireSchema.numberOrNull("The weight from then on.")),
                  ]))
            ), ("world", WireSchema.text("The world.")),
          ])
      )
    ]
  }

  // MARK: - What is asked for

  /// A body; members that are not named as needed may be left out.
  private static func wish(
    _ meaning: String, _ needed: [String], _ members: [Named]
  ) -> JSONValue {
    [
      "type": "object", "description": .string(meaning), "required": .strings(needed),
      "additionalProperties": .bool(false),
      "properties": .object(members.map { .init($0.name, $0.schema) }),
    ]
  }

  private static let reason: Named = (
    "reason", WireSchema.text("Why, in a few words; it is recorded.")
  )

  private static var wishes: [Named] {
    [
      (
        "WorldPolicyWish",
        wish(
          "A policy.", ["text"],
          [("text", WireSchema.text("The document, YAML or JSON, at most 1 MiB.")), reason])
      ), ("WorldReason", wish("A reason.", [], [reason])),
      (
        "WorldStateWish",
        wish(
          "A state.", ["state"],
          [("state", words("What the world is to do.", DeclaredState.self)), reason])
      ),
      (
        "WorldEvaluationWish",
        wish(
          "An evaluation.", [],
          [
            (
              "now",
              WireSchema.wholeOrNull("Its instant in milliseconds since 1970; the clock's if null.")
            )
          ])
      ),
      (
        "WorldRollbackWish",
        wish(
          "An earlier version.", ["version"],
          [("version", WireSchema.whole("The version whose rules are wanted.")), reason])
      ),
      (
        "WorldActivationWish",
        wish(
          "A gate.", ["instance", "side", "active"],
          [
            ("instance", WireSchema.text("Whose.")), ("side", side),
            ("active", WireSchema.flag("Whether its orders may pass.")), reason,
          ])
      ),
      (
        "WorldApprovalWish",
        wish(
          "An approval.", ["instance"],
          [
            ("instance", WireSchema.text("Whose promotion may happen.")),
            (
              "plan_id",
              WireSchema.textOrNull("Only as this decision proposes it; any if null.")
            ),
          ])
      ),
      (
        "WorldSubmissionWish",
        wish(
          "An alpha of the journal.", ["alpha", "side"],
          [
            ("alpha", WireSchema.text("Its id, or the key of its candidate.")), ("side", side),
            ("run_id", WireSchema.textOrNull("The run that found it.")),
            ("strategy", WireSchema.textOrNull("The family that it is counted in.")),
            ("id", WireSchema.textOrNull("The name of the instance.")),
            (
              "symbols",
              WireSchema.list("Its universe; empty for all.", of: WireSchema.text("A symbol."))
            ), ("sector", WireSchema.textOrNull("Its sector.")),
            ("venue", WireSchema.textOrNull("Its venue.")),
            ("broker", WireSchema.textOrNull("Its broker.")),
          ])
      ),
      (
        "WorldTransitionWish",
        wish(
          "A switch.", ["world"],
          [
            ("world", WireSchema.text("The world.")), reason,
            (
              "run_id",
              WireSchema.textOrNull(
                "A name of the run: asked for again, the first outcome is answered.")
            ),
          ])
      ),
    ]
  }

  // MARK: - What followed

  private static var receipt: [Named] {
    [
      ("world", WireSchema.text("The world.")),
      ("changed", WireSchema.flag("Whether anything was recorded.")),
      ("declared", words("What people want of it.", DeclaredState.self)), ("mode", mode),
      ("epoch", WireSchema.whole("The epoch of its gates.")),
      (
        "events",
        WireSchema.list(
          "What was recorded, in order.",
          of: WireSchema.object(
            "One event.",
            [
              ("seq", WireSchema.whole("Its number.")), ("kind", WireSchema.text("Its name.")),
              ("subject", WireSchema.text("What it is about.")),
              ("summary", WireSchema.text("What happened, in English.")),
              ("summary_ko", WireSchema.text("The same in Korean.")),
            ]))
      ),
    ]
  }

  private static let runOrNull: Named = (
    "run", WireSchema.referenceOrNull("WorldRun", "The run that carries it out.")
  )

  private static var receipts: [Named] {
    [
      ("WorldReceipt", WireSchema.object("What followed from a command.", receipt)),
      (
        "WorldEvaluationReceipt",
        WireSchema.object(
          "What followed from an evaluation.",
          receipt + [
            ("cycle", WireSchema.whole("The cycle.")),
            ("plan_id", WireSchema.text("The decision.")),
            runOrNull,
            (
              "traded",
              WireSchema.object(
                "What the accounts of the world traded before the evaluation.",
                [
                  ("rows", WireSchema.whole("Rows of prices, such as days.")),
                  ("from", WireSchema.textOrNull("When the first of them was complete.")),
                  ("through", WireSchema.textOrNull("When the last of them was complete.")),
                  ("paper_fills", WireSchema.whole("Fills on paper.")),
                  ("live_fills", WireSchema.whole("Fills of the account that stands for money.")),
                  ("refused_orders", WireSchema.whole("Orders that gates let not through.")),
                  ("trips", WireSchema.whole("Cuts of the risk that tripped.")),
                  ("failed_runs", WireSchema.whole("Cutovers that did not complete.")),
                ])
            ),
          ])
      ),
      (
        "WorldSubmissionReceipt",
        WireSchema.object(
          "What followed from entering an instance.",
          receipt + [("instance", WireSchema.text("Its id."))])
      ),
      (
        "WorldTransitionReceipt",
        WireSchema.object("What followed from a wish to switch.", receipt + [runOrNull])
      ),
      (
        "WorldPolicyReceipt",
        WireSchema.object(
          "What followed from a policy.",
          [
            ("world", WireSchema.text("The world.")),
            ("version", WireSchema.whole("The version in force.")),
            ("fingerprint", WireSchema.text("The digest of its canonical form.")),
            ("new", WireSchema.flag("Whether anything changed.")),
            (
              "diff",
              WireSchema.list(
                "What differs from the version before: path, before and after.",
                of: ["type": "object"])
            ),
            (
              "warnings",
              WireSchema.list("What was found and is no error.", of: finding)
            ),
            (
              "submitted",
              WireSchema.list("Instances that were entered.", of: WireSchema.text("An id."))
            ),
            (
              "refused",
              WireSchema.list(
                "Instances that were not.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("instance", WireSchema.text("Which.")), ("reason", WireSchema.text("Why.")),
                    ("help", WireSchema.text("What to do about it.")),
                  ]))
            ), ("epoch", WireSchema.whole("The epoch of its gates.")), ("mode", mode),
          ])
      ),
      (
        "PolicyFailure",
        WireSchema.object(
          "Why a text is no policy.",
          [
            ("error", WireSchema.text("invalid_policy.")),
            ("detail", WireSchema.text("The first error, with its place.")),
            ("help", WireSchema.text("What to do.")),
            ("findings", WireSchema.list("Everything that was found.", of: finding)),
          ])
      ),
    ]
  }

  /// The remedy is there where one is known.
  private static let finding: JSONValue = [
    "type": "object",
    "required": .strings(["severity", "code", "source", "line", "column", "message"]),
    "properties": [
      "severity": WireSchema.word("Whether it must be mended.", ["error", "warning"]),
      "code": WireSchema.text("A stable name."), "source": WireSchema.text("The text."),
      "line": WireSchema.whole("From 1."), "column": WireSchema.whole("From 1."),
      "message": WireSchema.text("What is wrong."),
      "remedy": WireSchema.text("What to write instead."),
    ],
  ]
}
