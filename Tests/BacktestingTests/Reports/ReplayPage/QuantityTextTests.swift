import Essentials
import Testing

@testable import Backtesting

@Suite("Quantities of a replay page")
struct QuantityTextTests {
  @Test("each kind of quantity has its unit in both languages")
  func texts() {
    let instant = Timestamp(startOf: CalendarDate("2025-10-10")!) + .minutes(1280)
    let cases: [(ReplayPageContent.Quantity, String, String)] = [
      (.money(-1234.5), "\u{2212}1,235\u{00A0}USDT", "\u{2212}1,235\u{00A0}USDT"),
      (.money(.nan), "--", "--"), (.share(0.01234), "1.23\u{00A0}%", "1.23\u{00A0}%"),
      (.share(.infinity), "--", "--"), (.number(1.005, decimals: 1), "1.0", "1.0"),
      (.count(12_345), "12,345", "12,345"),
      (.instant(instant), "2025-10-10 21:20 UTC", "2025-10-10 21:20 UTC"),
      (
        .shares(-0.001, 0.002), "\u{2212}0.10 \u{2026} 0.20\u{00A0}%",
        "\u{2212}0.10 \u{2026} 0.20\u{00A0}%"
      ),
      (.shares(.nan, .nan), "--", "--"),
      (.numbers(1, .nan, decimals: 0), "1 \u{2026} --", "1 \u{2026} --"),
      (.text(BilingualText("a", "가")), "a", "가"), (.missing, "--", "--"),
      (.span(.seconds(-90)), "\u{2212}1\u{00A0}min", "\u{2212}1분"),
      (.span(.zero), "0\u{00A0}s", "0초"),
      (.span(.hours(25)), "1\u{00A0}d\u{00A0}1\u{00A0}h", "1일\u{00A0}1시간"),
      (.span(.hours(4)), "4\u{00A0}h", "4시간"),
    ]
    for (quantity, english, korean) in cases {
      let text = QuantityText(currency: "USDT").text(quantity)
      #expect(text.english == english && text.korean == korean, "\(quantity)")
    }
  }
}
