package import Essentials
package import Execution
import Foundation
package import Markets
import Storage
import Synchronization
package import Worlds

/// The accounts of a world to which no venue is connected: one for what is traded on paper, and one
/// that stands for money and moves none. They are kept in a file of the desk.
///
/// Nothing feeds them with prices between two calls of a program, so their equity is their cash and
/// what they hold at the last price that was known.
package final class RehearsalAccounts: CutoverVenues, WorldAccount {
  private let path: String
  private let paper: PaperBroker
  private let stage: PaperBroker

  /// What an account begins with: a million.
  package static let capital = Money(micros: 1_000_000_000_000)

  /// Takes up the accounts of a world where they were left, or opens new ones.
  ///
  /// - Parameter folder: where accounts are kept; it need not exist yet.
  package init(of world: String, in folder: String) throws(RehearsalFailure) {
    path = "\(folder)/\(Self.fileName(of: world))"
    guard let bytes = FileManager.default.contents(atPath: path) else {
      paper = Self.opened("paper")
      stage = Self.opened("rehearsal")
      return
    }
    guard let document = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)),
      let onPaper = document["paper"].flatMap({ try? PaperBroker(state: $0) }),
      let onStage = document["rehearsal"].flatMap({ try? PaperBroker(state: $0) })
    else { throw .unreadable(path: path) }
    paper = onPaper
    stage = onStage
  }

  /// A world may have any name, and a file may not.
  private static func fileName(of world: String) -> String {
    "\(Fingerprint(of: world).short).json"
  }

  private static func opened(_ name: String) -> PaperBroker {
    PaperBroker(
      PaperConfiguration(
        venue: name, account: name, balance: capital, otherLots: LotSize(nanos: 1_000_000) ?? .one,
        reduceOnly: .cut, fee: Rate(basisPoints: 5) ?? .none))
  }

  /// Keeps the accounts; a crash leaves the file as it was or as it is now.
  package func save() throws(RehearsalFailure) {
    let document: JSONValue = ["paper": paper.state, "rehearsal": stage.state]
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try Data(document.compactText.utf8).write(
        to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
    }
  }

  // MARK: - Venues

  /// The account that stands for money, whichever instance asks.
  package func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? {
    RehearsalVenue(playedBy: stage)
  }

  /// The account on paper, whichever instance asks.
  package func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? {
    paper
  }

  // MARK: - The account of the world

  /// What the account that stands for money is worth. No session is known, so it began and peaked
  /// where it is.
  package func portfolio(of world: String, asOf instant: Timestamp) -> WorldSnapshot.Portfolio {
    let equity = (try? stage.equity(of: nil))?.equity.value ?? .nan
    return WorldSnapshot.Portfolio(
      equity: equity, sessionOpen: equity, sessionPeak: equity, marginUsed: gross / equity)
  }

  private var gross: Double {
    guard let positions = try? stage.positions() else { return .nan }
    let marks = stage.marks
    return positions.venue.reduce(0) { sum, position in
      guard let price = marks[position.symbol],
        let rules = try? stage.rules(of: position.symbol)
      else { return .nan }
      return sum + (price.value * position.quantity.units(of: rules.lot)).magnitude
    }
  }

  /// Orders the opposite of everything that is held; it is filled with the next row of prices.
  package func flatten(
    _ flattening: RiskDirective.Flattening, in world: String, at instant: Timestamp
  ) {
    guard let book = try? stage.positions() else { return }
    for (place, position) in book.parts.enumerated() {
      _ = try? stage.submit(
        BrokerOrder(
          clientID: ClientOrderID(
            purpose: "flatten:\(instant.millisecondsSinceEpoch)", instance: position.instance,
            sequence: place),
          instance: position.instance, symbol: position.symbol,
          side: position.quantity.lots > 0 ? .sell : .buy,
          quantity: position.quantity.magnitude, isReduceOnly: true))
    }
  }
}

/// Accounts that cannot be taken up or kept.
package enum RehearsalFailure: ExplainedFailure, Hashable {
  case unreadable(path: String)
  case unwritable(path: String, reason: String)

  package var key: String {
    switch self {
    case .unreadable: "unreadable_accounts"
    case .unwritable: "unwritable_accounts"
    }
  }

  package var explanation: String {
    switch self {
    case .unreadable(let path): "\(path) does not hold the accounts of a world."
    case .unwritable(let path, let reason): "The accounts cannot be kept in \(path): \(reason)"
    }
  }

  package var remedy: String {
    switch self {
    case .unreadable: "Bring back a copy of the file, or remove it to begin anew."
    case .unwritable: "Make room or change the permissions of the folder."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .unreadable: .integrityViolated
    case .unwritable: .failed
    }
  }
}
