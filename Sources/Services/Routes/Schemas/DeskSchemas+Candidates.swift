import Essentials

/// Candidates, where they come from and what they earned.
extension DeskSchemas {
  static var candidates: [Named] {
    [
      (
        "CandidateCounts",
        WireSchema.object(
          "How many candidates of each kind a prompt is offered.",
          [
            ("subcategories", WireSchema.whole("Subcategories.")),
            ("datasets", WireSchema.whole("Datasets.")),
            ("fields", WireSchema.whole("Fields.")),
            ("operators", WireSchema.whole("Operators.")),
          ])
      ),
      ("Candidate", WireSchema.object("A candidate of a run.", candidate)),
      (
        "CandidateList",
        WireSchema.object(
          "A page of candidates.",
          [
            ("count", WireSchema.whole("How many are on this page.")),
            ("total", WireSchema.whole("How many there are that fit the filters.")),
            ("omitted", WireSchema.whole("Candidates of a huge run that were not kept.")),
            (
              "candidates",
              WireSchema.list("In the order asked for.", of: WireSchema.reference("Candidate"))
            ),
          ])
      ),
      (
        "CandidateStory",
        WireSchema.object(
          "Everything that the run recorded of a candidate.",
          candidate + [
            (
              "events",
              WireSchema.list(
                "Its history in order, the first 500 events.",
                of: WireSchema.object(
                  "One event.",
                  [
                    ("seq", WireSchema.whole("Its number.")),
                    ("kind", WireSchema.text("Its name.")), ("at", WireSchema.instant("When.")),
                    ("message", WireSchema.text("What happened.")),
                    (
                      "severity",
                      WireSchema.word("How much attention it asks for.", ["info", "warn", "error"])
                    ),
                  ]))
            )
          ] + reading)
      ),
      (
        "LineageGraph",
        WireSchema.object(
          "Which candidate was made from which. A parent always appears before its children.",
          [
            ("nodes", WireSchema.list("The candidates.", of: WireSchema.object("One.", node))),
            (
              "edges",
              WireSchema.list(
                "From parents to children.",
                of: WireSchema.object(
                  "One.",
                  [
                    ("parent", WireSchema.text("The key of the parent.")),
                    ("child", WireSchema.text("The key of the child.")),
                    ("source", WireSchema.text("How it was made, such as parameter_search.")),
                    ("seq", WireSchema.whole("The event that says so.")),
                  ]))
            ),
          ])
      ),
      (
        "RetrievalList",
        WireSchema.object(
          "The packs that candidates were proposed from.",
          [
            ("run_id", WireSchema.text("The run.")),
            ("packs", WireSchema.list("In order.", of: WireSchema.object("One.", pack))),
            (
              "next",
              WireSchema.wholeOrNull("What to pass as after for the next packs, null at the end.")
            ),
          ])
      ),
      (
        "ProfitAndLoss",
        WireSchema.object(
          "What a candidate earned by day, after costs.",
          [
            ("candidate_key", WireSchema.text("The candidate.")),
            ("alpha_id", WireSchema.text("The name of formula, settings and panel.")),
            ("dates", WireSchema.list("The days, UTC.", of: WireSchema.text("YYYY-MM-DD."))),
            (
              "pnl",
              WireSchema.list(
                "The running sum, null on a day without a price.",
                of: WireSchema.numberOrNull("Sum.")
              )
            ),
            (
              "daily",
              WireSchema.list(
                "The day's profit, null without a price.", of: WireSchema.numberOrNull("Profit."))
            ),
            ("unit", WireSchema.text("The unit of both, USD.")),
            ("book_size", WireSchema.number("The size of the book in that unit.")),
            (
              "train_end",
              WireSchema.textOrNull("The last day of training, null where nothing was held out.")
            ),
          ])
      ),
    ]
  }

  private static var candidate: [Named] {
    [
      ("candidate_key", WireSchema.text("Its name within the run.")),
      ("alpha_id", WireSchema.textOrNull("The name that a simulator gave it.")),
      ("idea_id", WireSchema.text("Its idea, empty for none.")),
      ("lane", WireSchema.textOrNull("exploit or explore.")),
      ("expression", WireSchema.textOrNull("The formula as it was written.")),
      ("canonical", WireSchema.textOrNull("Its canonical text, null where it did not check.")),
      ("fingerprint", WireSchema.textOrNull("The digest of the canonical text.")),
      (
        "state",
        WireSchema.word(
          "How far it came. rejected: its text did not check, and it was not or not yet repaired.",
          RunCandidate.State.allCases.map(\.rawValue))
      ),
      ("passed", WireSchema.flagOrNull("Whether the latest judgment let it pass.")),
      ("score", WireSchema.numberOrNull("The score of the latest judgment.")),
      (
        "metrics",
        WireSchema.object(
          "Its figures, null before they are known.",
          [
            ("sharpe", WireSchema.numberOrNull("Annual Sharpe ratio.")),
            ("fitness", WireSchema.numberOrNull("BRAIN's fitness.")),
            ("turnover", WireSchema.numberOrNull("Fraction of the book traded a day.")),
            ("returns", WireSchema.numberOrNull("Annual return, a fraction of half the book.")),
            ("drawdown", WireSchema.numberOrNull("Largest fall, a fraction of half the book.")),
            ("margin", WireSchema.numberOrNull("Profit for each dollar traded, a fraction.")),
            ("coverage", WireSchema.numberOrNull("Share of instruments with a value.")),
          ])
      ),
      (
        "trust",
        WireSchema.anythingOrNull(
          """
          What its figures are worth beside all that was tried: the report of a campaign, which \
          judges at its end and has none before, or the trials and deflated_sharpe of a formula that \
          was simulated outside of research.
          """)
      ),
      ("attempts", WireSchema.whole("Texts of it that were checked.")),
      (
        "errors",
        WireSchema.list("Why it did not go on or pass.", of: WireSchema.text("One reason."))
      ),
      ("parent_candidate_key", WireSchema.textOrNull("The candidate that it was made from.")),
      ("mutation_source", WireSchema.textOrNull("How it was made from it.")),
      ("generation", WireSchema.whole("0 for a proposal.")),
      ("first_seq", WireSchema.whole("The first event about it.")),
      ("last_seq", WireSchema.whole("The last event about it.")),
      ("panel", WireSchema.anythingOrNull("The name and fingerprint of what it ran on.")),
      ("settings", WireSchema.anythingOrNull("The settings of its simulation.")),
    ]
  }

  private static var node: [Named] {
    let wanted = ["candidate_key", "alpha_id", "idea_id", "lane", "state", "passed", "score"]
    return candidate.filter { wanted.contains($0.name) } + [
      ("generation", WireSchema.whole("0 for a proposal.")),
      ("sharpe", WireSchema.numberOrNull("Annual Sharpe ratio.")),
      ("seq", WireSchema.whole("The first event about it.")),
    ]
  }

  private static var pack: [Named] {
    [
      ("seq", WireSchema.whole("The event that tells of it.")),
      ("at", WireSchema.instant("When it was built.")),
      ("idea_id", WireSchema.text("Its idea.")),
      ("query", WireSchema.text("What was searched for.")),
      (
        "graph",
        WireSchema.anythingOrNull(
          "Nodes (id, type, label, lane, state, score) and edges (source, target, kind, weight).")
      ),
      (
        "subcategories",
        WireSchema.list("Those that were selected.", of: WireSchema.text("One."))
      ), ("counts", WireSchema.reference("CandidateCounts")),
      ("token_estimate", WireSchema.anythingOrNull("How many tokens the pack has, roughly.")),
    ]
  }
}
