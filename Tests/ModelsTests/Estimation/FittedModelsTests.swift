import Essentials
import Testing

@testable import Models

@Suite("Documents of fitted models")
struct FittedModelsTests {
  private static let flow = HawkesParameters(
    baseline: HawkesParameters.PerSide(up: 0.1, down: 1 / 3), selfExcitation: 0.7,
    crossExcitation: 0.2, decay: 1.3)

  private func document() throws -> FittedModels<HawkesParameters> {
    FittedModels(
      fittedAt: "2026-01-21T15:03:00Z", source: "trades", lookback: 4000, barSeconds: nil,
      symbols: [
        .init(symbol: "ETH/USDT:USDT", count: 300, record: try #require(Self.flow)),
        .init(symbol: "BTC/USDT:USDT", count: 200, record: try #require(Self.flow)),
      ])
  }

  @Test("a document is read back as it was written, symbols in order")
  func roundTrip() throws {
    let written = try document()
    let read = try FittedModels<HawkesParameters>(
      text: written.json.indentedText, document: "hawkes.json")
    #expect(read == written)
    #expect(read.symbols.map(\.symbol) == ["BTC/USDT:USDT", "ETH/USDT:USDT"])
    let chains = FittedModels<HiddenMarkovParameters>(
      fittedAt: "", source: "bars", lookback: 10, barSeconds: 60,
      symbols: [.init(symbol: "A/B", count: 1, record: .threeStates)])
    #expect(
      try FittedModels<HiddenMarkovParameters>(json: chains.json, document: "hmm.json") == chains)
  }

  @Test("a document of another model, or of no process, is refused")
  func refusals() throws {
    let written = try document().json.compactText
    #expect(throws: DocumentFailure.self) {
      try FittedModels<HiddenMarkovParameters>(text: written, document: "hmm.json")
    }
    #expect(throws: DocumentFailure.self) {
      try FittedModels<HawkesParameters>(
        text: written.replacing("\"decay\":1.3", with: "\"decay\":0.3"), document: "hawkes.json")
    }
    #expect(throws: DocumentFailure.self) {
      try FittedModels<HawkesParameters>(text: "{}", document: "hawkes.json")
    }
  }
}
