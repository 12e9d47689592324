package import Essentials
package import Markets
package import Models
package import Tactics

/// What is to be replayed, under which settings and assumptions.
package struct ReplayRequest: Sendable {
  /// Folders and files with the recorded bars, funding and marks.
  package var paths: [String]
  /// Converted feeds, and folders of them: books, trades, marks and funding. Where there are any, only
  /// contracts that have one are replayed, and ``paths`` may be empty.
  package var feeds: [String] = []
  /// Which bars are meant where there are several lengths, such as `1m`; nil for the only one, or a
  /// minute where bars are made of trades.
  package var barLength: String?
  /// The symbols to replay; empty for all that are there.
  package var symbols: [String] = []
  /// When trading begins; nil for the beginning of the data plus ``warmUp``, or that of the feeds.
  package var from: Timestamp?
  /// When it ends; nil for the end of the data.
  package var to: Timestamp?
  /// How much of what lies before ``from`` the models are told first.
  package var warmUp = TimeSpan.days(1)
  /// What the account begins with, in the quote currency.
  package var capital = CoinAmount(atoms: 10_000 * 100_000_000)
  /// The venue whose rules and fees hold; nil for that of the feeds, else Bybit.
  package var venue: Venue?
  /// What the venue takes of orders that waited; nil for its standard.
  package var makerFee: SignedRate?
  /// What the venue takes of orders that took; nil for its standard.
  package var takerFee: SignedRate?
  /// What venues answered about their contracts; what is missing is assumed, and the report says so.
  package var answers = VenueAnswers()
  /// What an order that takes pays beyond the price of a bar or a trade; books say it themselves.
  package var slippage: Rate
  /// How long an order and its cancellation take to the venue.
  package var delay: TimeSpan
  /// From which all chance is drawn.
  package var seed: UInt64 = 1
  /// The parameters that models go by; what is not there is learned on the way.
  package var models = ModelSchedule()
  /// How many threads walk the paths of a simulation, which changes nothing but the time.
  package var threads = 1
  /// The settings of the tactics.
  package var configuration: TacticsConfiguration

  /// A request with the usual assumptions: a slippage of 2 bp and a delay of 250 ms.
  package init(paths: [String], configuration: TacticsConfiguration) {
    self.paths = paths
    self.configuration = configuration
    slippage = Rate(millionths: 200) ?? .none
    delay = TimeSpan(milliseconds: 250)
  }
}
