import Essentials
import Research

/// The gauges of a run. Amounts of money are US dollars, ratios are fractions.
extension DeskSchemas {
  static var gauges: [Named] {
    parts + [
      (
        "BudgetGauges",
        WireSchema.object(
          "What a run has used of its ceilings.",
          [
            ("run_id", run),
            ("series", WireSchema.object("The latest points.", budgetSeries)),
            ("gauges", WireSchema.object("How it stands.", budgetGauges + furtherGauges)),
            (
              "flags",
              WireSchema.object(
                "What holds at present.", flags + furtherFlags + [("no_data", noData)])
            ), ("peaks", WireSchema.reference("GaugePeaks")),
          ])
      ),
      (
        "SearchGauges",
        WireSchema.object(
          "How widely and how newly a run searches.",
          [
            ("run_id", run),
            ("series", WireSchema.object("The latest points.", searchSeries)),
            (
              "gauges",
              WireSchema.object(
                "How it stands.",
                [
                  ("coverage", gauge("The share of the catalogue's cells that packs used.")),
                  (
                    "novelty", gauge("How new the latest formulas are, against all known ones.")
                  ),
                  ("explore_ratio", gauge("The share of candidates that explore; its aim.")),
                ])
            ),
            (
              "flags",
              WireSchema.object(
                "What holds at present.",
                searchFlags + [
                  (
                    "explore_floor_breached",
                    WireSchema.flag("Whether too few candidates explore.")
                  ), ("no_data", noData),
                ])
            ),
          ])
      ),
      (
        "ValidationGauges",
        WireSchema.object(
          "How validation went.",
          [
            ("run_id", run),
            (
              "attempts",
              WireSchema.list(
                "By attempt, ascending.",
                of: WireSchema.object(
                  "One attempt.",
                  [
                    ("attempt", WireSchema.whole("0 for proposed texts, then one a repair.")),
                    ("passed", WireSchema.whole("Texts that checked.")),
                    ("failed", WireSchema.whole("Texts that did not.")),
                    ("total", WireSchema.whole("Both together.")),
                    ("pass_rate", WireSchema.number("The share that checked, to four places.")),
                  ]))
            ),
            (
              "summary",
              WireSchema.object(
                "Of the run as a whole.",
                [
                  ("runs", WireSchema.whole("Summaries that were recorded.")),
                  ("final_passed", WireSchema.whole("Those whose validation passed.")),
                  ("final_failed", WireSchema.whole("Those whose validation did not.")),
                  (
                    "retrieval_expanded",
                    WireSchema.whole("How often retrieval was widened for a repair.")
                  ),
                ])
            ),
          ])
      ),
      (
        "ReactorStatus",
        WireSchema.object(
          "What the reactor shows.",
          [
            ("run_id", run),
            ("as_of", WireSchema.instant("When the newest event happened, else when asked.")),
            (
              "series",
              WireSchema.object("The latest points.", budgetSeries + pulseSeries + searchSeries)
            ),
          ] + readings)
      ),
      (
        "Replay",
        WireSchema.object(
          "The gauges as they stood at moments of a run.",
          [
            ("run_id", run),
            ("first_seq", WireSchema.whole("The number of the first event.")),
            ("last_seq", WireSchema.whole("The number of the newest event.")),
            (
              "frames",
              WireSchema.list(
                "Evenly spaced by events, the first and the newest among them.",
                of: WireSchema.object(
                  "The gauges right after an event, as of its own instant.",
                  [
                    ("seq", WireSchema.whole("The event.")),
                    ("at", WireSchema.instant("Its instant.")),
                  ] + readings))
            ),
            ("final", WireSchema.reference("ReactorStatus")),
          ])
      ),
    ]
  }

  // MARK: - Parts

  private static var parts: [Named] {
    [
      (
        "Gauge",
        WireSchema.object(
          "A reading and its limit or aim.",
          [
            ("value", WireSchema.numberOrNull("The reading, null where nobody measured.")),
            ("limit", WireSchema.numberOrNull("The limit or aim, null without one.")),
          ])
      ),
      (
        "Point",
        WireSchema.object(
          "A value at an instant.",
          [
            ("ts", WireSchema.instant("When.")), ("value", WireSchema.number("The value.")),
          ])
      ),
      (
        "LimitPoint",
        WireSchema.object(
          "Tokens at an instant.",
          [
            ("ts", WireSchema.instant("When.")), ("value", WireSchema.whole("Tokens.")),
            ("limit", WireSchema.whole("The ceiling that held then, in tokens.")),
          ])
      ),
      (
        "Peak",
        WireSchema.object(
          "The highest reading of a run.",
          [
            ("value", WireSchema.numberOrNull("The reading, null where there was none.")),
            ("ts", WireSchema.instantOrNull("When.")),
          ])
      ),
      (
        "GaugePeaks",
        WireSchema.object(
          "The highest readings of a run and the flags that ever were on.",
          [
            "pressure", "prompt_tokens", "completion_tokens", "batch_tokens", "day_tokens",
            "velocity_tokens_per_sec", "velocity_cost_usd_per_min",
          ].map { ($0, WireSchema.reference("Peak")) } + [
            (
              "flags",
              WireSchema.object(
                "Whether each flag ever was on.",
                flags + furtherFlags + [("protection_mode", protection)])
            )
          ])
      ),
    ]
  }

