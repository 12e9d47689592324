import Essentials

/// The desk, its runs and their events.
extension DeskSchemas {
  static var runs: [Named] {
    [
      (
        "Desk",
        WireSchema.object(
          "What desk this is and who is asking.",
          [
            ("version", WireSchema.text("The version of the program.")),
            (
              "journal",
              WireSchema.object(
                "The journal that everything is told from.",
                [
                  ("id", WireSchema.text("A name that no other journal has.")),
                  ("head", WireSchema.whole("The number of the last event, 0 before the first.")),
                  (
                    "archived_through",
                    WireSchema.whole("The number of the last event that was archived, 0 for none.")
                  ),
                ])
            ),
            (
              "latest_run",
              WireSchema.referenceOrNull(
                "Run",
                "The research run that recorded something last, or without one any run's.")
            ),
            (
              "caller",
              [
                "description": "Who is asking, null where nobody in particular is.",
                "oneOf": .array([
                  WireSchema.object(
                    "A caller.",
                    [
                      ("name", WireSchema.text("The name of the token, or loopback.")),
                      (
                        "role",
                        WireSchema.word("What the caller may do.", ["viewer", "operator", "owner"])
                      ),
                    ]), ["type": "null"],
                ]),
              ]
            ),
            ("demo", WireSchema.flag("Whether what is shown is a rehearsal.")),
            (
              "budget",
              [
                "description": "What all runs used; null where the journal keeps no budget.",
                "oneOf": .array([
                  WireSchema.object(
                    "The periods.",
                    [
                      ("day", WireSchema.reference("PeriodUse")),
                      ("week", WireSchema.reference("PeriodUse")),
                    ]), ["type": "null"],
                ]),
              ]
            ),
          ])
      ),
      (
        "PeriodUse",
        WireSchema.object(
          "What all runs used of a day or a week, in UTC.",
          [
            ("tokens", WireSchema.whole("Tokens used for good or presumed to be.")),
            ("tokens_reserved", WireSchema.whole("Tokens held for calls under way.")),
            ("tokens_limit", WireSchema.wholeOrNull("The ceiling in tokens, null without one.")),
            ("cost_usd", WireSchema.number("US dollars used.")),
            ("cost_usd_reserved", WireSchema.number("US dollars held for calls under way.")),
            ("cost_usd_limit", WireSchema.numberOrNull("The ceiling in US dollars.")),
          ])
      ),
      (
        "Run",
        WireSchema.object(
          "What the journal knows of a run.",
          [
            ("run_id", WireSchema.text("Its name.")),
            (
              "title",
              WireSchema.text("Its command, model and panel as far as known, else its name.")
            ),
            (
              "state",
              WireSchema.word(
                """
                finished: it recorded its summary. running: its last event is younger than a \
                minute. interrupted: it began, is silent and has no summary, and can be resumed. \
                idle: commands that belong together, of which none said that it was the last.
                """, RunOverview.State.allCases.map(\.rawValue))
            ),
            ("events", WireSchema.whole("How many events it recorded.")),
            ("first_seq", WireSchema.whole("The number of its first event.")),
            ("last_seq", WireSchema.whole("The number of its last event.")),
            ("started_at", WireSchema.instant("When the first happened.")),
            ("last_at", WireSchema.instant("When the last happened.")),
            (
              "kinds",
              WireSchema.list(
                "How often each kind of event happened, by name.",
                of: WireSchema.object(
                  "One kind.",
                  [
                    ("kind", WireSchema.text("The event's name.")),
                    ("events", WireSchema.whole("How many there are.")),
                  ]))
            ),
            (
              "summary",
              WireSchema.anythingOrNull("The payload of its run.summary, null before it.")
            ),
          ])
      ),
      (
        "RunList",
        WireSchema.object(
          "A page of runs.",
          [
            ("count", WireSchema.whole("How many are on this page.")),
            (
              "runs",
              WireSchema.list("The latest first.", of: WireSchema.reference("Run"))
            ),
          ])
      ),
      (
        "Event",
        WireSchema.object(
          "An event as it stands in the journal.",
          [
            ("event_type", WireSchema.text("Its name, such as simulation.completed.")),
            ("run_id", WireSchema.text("Its run; desk for an event of none.")),
            ("idea_id", WireSchema.text("Its idea; system for an event of none.")),
            ("stage", WireSchema.text("The stage of research that it belongs to.")),
            ("message", WireSchema.text("What happened, in one sentence.")),
            (
              "severity",
              WireSchema.word("How much attention it asks for.", ["info", "warn", "error"])
            ),
            ("created_at", WireSchema.instant("When it happened.")),
            ("payload", WireSchema.anythingOrNull("What it tells, by its name.")),
            ("seq", WireSchema.whole("Its number; a reader goes on behind it.")),
          ])
      ),
      (
        "EventPage",
        WireSchema.object(
          "A page of a run's events.",
          [
            ("run_id", WireSchema.text("The run.")),
            ("events", WireSchema.list("In order.", of: WireSchema.reference("Event"))),
            (
              "next",
              WireSchema.wholeOrNull("What to pass as after for the next page, null at the end.")
            ),
            ("head", WireSchema.whole("The number of the journal's last event.")),
          ])
      ),
      (
        "RecentEvents",
        WireSchema.object(
          "The latest events.",
          [
            ("count", WireSchema.whole("How many there are.")),
            ("events", WireSchema.list("The oldest first.", of: WireSchema.reference("Event"))),
          ])
      ),
    ]
  }
}
