import Essentials
package import Worlds

/// Somebody through whom orders of a world leave: it is told of gates, and says what it has taken.
package protocol GateHolder: Sendable {
  /// A name that no other holder of the world has.
  var name: String { get }
  var world: String { get }
  /// Takes what a world says.
  func take(_ notice: GateNotice) -> GateTable.Receipt
  /// Trusts what it knows for another lease.
  func renew(_ renewal: GateRenewal) -> GateTable.Receipt
  /// What it has taken, and until when it trusts that. It acknowledges an epoch only when no order
  /// that it let through under an earlier one is still on its way. Nil where it does not answer.
  func report() -> HolderReport?
}

extension GateHolder {
  /// Tells what has changed, and everything where the holder has missed something.
  func hear(_ notice: GateNotice, whole: () throws(CutoverFailure) -> GateNotice)
    throws(CutoverFailure)
  {
    switch take(notice) {
    case .taken, .stale, .foreign: return
    case .missed, .unusable: _ = take(try whole())
    }
  }

  /// Renews the lease, and tells everything where the holder has missed something.
  func renew(by situation: CutoverSituation, at now: Timestamp) {
    guard renew(situation.renewal(at: now)) == .missed else { return }
    _ = take(situation.notice(at: now))
    _ = renew(situation.renewal(at: now))
  }
}
