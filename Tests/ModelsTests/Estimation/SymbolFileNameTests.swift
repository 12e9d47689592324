import Testing

@testable import Models

@Suite("Symbol of a file name")
struct SymbolFileNameTests {
  @Test(
    "a file's name says its symbol, however it is written",
    arguments: [
      ("btcusdt_1m.csv", "BTC/USDT:USDT"), ("data/ETH-USDT-5m.csv.gz", "ETH/USDT:USDT"),
      ("SOL_USDT_PERP_1m.json", "SOL/USDT:USDT"), ("XRPUSDTPERP.csv", "XRP/USDT:USDT"),
      ("1000PEPEUSDT-15min.csv", "1000PEPE/USDT:USDT"),
      ("folder/LINK_USDT_USDT-linear.csv", "LINK/USDT:USDT"),
    ])
  func names(path: String, symbol: String) {
    #expect(SymbolFileName().symbol(inPath: path) == symbol)
  }

  @Test(
    "a name without a symbol says none", arguments: ["", "usdt.csv", "notes.txt", "BTCUSD.csv"])
  func none(path: String) {
    #expect(SymbolFileName().symbol(inPath: path) == nil)
  }

  @Test("another quote has another symbol")
  func quote() {
    #expect(
      SymbolFileName(quote: "usdc", suffix: "").symbol(inPath: "BTCUSDC_1h.csv") == "BTC/USDC")
  }
}
