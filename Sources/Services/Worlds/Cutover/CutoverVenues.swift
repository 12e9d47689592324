package import Execution
package import Markets

/// Where instances of a world trade.
package protocol CutoverVenues: Sendable {
  /// The broker that an instance trades money at, nil where it has none.
  func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)?
  /// The venue that it trades paper at, nil where it has none.
  func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)?
  /// The lots that an instance is to hold with money when what it holds on paper is mirrored.
  func mirrored(
    _ paper: Quantity, of symbol: String, instance: String, weight: Double, in world: String
  ) -> Quantity
}

extension CutoverVenues {
  /// What is held on paper: for paper accounts that have the equity of the instance's weight.
  package func mirrored(
    _ paper: Quantity, of symbol: String, instance: String, weight: Double, in world: String
  ) -> Quantity { paper }
}
