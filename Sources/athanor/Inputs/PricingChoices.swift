import AlphaLanguage
import Backtesting
import Services

/// The options that say by which limits formulas are judged, against what, and on how many threads.
enum PricingChoices {
  static let limits = Option<CheckLimits.Audience>(
    "limits", .word("audience"), default: .user,
    help: "Whose limits the checks hold an alpha against.")
  static let pool = Option<String?>.optional(
    "pool", .file(),
    help: "Earlier results, written with --json --series, which an alpha should not resemble.")
  static let threads = Option<Int?>.optional(
    "threads", .whole("count", in: 1...1024),
    help: "Threads to work on; otherwise one for each processor. The result is the same.")

  static let definitions =
    [limits.definition, pool.definition, threads.definition] + RecordingOptions.definitions
}

extension Invocation {
  /// How formulas are priced and judged.
  func pricing(_ settings: SimulationSettings) throws -> PricingOptions {
    var options = PricingOptions(
      limits: .standard(for: self[PricingChoices.limits], delay: settings.delay))
    options.threads = self[PricingChoices.threads] ?? surroundings.processors
    if let path = self[PricingChoices.pool] {
      options.pool = try EarlierResults(text: SourceText.read(path: path), path: path).pool
    }
    return options
  }

  /// Prices formulas while a line shows how many are simulated, then how many are judged.
  func price(
    _ formulas: [(name: String, formula: CheckedFormula)], with simulator: PopulationSimulator,
    _ options: PricingOptions
  ) -> [PricedAlpha] {
    withProgress("Simulating", total: formulas.count, unit: "formulas") { reporter in
      simulator.price(
        formulas, options: options, progress: { reporter.advance(to: $0) },
        judged: { count in
          if count == 0 {
            reporter.turn(to: "Judging", total: formulas.count, unit: "formulas")
          } else {
            reporter.advance(to: count)
          }
        })
    }
  }
}
