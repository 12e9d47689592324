import Markets
import Testing

@testable import Execution

@Suite("Position books")
struct PositionBookTests {
  private func part(_ instance: String, _ symbol: String, _ lots: Int64) -> InstancePosition {
    InstancePosition(instance: instance, symbol: symbol, quantity: Quantity(lots: lots))
  }
  private func held(_ symbol: String, _ lots: Int64) -> VenuePosition {
    VenuePosition(symbol: symbol, quantity: Quantity(lots: lots))
  }

  @Test("parts that add up to the venue's positions leave no discrepancy")
  func agreement() {
    let book = PositionBook(
      venue: [held("B", 0), held("A", 2)],
      parts: [part("x", "A", 3), part("y", "A", -1), part("x", "B", 2), part("y", "B", -2)])
    #expect(book.discrepancies.isEmpty)
    #expect(book.venue == [held("A", 2)])
    #expect(book.quantity(of: "A", heldBy: "y") == Quantity(lots: -1))
    #expect(book.parts(of: "x") == [part("x", "A", 3), part("x", "B", 2)])
  }

  @Test("what the venue holds and nobody knows of is named, and so is the opposite")
  func discrepancies() {
    let book = PositionBook(
      venue: [held("C", 1), held("A", 2)], parts: [part("x", "A", 3), part("x", "B", 1)])
    #expect(book.discrepancies == [held("A", -1), held("B", -1), held("C", 1)])
    #expect(book.quantity(of: "Z") == .zero)
  }
}
