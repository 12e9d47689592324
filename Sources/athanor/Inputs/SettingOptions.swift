import Backtesting
import Essentials

/// The options that say how a formula becomes a book: the settings of a simulation.
enum SettingOptions {
  static let standard: SimulationSettings = {
    var settings = SimulationSettings()
    settings.neutralization = .market
    return settings
  }()

  static let universe = Option(
    "universe", .text("name"), default: standard.universe,
    help: "ALL, TOP and a number for the most traded, or a universe of the panel.")
  static let delay = Option(
    "delay", .whole("rows", in: 0...1), default: standard.delay,
    help: "Rows between the last data a formula sees and the row whose return it earns.")
  static let decay = Option(
    "decay", .whole("rows", in: 0...SimulationSettings.decayLimit), default: standard.decay,
    help: "The window of the linear decay over the formula's values.")
  static let neutralization = Option<SimulationSettings.Neutralization>(
    "neutralization", short: "n", .word("group"), default: standard.neutralization,
    help: "The group in which longs and shorts are made equal.")
  static let truncation = Option(
    "truncation", .number("share", in: 0...1), default: standard.truncation,
    help: "The largest share of the book in one instrument, 0 for no limit.")
  static let pasteurization = Option<SimulationSettings.Toggle>(
    "pasteurization", .word("toggle"), default: standard.pasteurization,
    help: "Whether values outside the universe are hidden from the formula.")
  static let nanHandling = Option<SimulationSettings.Toggle>(
    "nan-handling", .word("toggle"), default: standard.nanHandling,
    help: "Whether missing values are filled where an operator offers it.")
  static let maxTrade = Option<SimulationSettings.Toggle>(
    "max-trade", .word("toggle"), default: standard.maxTrade,
    help: "Whether trades are held to a share of what is traded in a row.")
  static let testPeriod = Option(
    "test-period", .period, default: standard.testPeriod,
    help: "The last part of the sample, which is set aside as test.")
  static let stepOrder = Option<SimulationSettings.StepOrder>(
    "step-order", .word("order"), default: standard.stepOrder,
    help: "The order of decay, truncation and neutralization.")
  static let bookSize = Option(
    "book-size", .number("money", in: 1...1e15), default: standard.bookSize,
    help: "Money invested, long and short together.")
  static let cost = Option(
    "cost-bp", .number("bp", in: 0...5000), default: 0,
    help: "The cost of trading, in basis points of what is traded.")
  static let from = Option<CalendarDate?>.optional(
    "from", .date, help: "The first day that counts; earlier rows fill the windows.")
  static let to = Option<CalendarDate?>.optional("to", .date, help: "The last day that counts.")

  static let definitions = [
    universe.definition, delay.definition, decay.definition, neutralization.definition,
    truncation.definition, pasteurization.definition, nanHandling.definition,
    maxTrade.definition, testPeriod.definition, stepOrder.definition, bookSize.definition,
    cost.definition, from.definition, to.definition,
  ]
}

extension Invocation {
  /// The settings of a simulation that the command line asks for.
  func settings() -> SimulationSettings {
    var settings = SettingOptions.standard
    settings.universe = self[SettingOptions.universe]
    settings.delay = self[SettingOptions.delay]
    settings.decay = self[SettingOptions.decay]
    settings.neutralization = self[SettingOptions.neutralization]
    settings.truncation = self[SettingOptions.truncation]
    settings.pasteurization = self[SettingOptions.pasteurization]
    settings.nanHandling = self[SettingOptions.nanHandling]
    settings.maxTrade = self[SettingOptions.maxTrade]
    settings.testPeriod = self[SettingOptions.testPeriod]
    settings.stepOrder = self[SettingOptions.stepOrder]
    settings.bookSize = self[SettingOptions.bookSize]
    settings.costRate = self[SettingOptions.cost] / 1e4
    settings.startDate = self[SettingOptions.from]
    settings.endDate = self[SettingOptions.to]
    return settings
  }
}

extension ValueForm where Value == CalendarPeriod {
  /// A length of calendar time as ISO 8601 writes it.
  static var period: Self {
    ValueForm(
      placeholder: "period", expectation: "a period such as P1Y6M", completion: .nothing,
      read: { CalendarPeriod($0) }, show: { $0.description })
  }
}