  private static var run: JSONValue { WireSchema.text("The run.") }
  private static var noData: JSONValue {
    WireSchema.flag("Whether nothing was measured yet, so that the gauges are null.")
  }
  private static var protection: JSONValue {
    WireSchema.flag("Whether the desk protects itself, by a refusal or a fallback.")
  }

  private static func gauge(_ meaning: String) -> JSONValue {
    // A reference with words of its own beside it, which draft 2020-12 allows.
    .object(
      [.init("description", .string(meaning))] + WireSchema.reference("Gauge").memberList)
  }

  private static func points(_ meaning: String, _ element: String = "Point") -> JSONValue {
    WireSchema.list(meaning, of: WireSchema.reference(element))
  }

  private static var budgetSeries: [Named] {
    [
      ("prompt_tokens", points("Prompts that were checked, the last 240.", "LimitPoint")),
      ("completion_tokens", points("Completions they were granted.", "LimitPoint")),
      (
        "fallback_timeline",
        WireSchema.list(
          "Steps by which prompts were shortened, the last 120.",
          of: WireSchema.object(
            "One step.",
            [
              ("ts", WireSchema.instant("When.")), ("phase", WireSchema.text("What was reduced.")),
              ("factor", WireSchema.numberOrNull("What was left of it, as a fraction.")),
              ("fallback_count", WireSchema.whole("The number of the step in its prompt.")),
              ("selected_topk", WireSchema.reference("CandidateCounts")),
            ]))
      ),
    ]
  }

  private static var pulseSeries: [Named] {
    [
      (
        "cost_pulse",
        WireSchema.list(
          "Calls that were settled, the last 180.",
          of: WireSchema.object(
            "One call.",
            [
              ("ts", WireSchema.instant("When it was settled.")),
              ("value", WireSchema.numberOrNull("US dollars, null without a known price.")),
              ("tokens", WireSchema.whole("All its tokens.")),
              ("prompt_tokens", WireSchema.whole("Those of the prompt.")),
              ("completion_tokens", WireSchema.whole("Those of the completion.")),
            ]))
      ), ("pressure", points("Prompts over their ceiling, the last 120.")),
    ]
  }

  private static var searchSeries: [Named] {
    [
      ("explore_ratio", points("The share of candidates that explore, the last 240.")),
      ("coverage", points("The share of the catalogue that packs used, the last 240.")),
      ("novelty", points("The mean novelty of the latest candidates, the last 240.")),
    ]
  }

  private static var budgetGauges: [Named] {
    [
      ("prompt_tokens", gauge("Tokens of the latest prompt.")),
      ("completion_tokens", gauge("Tokens of the latest completion.")),
      ("batch_tokens", gauge("Tokens that the run used and is likely to use.")),
      ("day_tokens", gauge("Tokens that all runs used of the day.")),
    ]
  }

  private static var furtherGauges: [Named] {
    [
      ("week_tokens", gauge("Tokens that all runs used of the week.")),
      ("exploit_tokens", gauge("Tokens that calls of the exploit lane used.")),
      ("explore_tokens", gauge("Tokens that calls of the explore lane used.")),
      ("batch_cost_usd", gauge("US dollars of the run, without calls of unknown price.")),
      ("day_cost_usd", gauge("US dollars of the day.")),
      ("week_cost_usd", gauge("US dollars of the week.")),
      ("unpriced_calls", gauge("Calls whose price is not known.")),
    ]
  }

  private static var velocityGauges: [Named] {
    [
      ("pressure", gauge("The fullest of all ceilings, 1 where one is reached.")),
      ("velocity_tokens_per_sec", gauge("Tokens a second, fading with 30 s.")),
      ("velocity_cost_usd_per_min", gauge("US dollars a minute, fading with 30 s.")),
    ]
  }

