package import Essentials
package import Markets
package import Tactics

/// What is to be replayed, under which settings and assumptions.
package struct ReplayRequest: Sendable {
  /// Folders and files with the recorded bars, funding and marks.
  package var paths: [String]
  /// Which bars are meant where there are several lengths, such as `1m`; nil for the only one.
  package var barLength: String?
  /// The symbols to replay; empty for all that are there.
  package var symbols: [String] = []
  /// When trading begins; nil for the beginning of the data plus ``warmUp``.
  package var from: Timestamp?
  /// When it ends; nil for the end of the data.
  package var to: Timestamp?
  /// How much of what lies before ``from`` the models are told first.
  package var warmUp = TimeSpan.days(1)
  /// What the account begins with, in the quote currency.
  package var capital = CoinAmount(atoms: 10_000 * 100_000_000)
  /// The venue whose rules and fees hold.
  package var venue = Venue.bybit
  /// What the venue takes; nil for its standard fees.
  package var fees: FeeSchedule?
  /// What venues answered about their contracts; what is missing is assumed, and the report says so.
  package var answers = VenueAnswers()
  /// What an order that takes pays beyond the price of a bar.
  package var slippage: Rate
  /// How long an order and its cancellation take to the venue.
  package var delay: TimeSpan
  /// From which all chance is drawn.
  package var seed: UInt64 = 1
  /// The settings of the tactics.
  package var configuration: TacticsConfiguration

  /// A request with the usual assumptions: a slippage of 2 bp and a delay of 250 ms.
  package init(paths: [String], configuration: TacticsConfiguration) {
    self.paths = paths
    self.configuration = configuration
    slippage = Rate(millionths: 200) ?? .none
    delay = TimeSpan(milliseconds: 250)
  }

  /// The fees that hold.
  package var schedule: FeeSchedule { fees ?? .standard(venue) }
}
