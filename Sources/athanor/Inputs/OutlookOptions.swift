import Essentials
import Models
import Services
import Tactics

/// The options that say what an outlook is asked for.
enum OutlookOptions {
  /// The laws by which a price may move.
  enum Law: String, CaseIterable, Sendable {
    case gaussian, student, jumps, reverting, garch, bootstrap
  }

  static let drift = Option.required(
    "drift", .fraction("share", in: OutlookRequest.driftRange),
    help: "The drift of the price for a year: 0.8 and 80% are the same.")
  static let volatility = Option.required(
    "volatility", .fraction("share", in: OutlookRequest.volatilityRange),
    help: "The volatility of the log price for a year.")
  static let takeProfit = Option<Double?>.optional(
    "take-profit", .fraction("share", in: 1e-6...10),
    help: "The favorable move that closes the position; without it nothing does.")
  static let stopLoss = Option<Double?>.optional(
    "stop-loss", .fraction("share", in: 1e-6...10),
    help: "The adverse move that closes the position; without it nothing does.")
  static let horizon = Option<TimeSpan?>.optional(
    "horizon", .span, help: "When it is closed at the latest; 10m if no horizon is given.")
  static let horizons = Option<[TimeSpan]?>.optional(
    "horizons", .spans, help: "Several of them to choose the best from.")
  static let law = Option<Law>(
    "model", .word("law"), default: .gaussian, help: "The law by which the price moves.")
  static let fee = Option(
    "fee", .fraction("share", in: -0.01...0.1), default: 0,
    help: "The fee of each of the two trades.")
  static let spread = Option(
    "spread", .fraction("share", in: 0...0.1), default: 0,
    help: "The spread, of which each trade pays half.")
  static let slippage = Option(
    "slippage", .fraction("share", in: 0...0.1), default: 0,
    help: "The slippage of each of the two trades.")
  static let funding = Option.repeated(
    "funding", .funding, help: "What a long position pays to a short one, and when.")
  static let paths = Option<Int?>.optional(
    "paths", .whole("count", in: 1...OutlookRequest.pathsMax),
    help: "Simulate so many paths, rounded up to whole thousands (1,024).")
  static let seed = Option(
    "seed", .whole("number", in: 0...1 << 53), default: 1, help: "The seed of the simulation.")
  static let step = Option<TimeSpan?>.optional(
    "step", .span, help: "The length of a step; a six-hundredth of the horizon otherwise.")
  static let score = Option<ScoreSettings.Form>(
    "score", .word("form"), default: .marginal, help: "The form of the score.")
  static let aversion = Option(
    "tail-aversion", .number("weight", in: 0...100), default: 0.05,
    help: "How much a loss in the tail weighs against a gain of the mean.")
  static let scoreMin = Option(
    "score-min", .number("score", in: -1000...1000), default: 0,
    help: "The least score that is worth an entry.")
  static let netMin = Option(
    "net-min", .fraction("share", in: -1...1), default: 0,
    help: "The least expected result after costs that is worth an entry.")

  static let degrees = Option<Double?>.optional(
    "degrees", .number("count", in: 2.1...1000),
    help: "student: the degrees of freedom; 4 if not given.")
  static let jumpRate = Option<Double?>.optional(
    "jump-rate", .number("count", in: 0...100_000), help: "jumps: how many there are in a year.")
  static let jumpMean = Option<Double?>.optional(
    "jump-mean", .fraction("share", in: -1...1),
    help: "jumps: the mean of a jump; 0 if not given.")
  static let jumpDeviation = Option<Double?>.optional(
    "jump-deviation", .fraction("share", in: 0...1),
    help: "jumps: the standard deviation of a jump.")
  static let halfLife = Option<TimeSpan?>.optional(
    "half-life", .span, help: "reverting: when half the way to the level is gone.")
  static let gap = Option<Double?>.optional(
    "gap", .fraction("share", in: -0.99...1),
    help: "reverting: how far the level lies above the price.")
  static let surprise = Option<Double?>.optional(
    "garch-alpha", .number("weight", in: 0...1),
    help: "garch: the weight of the last squared surprise, for one step.")
  static let memory = Option<Double?>.optional(
    "garch-beta", .number("weight", in: 0...1),
    help: "garch: the weight of the last variance, for one step.")
  static let longRun = Option<Double?>.optional(
    "long-run", .fraction("share", in: OutlookRequest.volatilityRange),
    help: "garch: the volatility it returns to; --volatility if not given.")
  static let history = Option<String?>.optional(
    "history", .file(), help: "bootstrap: bars whose returns are drawn.")
  static let block = Option<Int?>.optional(
    "block", .whole("count", in: 1...10_000),
    help: "bootstrap: how many neighbors are drawn together; 1 if not given.")

