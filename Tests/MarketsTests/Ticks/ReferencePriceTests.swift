import TestKit
import Testing

@testable import Markets

@Suite("Reference price")
struct ReferencePriceTests {
  @Test(
    "the mark price is the one in the middle of three",
    arguments: [(103, 102), (90, 100.5), (101, 101)])
  func mark(last: Double, mark: Double) {
    #expect(
      agree(
        ReferencePrice.bybitMark(
          index: 100, last: last, fundingRate: 0.01, shareOfInterval: 0.5, meanBasis: 2),
        mark))
  }
}