  private static var flags: [Named] {
    [
      ("budget_blocked", WireSchema.flag("Whether the latest call was blocked.")),
      ("over_prompt_budget", WireSchema.flag("Whether a prompt was too large.")),
      ("over_completion_budget", WireSchema.flag("Whether a completion was too large.")),
      ("over_batch_budget", WireSchema.flag("Whether the run's ceiling refuses calls.")),
      ("over_day_budget", WireSchema.flag("Whether the day's ceiling refuses calls.")),
      ("explore_floor_breached", WireSchema.flag("Whether too little is left to explore.")),
    ]
  }

  private static var furtherFlags: [Named] {
    [
      ("over_week_budget", WireSchema.flag("Whether the week's ceiling refuses calls.")),
      ("over_cost_budget", WireSchema.flag("Whether a ceiling in US dollars refuses calls.")),
    ]
  }

  private static var searchFlags: [Named] {
    [
      ("low_novelty", WireSchema.flag("Whether new formulas are too alike.")),
      ("low_coverage", WireSchema.flag("Whether the run is narrow.")),
    ]
  }

  /// What the reactor shows beside its series.
  private static var readings: [Named] {
    [
      (
        "gauges",
        WireSchema.object("How it stands.", budgetGauges + velocityGauges + furtherGauges)
      ),
      (
        "flags",
        WireSchema.object(
          "What holds at that instant.",
          flags + [("protection_mode", protection), ("reactor_state", state)] + furtherFlags
            + [("no_data", noData)] + searchFlags)
      ),
      ("reactor", WireSchema.object("The parts of the reactor.", reactor)),
    ]
  }

  private static var state: JSONValue {
    WireSchema.word("How loaded the run is.", ["stable", "warning", "critical", "blocked"])
  }

  private static var reactor: [Named] {
    [
      (
        "core",
        WireSchema.object(
          "The core.",
          [
            ("state", state), ("temperature", WireSchema.numberOrNull("The pressure.")),
            ("pressure", WireSchema.numberOrNull("The fullest of all ceilings.")),
            ("protection_mode", protection),
          ])
      ),
      (
        "token_gauge",
        WireSchema.object(
          "Tokens and their ceilings.",
          [
            ("prompt_tokens", WireSchema.wholeOrNull("Of the latest prompt.")),
            ("prompt_limit", WireSchema.whole("For one prompt.")),
            ("completion_tokens", WireSchema.wholeOrNull("Of the latest completion.")),
            ("completion_limit", WireSchema.whole("For one completion.")),
            ("batch_tokens", WireSchema.wholeOrNull("Of the run.")),
            ("batch_limit", WireSchema.wholeOrNull("For the run.")),
            ("day_tokens", WireSchema.wholeOrNull("Of the day.")),
            ("day_limit", WireSchema.wholeOrNull("For the day.")),
          ])
      ),
      (
        "cost_pulse",
        WireSchema.object(
          "Money.",
          [
            ("latest_cost_usd", WireSchema.numberOrNull("US dollars of the latest call.")),
            ("velocity_cost_usd_per_min", WireSchema.numberOrNull("US dollars a minute.")),
          ])
      ),
      (
        "exploit_explore_radar",
        WireSchema.object(
          "The lanes and what is being searched.",
          [
            ("exploit_ratio", WireSchema.numberOrNull("The share that exploits.")),
            ("explore_ratio", WireSchema.numberOrNull("The share that explores.")),
            ("target_explore_ratio", WireSchema.number("The share that should explore.")),
            ("scanner_text", WireSchema.text("What is being searched, in one line.")),
            (
              "explore_source",
              WireSchema.textOrNull("candidates or prompt: what the shares are of.")
            ),
            (
              "scanner",
              WireSchema.object(
                "What is being searched.",
                [
                  (
                    "phase",
                    WireSchema.word("How far.", ["idle", "scanning", "combining", "found"])
                  ),
                  ("sector", WireSchema.wholeOrNull("The subcategory's number in the run.")),
                  ("subcategory", WireSchema.textOrNull("Its name.")),
                ])
            ),
          ])
      ),
      (
        "fallback",
        WireSchema.object(
          "The shortening of prompts.",
          [
            ("count", WireSchema.whole("Steps in this run.")),
            ("latest_phase", WireSchema.text("What was reduced last, none before.")),
            ("latest_factor", WireSchema.numberOrNull("What was left of it.")),
          ])
      ),
      (
        "render_hints",
        WireSchema.object(
          "For pages.",
          [
            ("target_fps", WireSchema.whole("Frames a second.")),
            ("interpolation", WireSchema.text("Between samples.")),
            ("sample_interval_ms", WireSchema.whole("Milliseconds between samples.")),
          ])
      ), ("peaks", WireSchema.reference("GaugePeaks")),
    ]
  }
}
