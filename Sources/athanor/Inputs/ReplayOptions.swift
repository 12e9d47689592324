import Essentials
import Markets
import Services
import Tactics
import Worlds

/// The options that say what is replayed, and under which assumptions.
enum ReplayOptions {
  static let more = Positional.repeated(
    .file("files"), help: "Further files, as a shell puts them for a pattern.")
  static let paths = Option.repeated(
    "data", short: "d", .file("path"),
    help: "A folder or a file of recorded bars, funding and marks.")
  static let feeds = Option.repeated(
    "feed", .file("path"),
    help: """
      A feed that `athanor data convert` wrote, or a folder of them; those of one symbol follow each \
      other.
      """)
  static let configurations = Option.repeated(
    "config", short: "c", .file(), help: "A YAML or JSON file of settings; later ones hold.")
  static let symbols = Option<[String]>(
    "symbols", short: "s", .names, default: [],
    help: "Only these, with commas between; all otherwise.")
  static let bar = Option<String?>.optional(
    "bar", .text("length"), help: "Which bars, of several lengths or made of trades: 1m, 5m.")
  static let from = Option<Timestamp?>.optional(
    "from", .instant,
    help: "When trading begins; after the warm-up, or with the feed, if not given.")
  static let to = Option<Timestamp?>.optional(
    "to", .instant, help: "When it ends; with the data if not given.")
  static let warmUp = Option<TimeSpan>(
    "warm-up", .span, default: .days(1),
    help: "How much of what lies before is told to the models first.")
  static let capital = Option(
    "capital", .number("amount", in: 1...1e9), default: 10_000,
    help: "What the account begins with.")
  static let venue = Option<Venue?>.optional(
    "venue", .word("name"), help: "Whose fees and rules hold; the feed's, or else bybit.")
  static let maker = Option<Double?>.optional(
    "maker-fee", .fraction("share", in: -0.01...0.1),
    help: "The fee of orders that waited; the venue's otherwise.")
  static let taker = Option<Double?>.optional(
    "taker-fee", .fraction("share", in: -0.01...0.1),
    help: "The fee of orders that took; the venue's otherwise.")
  static let slippage = Option(
    "slippage", .fraction("share", in: 0...0.1), default: 0.0002,
    help: "What an order that takes pays beyond a bar's price; books say it themselves.")
  static let delay = Option<TimeSpan>(
    "delay", .delay, default: .zero,
    help: "How long an order is on its way; within a bar it pays a part of its range.")
  static let contracts = Option.repeated(
    "contracts", .file(),
    help: """
      A venue's answer about its contracts, as it came: instruments and risk limits of Bybit, \
      exchange information and leverage brackets of Binance.
      """)
  static let models = Option.repeated(
    "models", short: "m", .parameters,
    help: """
      A folder or files of fitted parameters, as `athanor models fit` names them; with @ and an \
      instant behind it they are adopted then, as a running desk reloads them.
      """)
  static let trials = Option<Int?>.optional(
    "trials", .whole("count", in: 1...1_000_000_000),
    help: """
      With how many settings, these included, the data were tried; luck is judged against all of \
      them. Otherwise those that the journal knows.
      """)
  static let seed = Option(
    "seed", .whole("number", in: 0...1 << 53), default: 1, help: "From which chance is drawn.")

  static let definitions = [
    paths.definition, feeds.definition, configurations.definition,
    ConfigurationOptions.profile.definition,
    ConfigurationOptions.tuned.definition, ConfigurationOptions.assignments.definition,
    symbols.definition, bar.definition, from.definition, to.definition,
    warmUp.definition, capital.definition, venue.definition, maker.definition, taker.definition,
    slippage.definition, delay.definition, contracts.definition, models.definition,
    trials.definition, seed.definition, PricingChoices.threads.definition,
  ]
}

extension Invocation {
  /// What the command line asks to be replayed.
  func replayRequest() throws -> ReplayRequest {
    let more = self[ReplayOptions.more]
    var request = ReplayRequest(
      paths: self[ReplayOptions.paths] + more.filter { !$0.hasSuffix(".feed") },
      configuration: try TacticsConfiguration(
        settingDocuments(files: ReplayOptions.configurations)))
    request.feeds = self[ReplayOptions.feeds] + more.filter { $0.hasSuffix(".feed") }
    request.symbols = self[ReplayOptions.symbols]
    request.barLength = self[ReplayOptions.bar]
    request.from = self[ReplayOptions.from]
    request.to = self[ReplayOptions.to]
    request.warmUp = self[ReplayOptions.warmUp]
    request.capital = CoinAmount(self[ReplayOptions.capital]) ?? request.capital
    request.venue = self[ReplayOptions.venue]
    request.makerFee = self[ReplayOptions.maker].flatMap(SignedRate.init)
    request.takerFee = self[ReplayOptions.taker].flatMap(SignedRate.init)
    request.slippage =
      Rate(basisPoints: self[ReplayOptions.slippage] * 1e4) ?? request.slippage
    request.delay = self[ReplayOptions.delay]
    request.seed = UInt64(self[ReplayOptions.seed])
    request.models = try FittedParameters.schedule(self[ReplayOptions.models])
    request.threads = self[PricingChoices.threads] ?? surroundings.processors
    for path in self[ReplayOptions.contracts] {
      try request.answers.take(SourceText.read(path: path), named: path)
    }
    return request
  }
}

extension ValueForm where Value == FittedParameters.Source {
  /// A path, with `@` and an instant where it counts later.
  fileprivate static var parameters: Self {
    ValueForm(
      placeholder: "path[@instant]",
      expectation: "a path, or one with an instant such as state@2025-05-12",
      completion: .files,
      read: { text in
        guard let at = text.lastIndex(of: "@"),
          let from = Timestamp(typed: String(text[text.index(after: at)...]))
        else { return text.isEmpty ? nil : FittedParameters.Source(text) }
        let path = String(text[..<at])
        return path.isEmpty ? nil : FittedParameters.Source(path, from: from)
      },
      show: { source in source.path + (source.from.map { "@\($0)" } ?? "") })
  }
}

extension ValueForm where Value == TimeSpan {
  /// A length of time that may be shorter than a second.
  fileprivate static var delay: Self {
    ValueForm(
      placeholder: "span", expectation: "a length of time such as 25ms, 2s or 1m",
      completion: .nothing,
      read: { text in
        guard text.hasSuffix("ms") else { return TimeSpan(policy: text) }
        let digits = text.dropLast(2)
        guard !digits.isEmpty, digits.count < 10, digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(digits).map(TimeSpan.init(milliseconds:))
      },
      show: { $0.description })
  }
}

extension ValueForm where Value == [String] {
  /// Names with commas between them.
  fileprivate static var names: Self {
    ValueForm(
      placeholder: "names", expectation: "names such as BTCUSDT,ETHUSDT", completion: .nothing,
      read: { text in
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return names.contains("") ? nil : names
      }, show: { $0.joined(separator: ",") })
  }
}
