import Essentials
import Foundation
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Order flow imbalance")
struct OrderFlowImbalanceTests {
  private func side(_ levels: [(Double, Double)]) -> [QuoteLevel] {
    levels.map { QuoteLevel(price: $0.0, quantity: $0.1) }
  }

  @Test("the published case of two levels holds")
  func published() {
    var flow = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 2))
    flow.observe(bids: side([(100, 5), (99, 4)]), asks: side([(101, 6), (102, 3)]))
    #expect(flow.latest == [0, 0])
    flow.observe(bids: side([(100, 8), (98, 7)]), asks: side([(101, 2), (103, 9)]))
    #expect(flow.latest == [7, -1])
    let scalar = OrderFlowWeights.exponential(levels: 2).average(of: flow.latest)
    #expect(agree(scalar, 3.789501, absolute: 5e-7))
  }

  @Test("weights that are zero or not finite are none")
  func weights() {
    #expect(OrderFlowWeights(learned: [0, 1e-8]) == nil)
    #expect(OrderFlowWeights(learned: [1, .nan]) == nil)
    #expect(OrderFlowWeights(learned: []) == nil)
    #expect(OrderFlowWeights(learned: [-1, 1])?.average(of: [2, 4]) == 1)
  }

  /// A book whose best prices walk and whose quantities are drawn anew here and there.
  private func walk(_ count: Int, seed: UInt64) -> [(bids: [QuoteLevel], asks: [QuoteLevel])] {
    var chance = Chance(seed: seed)
    var best = 1000
    return (0..<count).map { _ in
      best += chance.whole(below: 3) - 1
      func levels(_ direction: Int) -> [QuoteLevel] {
        (0..<3).map {
          QuoteLevel(
            price: Double(best + direction * (1 + $0)) * 0.5,
            quantity: Double(1 + chance.whole(below: 5)))
        }
      }
      return (levels(-1), levels(1))
    }
  }

  @Test("the definition by indicators gives the same sum at the best level")
  func naive() {
    let books = walk(300, seed: 8)
    var flow = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 1))
    var expected = 0.0
    for (index, book) in books.enumerated() {
      flow.observe(bids: book.bids, asks: book.asks)
      guard index > 0 else { continue }
      let (bid, ask) = (book.bids[0], book.asks[0])
      let (oldBid, oldAsk) = (books[index - 1].bids[0], books[index - 1].asks[0])
      if bid.price >= oldBid.price { expected += bid.quantity }
      if bid.price <= oldBid.price { expected -= oldBid.quantity }
      if ask.price <= oldAsk.price { expected -= ask.quantity }
      if ask.price >= oldAsk.price { expected += oldAsk.quantity }
    }
    #expect(agree(flow.flows[0], expected))
  }

  @Test("prices and quantities in other units change nothing of the normalized flow")
  func scale() {
    var one = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 3))
    var other = one
    for book in walk(200, seed: 9) {
      one.observe(bids: book.bids, asks: book.asks)
      func scaled(_ levels: [QuoteLevel]) -> [QuoteLevel] {
        levels.map { QuoteLevel(price: $0.price * 1000, quantity: $0.quantity * 64) }
      }
      other.observe(bids: scaled(book.bids), asks: scaled(book.asks))
    }
    #expect(other.normalizedFlows == one.normalizedFlows)
    #expect(one.normalizedFlows.contains { $0 != 0 })
  }

  @Test("books that cannot be are refused and change nothing")
  func refusal() {
    var flow = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 2))
    flow.observe(bids: side([(100, 5)]), asks: side([(101, 6)]))
    let before = flow
    expectRefused(&flow) { $0.observe(bids: [], asks: side([(101, 6)])) }
    expectRefused(&flow) { $0.observe(bids: side([(101, 5)]), asks: side([(101, 6)])) }
    expectRefused(&flow) { $0.observe(bids: side([(100, 5), (100, 1)]), asks: side([(101, 6)])) }
    expectRefused(&flow) { $0.observe(bids: side([(100, .nan)]), asks: side([(101, 6)])) }
    expectRefused(&flow) { $0.observe(bids: side([(-1, 2)]), asks: side([(101, 6)])) }
    #expect(flow == before)
  }

  @Test("after a gap the first book is only a place to start from")
  func gap() {
    var flow = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 1))
    flow.observe(bids: side([(100, 5)]), asks: side([(101, 6)]))
    flow.loseBook()
    flow.observe(bids: side([(90, 50)]), asks: side([(91, 60)]))
    #expect(flow.flows == [0])
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    let books = walk(60, seed: 10)
    try expectRestarts(OrderFlowImbalance.Settings(levels: 4), steps: 60, seed: 2) {
      (model: inout OrderFlowImbalance, step) in
      model.observe(bids: books[step].bids, asks: books[step].asks)
      if step % 7 == 0 { model.beginInterval() }
    }
  }

  @Test(
    "the flow of each second of a recorded book is the reference's",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    // Time in ms, bid, its quantity, ask, its quantity of the first best-price messages.
    let feed = SharedMaterial.file("bench/l2_binance_20240808/usdm_btcusdt_20240808.jsonl.gz")
    let pattern =
      #"s/.*"b":"([0-9.]*)","B":"([0-9.]*)","a":"([0-9.]*)","A":"([0-9.]*)","T":([0-9]*).*/\5,\1,\2,\3,\4/p"#
    let lines = try ShellRun(
      "sh", "-c",
      "gzip -dc '\(feed.path)' | grep -m 6000 '\"e\":\"bookTicker\"' | sed -nE '\(pattern)'"
    ).output.split(separator: "\n")
    #expect(lines.count == 6000)
    let reference = Dictionary(
      uniqueKeysWithValues:
        try ReferenceFiles.rows(
          "oracles/microstructure/ofi_per_second_binance_usdm_btcusdt.csv"
        ).map { (Int($0[0]) ?? 0, Double($0[1]) ?? .nan) })
    var flow = OrderFlowImbalance(OrderFlowImbalance.Settings(levels: 1))
    var second = 0
    var compared = 0
    for line in lines {
      let parts = line.split(separator: ",").compactMap { Double($0) }
      let now = Int(parts[0]) / 1000
      if now != second, second != 0 {
        #expect(
          agree(flow.flows[0], reference[second] ?? .nan, relative: 1e-9, absolute: 1e-9))
        compared += 1
        flow.beginInterval()
      }
      second = now
      flow.observe(
        bids: [QuoteLevel(price: parts[1], quantity: parts[2])],
        asks: [QuoteLevel(price: parts[3], quantity: parts[4])])
    }
    #expect(compared > 10)
  }
}
