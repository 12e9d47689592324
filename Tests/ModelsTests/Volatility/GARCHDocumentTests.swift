import Essentials
import TestKit
import Testing

@testable import Models

@Suite("GARCH document")
struct GARCHDocumentTests {
  private func record(_ omega: Double, _ count: Int) throws -> GARCHDocument.Record {
    GARCHDocument.Record(
      parameters: try #require(GARCHParameters(omega: omega, alpha: 0.05, beta: 0.9)),
      firstVariance: omega * 20, count: count)
  }

  private func document() throws -> GARCHDocument {
    GARCHDocument(
      fittedAt: "2026-02-16T12:00:00Z", fitMode: .maximumLikelihood, lookbackBars: 4000,
      fileCount: 2, usedFileCount: 2,
      symbols: [
        GARCHDocument.SymbolRecord(symbol: "ETH/USDT:USDT", record: try record(3e-6, 300)),
        GARCHDocument.SymbolRecord(symbol: "BTC/USDT:USDT", record: try record(1e-6, 900)),
      ])
  }

  @Test("a document that is written and read is the same, byte by byte")
  func roundTrip() throws {
    let document = try document()
    let text = document.json.indentedText
    let read = try GARCHDocument(text: text, document: "garch_params.json")
    #expect(read == document)
    #expect(read.json.indentedText == text)
  }

  @Test("the global record weighs symbols by observations and serves those without a record")
  func global() throws {
    let document = try document()
    #expect(agree(document.global?.parameters.omega ?? .nan, 1.5e-6))
    #expect(agree(document.global?.firstVariance ?? .nan, 3e-5))
    #expect(document.global?.count == 1200)
    #expect(document.record(for: "BTC/USDT:USDT")?.parameters.omega == 1e-6)
    #expect(document.record(for: "SOL/USDT:USDT") == document.global)
    #expect(document.symbols.map(\.symbol) == ["BTC/USDT:USDT", "ETH/USDT:USDT"])
  }

  @Test("every defect of a document is named with its place")
  func defects() throws {
    let text = """
      {"version": 2, "fit_mode": "fallbakc", "bar_seconds": 0, "symbol_count": 3,
       "garch": {"omega": 1e-6, "alpha": 0.2, "beta": 0.9, "var0": 1e-5, "n_obs": 10},
       "symbols": {"BTC/USDT:USDT": {"omega": 0, "alpha": 0.05, "beta": "0.9", "n_obs": 10}}}
      """
    let failure = #expect(throws: DocumentFailure.self) {
      try GARCHDocument(text: text, document: "garch_params.json")
    }
    #expect(
      failure?.defects.map(\.keyPath) == [
        "version", "fit_mode", "bar_seconds", "garch.beta", "symbols.BTC/USDT:USDT.omega",
        "symbols.BTC/USDT:USDT.beta", "symbols.BTC/USDT:USDT.var0", "symbol_count",
      ])
    #expect(throws: DocumentFailure.self) { try GARCHDocument(text: "{", document: "g") }
    #expect(throws: DocumentFailure.self) {
      try GARCHDocument(text: #"{"version": 1, "bar_seconds": 60}"#, document: "g")
    }
  }
}
