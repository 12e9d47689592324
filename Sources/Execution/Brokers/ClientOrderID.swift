/// The name by which whoever orders knows an order, before any venue does.
///
/// It follows from what the order is for, so that sending it again is sending the same order.
package struct ClientOrderID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String

  /// The name of the order of this number among those that `purpose`, such as a cutover's run or a
  /// signal's instant, wants of an instance.
  package init(purpose: String, instance: String, sequence: Int) {
    text = "\(purpose):\(instance):\(sequence)"
  }

  /// The name of the order of this number by which a cutover's run moves an instance's position:
  /// `run:instance:transition:0`.
  package init(run: String, instance: String, transition sequence: Int) {
    text = "\(run):\(instance):transition:\(sequence)"
  }

  /// The name of the order of this number by which a cutover's run closes what an instance holds on
  /// paper: `run:instance:paper:0`.
  package init(run: String, instance: String, paperClosing sequence: Int) {
    text = "\(run):\(instance):paper:\(sequence)"
  }

  /// A name as it was recorded.
  package init(recorded text: String) {
    self.text = text
  }

  package var description: String { text }
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
