import Essentials
import Foundation
import Markets
import Mathematics
import TestKit
import Testing

@testable import Storage

private func instant(_ milliseconds: Int64) -> Timestamp {
  Timestamp(millisecondsSinceEpoch: milliseconds)
}

@Suite("Feed files")
struct FeedFileTests {
  /// A record with its levels.
  private struct Entry: Hashable {
    let record: FeedRecord
    var bids: [BookLevel] = []
    var asks: [BookLevel] = []
  }

  private static func head() throws -> FeedFileHead {
    let tick = try #require(TickSize(text: "0.1"))
    let lot = try #require(LotSize(text: "0.001"))
    return try #require(
      FeedFileHead(
        symbol: "BTCUSDT", protocol: .binanceFutures, tick: tick, lot: lot))
  }

  /// Records of every kind, with every field that may be absent there and absent.
  private static func entries(seed: UInt64, count: Int) throws -> [Entry] {
    var generator = SplitMix64(seed: seed)
    return try (0..<count).map { place in
      let made = instant(1_723_161_256_000 + Int64(place) * 7)
      let arrived =
        place % 3 == 0
        ? nil : 1_723_161_255_000_000_000 + Int64.random(in: 0...999, using: &generator)
      let levels = { (count: Int, generator: inout SplitMix64) in
        (0..<count).map { _ in
          BookLevel(
            ticks: Int64.random(in: 1...1 << 52, using: &generator),
            lots: Int64.random(in: 0...1 << 40, using: &generator))
        }
      }
      switch place % 5 {
      case 0, 1:
        let header = BookHeader(
          kind: place % 5 == 0 ? .snapshot : .delta,
          sequence: BookSequence(
            first: Int64(place), last: Int64(place) + 3, previous: place % 2 == 0 ? nil : -5,
            cross: place % 4 == 0 ? Int64.max : nil), instant: made)
        return Entry(
          record: FeedRecord(.book(header), arrivedNanoseconds: arrived),
          bids: levels(Int.random(in: 0...9, using: &generator), &generator),
          asks: levels(Int.random(in: 0...9, using: &generator), &generator))
      case 2:
        let trade = Trade(
          instant: made, price: Double.random(in: 0.1...1e6, using: &generator), units: 0.001,
          taker: place % 2 == 0 ? .buy : .sell, id: generator.next())
        return Entry(record: FeedRecord(.trade(trade), arrivedNanoseconds: arrived))
      case 3:
        let mark = ReferencePrice(
          instant: made, mark: try #require(Price(text: "61800.123456789")),
          index: place % 2 == 0 ? Price(text: "0.000000001") : nil)
        return Entry(record: FeedRecord(.mark(mark), arrivedNanoseconds: arrived))
      default:
        let payment = FundingPayment(
          instant: made, rate: try #require(SignedRate(hundredMillionths: -12_345)))
        return Entry(record: FeedRecord(.funding(payment), arrivedNanoseconds: arrived))
      }
    }
  }

  private static func write(_ entries: [Entry], to path: String) throws -> Fingerprint {
    let writer = try FeedFileWriter(path: path, head: try head())
    for entry in entries {
      let bids = ContiguousArray(entry.bids)
      let asks = ContiguousArray(entry.asks)
      try writer.append(entry.record, bids: bids.span, asks: asks.span)
    }
    return try writer.finish(source: Fingerprint(of: "recording"))
  }

  private static func read(_ file: FeedFile) -> [Entry] {
    var entries: [Entry] = []
    file.visit { record, bids, asks in
      entries.append(
        Entry(
          record: record, bids: bids.indices.map { bids[$0] }, asks: asks.indices.map { asks[$0] }))
      return true
    }
    return entries
  }

  @Test("what is read is what was written, to the bit", arguments: [0, 1, 400])
  func roundTrip(count: Int) throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("deep/feed").path
    let entries = try Self.entries(seed: 9, count: count)
    let fingerprint = try Self.write(entries, to: path)
    let file = try FeedFile(path: path)
    #expect(file.head == (try Self.head()))
    #expect(file.fingerprint == fingerprint)
    #expect(file.source == Fingerprint(of: "recording"))
    #expect(Self.read(file) == entries)
    #expect(file.counts.records == count)
    #expect(file.counts.levels == entries.reduce(0) { $0 + $1.bids.count + $1.asks.count })
    #expect(file.counts.first == entries.first?.record.instant)
    #expect(file.counts.last == entries.last?.record.instant)
    #expect(try Self.write(entries, to: path) == fingerprint)
    // Nothing hidden is left beside it.
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: (path as NSString).deletingLastPathComponent)
        == ["feed"])
  }

  @Test("a file that nobody finished is not there, and the one before it stays")
  func unfinished() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("feed").path
    let entries = try Self.entries(seed: 3, count: 5)
    _ = try Self.write(entries, to: path)
    do {
      let writer = try FeedFileWriter(path: path, head: try Self.head())
      try writer.append(entries[2].record)
    }
    #expect(try Self.read(FeedFile(path: path)) == entries)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["feed"])
  }

  @Test("reading stops where it is told to")
  func stops() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("feed").path
    _ = try Self.write(try Self.entries(seed: 4, count: 20), to: path)
    var seen = 0
    try FeedFile(path: path).visit { _, _, _ in
      seen += 1
      return seen < 7
    }
    #expect(seen == 7)
  }

  @Test("every changed byte is found, and without the digest no file of any bytes crashes a reader")
  func damage() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("feed").path
    let spoiled = scratch.url.appendingPathComponent("spoiled").path
    _ = try Self.write(try Self.entries(seed: 5, count: 30), to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var generator = SplitMix64(seed: 6)
    for round in 0..<400 {
      var bytes = whole
      if round % 4 == 0 {
        bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator))
      } else {
        // Of the tail, which has no digest of its own, only its mark and that of the records.
        let tail = bytes.count - FeedFileBytes.tailCount
        let checked = Array(0..<tail + 8) + Array(tail + 96..<tail + 128)
        let place = checked[Int.random(in: 0..<checked.count, using: &generator)]
        bytes[place] ^= UInt8(1) << UInt8(Int.random(in: 0..<8, using: &generator))
      }
      try bytes.write(to: URL(fileURLWithPath: spoiled))
      #expect(throws: FeedFileFailure.self, "round \(round)") { try FeedFile(path: spoiled) }
      if let file = try? FeedFile(path: spoiled, verify: false) { _ = Self.read(file) }
    }
  }

  @Test("each failure says what happened")
  func failures() throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("feed").path
    #expect(throws: FeedFileFailure.self) { try FeedFile(path: path) }
    try Data("symbol,price\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: FeedFileFailure.notAFeed(path: path)) { try FeedFile(path: path) }
    try Data(FeedFileBytes.headMark).write(to: URL(fileURLWithPath: path))
    #expect(throws: FeedFileFailure.damaged(path: path, reason: "is too short")) {
      try FeedFile(path: path)
    }
    _ = try Self.write([], to: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[8] = 9
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: FeedFileFailure.unsupportedVersion(path: path, version: 9)) {
      try FeedFile(path: path)
    }
    let tick = try #require(TickSize(nanos: 1))
    let long = String(repeating: "X", count: 65)
    #expect(
      FeedFileHead(
        symbol: long, protocol: .bybit, tick: tick, lot: .one) == nil)
  }
}
