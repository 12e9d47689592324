package import Backtesting
package import Essentials
package import Markets
package import Tactics

/// A trader of the tactics of which every entry is followed under other exits as well.
///
/// It trades as it would alone. What its desk enters is entered by each policy too, on an account of
/// its own with what the trader's had then, and filled by a matcher that has seen the same events. A
/// shadow that its policy keeps longer lives on beside later positions of the trader.
///
/// Cost: for each policy and position one round of exits a decision; the forecast is shared.
package struct ShadowedTrader: ExplainingTrader {
  package private(set) var player: TacticsTrader
  package let policies: [ExitPolicy]
  private var desks: [ShadowDesk]
  /// What stands, by contract.
  private var standing: [[Shadow]]
  private var over: [ShadowedTrip] = []
  /// For each contract a matcher without orders, which new shadows begin as copies of.
  private var matchers: [Matcher]
  /// The account of those, which has marks and no money.
  private var books: PerpetualAccount
  private var directives: ContiguousArray<ContractDirective> = []

  fileprivate struct Shadow: Sendable {
    let policy: Int
    var position: ShadowPosition
    var account: PerpetualAccount
    var matcher: Matcher
    var trips: RoundTripBook
  }

  /// Follows what a trader of contracts enters, filled by the given rules.
  package init(
    _ player: TacticsTrader, policies: [ExitPolicy], contracts: [PerpetualContract],
    matching: MatchSettings
  ) {
    self.player = player
    self.policies = policies
    desks = policies.map { ShadowDesk(beside: player.desk, exits: $0.exits) }
    standing = contracts.map { _ in [] }
    let account = PerpetualAccount(contracts)
    books = account
    matchers = contracts.indices.map {
      Matcher(ContractID(place: $0), of: account, settings: matching)
    }
  }

  /// What became of the entries under each policy; those that stand count at their marks at an instant.
  package func trips(through instant: Timestamp) -> [ShadowedTrip] {
    over
      + standing.flatMap { $0 }.flatMap { shadow in
        shadow.trips.standing(shadow.account, at: instant).map {
          ShadowedTrip(policy: shadow.policy, position: shadow.position, trip: $0)
        }
      }
  }

  /// Lets shadows and trader see an event.
  package mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    let place = contract.place
    for index in standing[place].indices { standing[place][index].receive(event, of: contract) }
    matchers[place].clearReports()
    Self.tell(event, &matchers[place], &books)
    player.observe(event, of: contract, account: account)
  }

  /// Lets a state of a book pass.
  package mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    let place = contract.place
    for index in standing[place].indices {
      standing[place][index].receive(book, of: contract, at: instant)
    }
    matchers[place].clearReports()
    matchers[place].receive(book, at: instant, account: &books)
    player.observe(book, of: contract, at: instant, account: account)
  }

  /// Lets the trader hear of its order.
  package mutating func hear(_ report: OrderReport, of contract: ContractID) {
    player.hear(report, of: contract)
  }

  /// Has the trader decide, then the shadows, and begins those of what it entered.
  package mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    let first = directives.count
    player.decide(at: instant, account: account, directives: &directives)
    var prospects = SharedProspects()
    for place in standing.indices where !standing[place].isEmpty {
      for index in standing[place].indices {
        decide(place, index, at: instant, &prospects)
      }
      standing[place].removeAll { $0.position.isOver }
    }
    for place in standing.indices {
      begin(
        ContractID(place: place), at: instant, account,
        directives[first...].filter { $0.contract.place == place })
    }
  }

  private mutating func decide(
    _ place: Int, _ index: Int, at instant: Timestamp, _ prospects: inout SharedProspects
  ) {
    directives.removeAll(keepingCapacity: true)
    let policy = standing[place][index].policy
    let account = standing[place][index].account
    desks[policy].decide(
      &standing[place][index].position, at: instant, beside: player.desk,
      reading: player.readings[place], sharing: &prospects, account: account,
      directives: &directives)
    for wish in directives { standing[place][index].matcher.send(wish.directive, at: instant) }
    guard standing[place][index].position.exitReason != nil else { return }
    let shadow = standing[place][index]
    over += shadow.trips.closed.map {
      ShadowedTrip(policy: policy, position: shadow.position, trip: $0)
    }
  }

  /// Begins the shadows of what was ordered of a contract.
  private mutating func begin(
    _ contract: ContractID, at instant: Timestamp, _ account: PerpetualAccount,
    _ wishes: [ContractDirective]
  ) {
    guard !wishes.isEmpty else { return }
    var own = books
    guard (try? own.deposit(account.wallet, at: instant)) != nil,
      let position = ShadowDesk.entered(contract, by: player.desk, at: instant, on: own)
    else { return }
    var matcher = matchers[contract.place]
    for wish in wishes { matcher.send(wish.directive, at: instant) }
    for policy in policies.indices {
      standing[contract.place].append(
        Shadow(
          policy: policy, position: position, account: own, matcher: matcher,
          trips: RoundTripBook(own)))
    }
  }

  fileprivate static func tell(
    _ event: MarketEvent, _ matcher: inout Matcher, _ account: inout PerpetualAccount
  ) {
    switch event {
    case .bar(let bar, let span): matcher.receive(bar, span: span, account: &account)
    case .trade(let trade): matcher.receive(trade, account: &account)
    case .mark(let reference): matcher.receive(reference, account: &account)
    case .funding(let payment): matcher.receive(payment, account: &account)
    }
  }

  /// Hands over what the trader decided since it was asked last.
  package mutating func takeExplanations() -> [ReplayDecision] { player.takeExplanations() }

  /// Hands over what the trader still has to tell.
  package mutating func takeLastExplanations() -> [ReplayDecision] { player.takeLastExplanations() }

  /// When the trader's kill switch acted.
  package var stoppedAt: Timestamp? { player.stoppedAt }

  /// The trader's looks at markets of which it held nothing.
  package var entriesConsidered: Int { player.entriesConsidered }

  /// The trader's refusals by their first reason.
  package var refusedEntries: [RefusalCount] { player.refusedEntries }
}

/// What became of one entry under one policy.
package struct ShadowedTrip: Sendable {
  /// The place of the policy.
  package let policy: Int
  package let position: ShadowPosition
  package let trip: RoundTrip
}

extension ShadowedTrader.Shadow {
  mutating func receive(_ event: MarketEvent, of contract: ContractID) {
    matcher.clearReports()
    ShadowedTrader.tell(event, &matcher, &account)
    hear(of: contract)
    trips.observe(event, of: contract, account: account)
  }

  mutating func receive(_ book: OrderBook, of contract: ContractID, at instant: Timestamp) {
    matcher.clearReports()
    matcher.receive(book, at: instant, account: &account)
    hear(of: contract)
    trips.observe(bookOf: contract, account: account, at: instant)
  }

  private mutating func hear(of contract: ContractID) {
    for report in matcher.reports {
      trips.observe(report, of: contract, leverage: matcher.settings.leverage)
      position.hear(report)
    }
  }
}
