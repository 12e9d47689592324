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

  /// A name as it was recorded.
  package init(recorded text: String) {
    self.text = text
  }

  package var description: String { text }
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
