import Testing

@testable import Backtesting

@Suite("Fixed decimals")
struct FixedDecimalTests {
  @Test(
    "decimals are rounded half away from zero",
    arguments: [
      (1.005, 1, "1.0"), (0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (-0.001, 2, "0.00"),
      (12345.6, 0, "12346"), (.nan, 2, "--"), (-.infinity, 2, "--"), (9.999, 2, "10.00"),
      (1e300, 2, "1e+300"), (0.05, 3, "0.050"),
    ] as [(Double, Int, String)])
  func decimals(_ value: Double, _ digits: Int, _ expected: String) {
    #expect(FixedDecimal.text(value, digits: digits) == expected)
  }
}