  static let definitions = [
    drift.definition, volatility.definition, takeProfit.definition, stopLoss.definition,
    horizon.definition, horizons.definition, fee.definition, spread.definition,
    slippage.definition, funding.definition, law.definition, degrees.definition,
    jumpRate.definition, jumpMean.definition, jumpDeviation.definition, halfLife.definition,
    gap.definition, surprise.definition, memory.definition, longRun.definition,
    history.definition, block.definition, paths.definition, seed.definition, step.definition,
    score.definition, aversion.definition, scoreMin.definition, netMin.definition,
  ]
}

extension Invocation {
  /// What the command line asks of an outlook.
  func outlookRequest() throws -> OutlookRequest {
    var horizons = self[OutlookOptions.horizons] ?? []
    if let horizon = self[OutlookOptions.horizon] { horizons.append(horizon) }
    var request = OutlookRequest(
      law: try outlookLaw(), annualDrift: self[OutlookOptions.drift],
      annualVolatility: self[OutlookOptions.volatility],
      takeProfit: self[OutlookOptions.takeProfit] ?? .infinity,
      stopLoss: self[OutlookOptions.stopLoss] ?? .infinity,
      horizons: horizons.isEmpty ? [.minutes(10)] : horizons)
    request.step = self[OutlookOptions.step]
    request.fee = self[OutlookOptions.fee]
    request.spread = self[OutlookOptions.spread]
    request.slippage = self[OutlookOptions.slippage]
    request.funding = self[OutlookOptions.funding]
    request.score = ScoreSettings(
      form: self[OutlookOptions.score], tailAversion: self[OutlookOptions.aversion])
    request.bar = Leaning.Bar(
      score: self[OutlookOptions.scoreMin], net: self[OutlookOptions.netMin])
    request.paths = self[OutlookOptions.paths]
    request.seed = UInt64(self[OutlookOptions.seed])
    return request
  }

  private func outlookLaw() throws -> OutlookRequest.Law {
    let law = self[OutlookOptions.law]
    try refuseOptionsOfOtherLaws(than: law)
    func needed<Value>(_ option: Option<Value?>) throws(OutlookFailure) -> Value {
      guard let value = self[option] else {
        throw .missing(law: law.rawValue, option: option.definition.name)
      }
      return value
    }
    switch law {
    case .gaussian: return .gaussian
    case .student: return .student(degreesOfFreedom: self[OutlookOptions.degrees] ?? 4)
    case .jumps:
      return .jumps(
        annualRate: try needed(OutlookOptions.jumpRate),
        mean: self[OutlookOptions.jumpMean] ?? 0,
        deviation: try needed(OutlookOptions.jumpDeviation))
    case .reverting:
      return .meanReverting(
        halfLife: try needed(OutlookOptions.halfLife), gap: try needed(OutlookOptions.gap))
    case .garch:
      return .garch(
        surprise: try needed(OutlookOptions.surprise), memory: try needed(OutlookOptions.memory),
        annualLongRunVolatility: self[OutlookOptions.longRun] ?? self[OutlookOptions.volatility])
    case .bootstrap:
      let series = try FitSeries(
        reading: needed(OutlookOptions.history), symbol: "", lookback: .max)
      return .bootstrap(
        logReturns: series.returns, step: series.step, block: self[OutlookOptions.block] ?? 1,
        path: series.path)
    }
  }

  private func refuseOptionsOfOtherLaws(than law: OutlookOptions.Law) throws(OutlookFailure) {
    let owners: [(OutlookOptions.Law, OptionDefinition)] = [
      (.student, OutlookOptions.degrees.definition),
      (.jumps, OutlookOptions.jumpRate.definition),
      (.jumps, OutlookOptions.jumpMean.definition),
      (.jumps, OutlookOptions.jumpDeviation.definition),
      (.reverting, OutlookOptions.halfLife.definition),
      (.reverting, OutlookOptions.gap.definition),
      (.garch, OutlookOptions.surprise.definition), (.garch, OutlookOptions.memory.definition),
      (.garch, OutlookOptions.longRun.definition),
      (.bootstrap, OutlookOptions.history.definition),
      (.bootstrap, OutlookOptions.block.definition),
    ]
    for (owner, option) in owners where owner != law && arguments.options[option.name] != nil {
      throw .unused(law: law.rawValue, option: option.name)
    }
  }
}
