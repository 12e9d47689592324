package import Essentials
package import Markets

/// Everything that the page of a replay shows, as plain values.
///
/// Whoever makes a report fills it; the page computes nothing but what drawing needs. A number that
/// is not known is NaN, a text that is not known is nil, and a list of which nothing is known is
/// empty: each is shown as `--` or as a sentence, never as a zero.
package struct ReplayPageContent: Hashable, Sendable {
  /// What the replay is called, such as the name of its configuration.
  package var title: String
  /// The first and the last instant at which could be traded, after the warm-up.
  package var start: Timestamp
  package var end: Timestamp
  /// The data before ``start`` that models learned from.
  package var warmUp: TimeSpan
  /// What chance was drawn from.
  package var seed: UInt64
  /// What the account began with, in ``currency``.
  package var capital: Double
  /// The name of the account's coin, such as `USDT`.
  package var currency: String

  /// What the replay shows.
  package var verdict: Verdict
  /// What the verdict rests on, the weightiest first: at most a few sentences.
  package var grounds: [ReplayGround] = []
  /// The summary, in the order of the report; the first eight that are headlines stand on top.
  package var summary: [Figure] = []
  /// What speaks for and against believing it.
  package var trust: [TrustFigure] = []
  /// What a trade brought, and what the same trades would have brought without skill.
  package var comparisons: [Comparison] = []
  /// Forecast probabilities against what came.
  package var calibration: [Calibration] = []

  /// The markets, in the order of the report.
  package var markets: [Market] = []
  /// The trades by the instant of their entry.
  package var trades: [Trade] = []
  /// The account over time.
  package var account = AccountColumns()
  /// Why trades ended, the most frequent first.
  package var exitReasons: [ExitReason] = []
  /// How often it was asked whether to enter, whatever the answer; 0 where it is not known.
  package var entriesConsidered = 0
  /// What refused entries, the most frequent first.
  package var refusals: [Refusal] = []
  /// How long nothing was wanted of each market, and why.
  package var waits: [Wait] = []

  /// What the markets that have a feed were made of; empty where all are of bars.
  package var makeups: [Makeup] = []
  /// Where the data has no bars, or bars that could not be used.
  package var gaps: [Gap] = []
  /// What was assumed because nothing said it, such as fees, a delay or a tick.
  package var assumptions: [BilingualText] = []
  /// The settings that differ from the shipped ones.
  package var settings: [Setting] = []
  /// The digests that name data, settings, models and result.
  package var origins: [Origin] = []

  package init(
    title: String, start: Timestamp, end: Timestamp, warmUp: TimeSpan, seed: UInt64,
    capital: Double, currency: String, verdict: Verdict
  ) {
    self.title = title
    self.start = start
    self.end = end
    self.warmUp = warmUp
    self.seed = seed
    self.capital = capital
    self.currency = currency
    self.verdict = verdict
  }

  /// What can be said of a replay.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// It earns after costs, and more than chance explains.
    case earns
    /// What it made cannot be told from chance.
    case chance
    /// It loses after costs, and more than chance explains.
    case loses
    /// It made no trade.
    case didNotTrade
    /// It was stopped before its end.
    case unfinished
  }

  /// A quantity with the unit that it is written in.
  package enum Quantity: Hashable, Sendable {
    /// An amount in the currency of the account.
    case money(Double)
    /// A fraction, written as a percentage.
    case share(Double)
    /// A number with so many decimals.
    case number(Double, decimals: Int)
    case count(Int)
    case span(TimeSpan)
    case instant(Timestamp)
    /// From one share to another, such as an interval.
    case shares(Double, Double)
    /// From one number to another, with so many decimals.
    case numbers(Double, Double, decimals: Int)
    case text(BilingualText)
    /// Not known.
    case missing
  }

  /// A row of the summary.
  package struct Figure: Hashable, Sendable {
    package var name: BilingualText
    package var value: Quantity
    /// What belongs to it, such as the instants of a drawdown; nil for nothing.
    package var note: BilingualText?
    /// Whether it stands among those that are read first.
    package var isHeadline: Bool

    package init(
      _ name: BilingualText, _ value: Quantity, note: BilingualText? = nil, isHeadline: Bool = false
    ) {
      self.name = name
      self.value = value
      self.note = note
      self.isHeadline = isHeadline
    }
  }

  /// Whether a finding speaks for what the replay shows.
  package enum Leaning: String, Hashable, Sendable, CaseIterable {
    case supports, doubts, refutes
    /// It says something that leans to no side, such as a seed.
    case neutral
    /// It was not or could not be examined.
    case unknown
  }

  /// A finding on whether the replay can be believed.
  package struct TrustFigure: Hashable, Sendable {
    package var name: BilingualText
    package var value: Quantity
    package var leaning: Leaning
    /// What the figure says, or why it is not known.
    package var meaning: BilingualText

    package init(
      _ name: BilingualText, _ value: Quantity, _ leaning: Leaning, _ meaning: BilingualText
    ) {
      self.name = name
      self.value = value
      self.leaning = leaning
      self.meaning = meaning
    }
  }

  /// What a trade brought on average, net of everything, as a fraction of its worth.
  package struct Comparison: Hashable, Sendable {
    package var name: BilingualText
    package var estimate: Double
    /// The interval of the estimate; NaN where there is none.
    package var lower: Double
    package var upper: Double
    /// How likely chance alone does as well as the replay; NaN where it was not asked.
    package var probability: Double
    /// Whether this is the replay itself, not what it is compared with.
    package var isReplay: Bool

    package init(
      _ name: BilingualText, estimate: Double, lower: Double, upper: Double,
      probability: Double = .nan, isReplay: Bool = false
    ) {
      self.name = name
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
      self.probability = probability
      self.isReplay = isReplay
    }
  }

  /// How a forecast probability of one outcome compares with how often it came.
  package struct Calibration: Hashable, Sendable {
    /// What was forecast of a trade.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
      /// That it ends with a profit.
      case profit = "p_pos"
      /// That it reaches its target first.
      case target = "p_tp"
      /// That it reaches its stop first.
      case stop = "p_sl"
    }

    /// Trades of like forecasts.
    package struct Bin: Hashable, Sendable {
      /// The mean forecast.
      package var forecast: Double
      /// How often the outcome came, with its interval.
      package var observed: Double
      package var lower: Double
      package var upper: Double
      package var count: Int

      package init(forecast: Double, observed: Double, lower: Double, upper: Double, count: Int) {
        self.forecast = forecast
        self.observed = observed
        self.lower = lower
        self.upper = upper
        self.count = count
      }
    }

    package var outcome: Outcome
    package var bins: [Bin]
    /// The mean squared error of the forecasts, and that of always saying the overall rate; NaN
    /// where they are not known.
    package var brier: Double
    package var brierOfBaseRate: Double
    /// The confidence of the intervals, such as 0.95.
    package var confidence: Double

    package init(
      _ outcome: Outcome, bins: [Bin], brier: Double = .nan, brierOfBaseRate: Double = .nan,
      confidence: Double = 0.95
    ) {
      self.outcome = outcome
      self.bins = bins
      self.brier = brier
      self.brierOfBaseRate = brierOfBaseRate
      self.confidence = confidence
    }
  }

  /// What was told of a market that has a feed, as counts of events and of what was wrong with them.
  package struct Makeup: Hashable, Sendable {
    package var symbol: String
    /// Bars that were told, and how many of them were made of trades.
    package var bars: Int
    package var made: Int
    /// Messages of the book.
    package var books: Int
    package var trades: Int
    package var marks: Int
    package var payments: Int
    /// Bars that are missing.
    package var gaps: Int
    /// Times that the book was lost, because messages were missing or its sides crossed.
    package var breaks: Int
    package var crossings: Int
    /// What came twice, and what came behind its time; left out.
    package var repeats: Int
    package var late: Int

    package init(
      symbol: String, bars: Int, made: Int, books: Int, trades: Int, marks: Int, payments: Int,
      gaps: Int, breaks: Int, crossings: Int, repeats: Int, late: Int
    ) {
      self.symbol = symbol
      self.bars = bars
      self.made = made
      self.books = books
      self.trades = trades
      self.marks = marks
      self.payments = payments
      self.gaps = gaps
      self.breaks = breaks
      self.crossings = crossings
      self.repeats = repeats
      self.late = late
    }
  }

  /// A market with its bars and what was made in it.
  package struct Market: Hashable, Sendable {
    package var symbol: String
    /// The decimals of its prices.
    package var decimals: Int
    package var candles: CandleColumns
    package var trades: Int
    package var wins: Int
    package var draws: Int
    package var losses: Int
    /// The mean profit of a trade as a fraction of its worth; NaN without trades.
    package var meanReturn: Double
    /// The profit after everything, in currency.
    package var net: Double
    package var fees: Double
    /// Funding received less funding paid.
    package var funding: Double
    /// How long a trade was held on average; nil without trades.
    package var meanHeld: TimeSpan?
    /// What holding the market over the period would have returned; NaN where it is not known.
    package var change: Double

    package init(
      _ symbol: String, decimals: Int, candles: CandleColumns, trades: Int = 0, wins: Int = 0,
      draws: Int = 0, losses: Int = 0, meanReturn: Double = .nan, net: Double = 0,
      fees: Double = 0, funding: Double = 0, meanHeld: TimeSpan? = nil, change: Double = .nan
    ) {
      self.symbol = symbol
      self.decimals = decimals
      self.candles = candles
      self.trades = trades
      self.wins = wins
      self.draws = draws
      self.losses = losses
      self.meanReturn = meanReturn
      self.net = net
      self.fees = fees
      self.funding = funding
      self.meanHeld = meanHeld
      self.change = change
    }
  }

  /// A position from its first fill to its last, with what was expected of it.
  package struct Trade: Hashable, Sendable {
    /// How a trade ended.
    package enum End: String, Hashable, Sendable, CaseIterable {
      case order, liquidation
      /// It was still held when the data ended.
      case open
    }

    package var symbol: String
    package var side: PositionSide
    package var openedAt: Timestamp
    package var closedAt: Timestamp
    package var end: End
    package var entryPrice: Double
    /// The mean price of the fills that closed it; the last mark where it is open.
    package var exitPrice: Double
    package var leverage: Double
    /// Units of the market.
    package var size: Double
    /// What the fills that opened it were worth, in currency.
    package var worth: Double
    /// The profit after everything, in currency.
    package var net: Double
    /// The keys of what led to entry and exit, such as `net_expectancy`; nil where none is known.
    package var entryReason: String?
    package var exitReason: String?
    /// The probabilities of profit, of target first and of stop first, as forecast at entry.
    package var profitProbability: Double
    package var targetProbability: Double
    package var stopProbability: Double
    /// How long it was meant to be held at entry; nil where that is not known.
    package var bestHold: TimeSpan?

    package init(
      symbol: String, side: PositionSide, openedAt: Timestamp, closedAt: Timestamp, end: End,
      entryPrice: Double, exitPrice: Double, leverage: Double, size: Double, worth: Double,
      net: Double, entryReason: String? = nil, exitReason: String? = nil,
      profitProbability: Double = .nan, targetProbability: Double = .nan,
      stopProbability: Double = .nan, bestHold: TimeSpan? = nil
    ) {
      self.symbol = symbol
      self.side = side
      self.openedAt = openedAt
      self.closedAt = closedAt
      self.end = end
      self.entryPrice = entryPrice
      self.exitPrice = exitPrice
      self.leverage = leverage
      self.size = size
      self.worth = worth
      self.net = net
      self.entryReason = entryReason
      self.exitReason = exitReason
      self.profitProbability = profitProbability
      self.targetProbability = targetProbability
      self.stopProbability = stopProbability
      self.bestHold = bestHold
    }

    /// The profit after everything over what was traded; NaN where nothing was.
    package var netReturn: Double { worth > 0 ? net / worth : .nan }
  }

  /// The account over time in columns of one length, by rising instant.
  package struct AccountColumns: Hashable, Sendable {
    package var instants: [Timestamp] = []
    package var equity: [Double] = []
    /// The sum of all positions without sign, in currency.
    package var exposure: [Double] = []
    /// Exposure over equity.
    package var leverage: [Double] = []
    /// What the capital would have become in the markets themselves, held in equal parts; empty
    /// where it is not known.
    package var market: [Double] = []

    package init() {}

    /// Appends a row. Once `market` is given, it is given in every row.
    package mutating func append(
      at instant: Timestamp, equity: Double, exposure: Double, leverage: Double,
      market: Double? = nil
    ) {
      instants.append(instant)
      self.equity.append(equity)
      self.exposure.append(exposure)
      self.leverage.append(leverage)
      if let market { self.market.append(market) }
    }
  }

  /// What became of the trades that ended for one reason.
  package struct ExitReason: Hashable, Sendable {
    /// The key, such as `event_mc_exit_shock`.
    package var reason: String
    package var trades: Int
    package var wins: Int
    /// The mean profit of a trade as a fraction of its worth.
    package var meanReturn: Double
    /// The profit after everything, in currency.
    package var net: Double
    package var meanHeld: TimeSpan?
    /// What the best fixed time of holding would have brought beyond what it brings at random
    /// instants, as a fraction of the worth; NaN where it was not examined.
    package var regret: Double

    package init(
      _ reason: String, trades: Int, wins: Int, meanReturn: Double, net: Double,
      meanHeld: TimeSpan? = nil, regret: Double = .nan
    ) {
      self.reason = reason
      self.trades = trades
      self.wins = wins
      self.meanReturn = meanReturn
      self.net = net
      self.meanHeld = meanHeld
      self.regret = regret
    }
  }

  /// How often one gate was the first to refuse an entry.
  package struct Refusal: Hashable, Sendable {
    /// The key, such as `spread_cap`.
    package var gate: String
    package var count: Int

    package init(_ gate: String, count: Int) {
      self.gate = gate
      self.count = count
    }
  }

  /// How long nothing was wanted of a market for one reason, and how near it came to something.
  package struct Wait: Hashable, Sendable {
    package var symbol: String
    /// The key, such as `drift_cannot_pay`.
    package var reason: String
    /// Decisions at which this was the reason.
    package var looks: Int
    /// The decision that missed by least.
    package var nearest: Timestamp
    /// What that decision measured, and what it needed; NaN where the reason is no number.
    package var value: Double
    package var limit: Double

    package init(
      _ symbol: String, reason: String, looks: Int, nearest: Timestamp, value: Double = .nan,
      limit: Double = .nan
    ) {
      self.symbol = symbol
      self.reason = reason
      self.looks = looks
      self.nearest = nearest
      self.value = value
      self.limit = limit
    }
  }

  /// A stretch of one market's data that could not be used.
  package struct Gap: Hashable, Sendable {
    package var symbol: String
    package var start: Timestamp
    package var length: TimeSpan
    /// What is wrong there, and what was done.
    package var text: BilingualText

    package init(
      symbol: String, start: Timestamp, length: TimeSpan, text: BilingualText
    ) {
      self.symbol = symbol
      self.start = start
      self.length = length
      self.text = text
    }
  }

  /// A setting, its value and where it comes from.
  package struct Setting: Hashable, Sendable {
    package var key: String
    package var value: String
    package var source: String

    package init(_ key: String, _ value: String, source: String) {
      self.key = key
      self.value = value
      self.source = source
    }
  }

  /// A name and a digest.
  package struct Origin: Hashable, Sendable {
    package var name: BilingualText
    package var digest: String

    package init(_ name: BilingualText, _ digest: String) {
      self.name = name
      self.digest = digest
    }
  }
}
