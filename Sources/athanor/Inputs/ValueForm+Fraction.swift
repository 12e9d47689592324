import Essentials
import Models

extension ValueForm where Value == Double {
  /// A finite fraction within bounds, written as `0.006`, `0.6%` or `60bp`.
  static func fraction(_ placeholder: String, in range: ClosedRange<Double>) -> Self {
    ValueForm(
      placeholder: placeholder, expectation: "a fraction such as 0.006, 0.6% or 60bp",
      completion: .nothing,
      read: { text in
        guard let value = fraction(text), range.contains(value) else { return nil }
        return value
      },
      show: { "\($0)" })
  }

  private static func fraction(_ text: String) -> Double? {
    for (unit, scale) in [("%", 100.0), ("bp", 10_000)] where text.hasSuffix(unit) {
      return number(text.dropLast(unit.count)).map { $0 / scale }
    }
    return number(text[...])
  }

  private static func number(_ text: Substring) -> Double? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else {
      return nil
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}

extension ValueForm where Value == FundingDue {
  /// A payment of funding: what a long position pays, and when.
  static var funding: Self {
    ValueForm(
      placeholder: "rate@span", expectation: "a rate and a time such as 0.01%@8h",
      completion: .nothing,
      read: { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2,
          let rate = ValueForm<Double>.fraction("rate", in: -0.1...0.1).read(String(parts[0])),
          let span = ValueForm<TimeSpan>.span.read(String(parts[1]))
        else { return nil }
        return FundingDue(seconds: span.seconds, rate: rate)
      },
      show: { "\($0.rate)@\($0.seconds)s" })
  }
}

extension ValueForm where Value == [TimeSpan] {
  /// Lengths of time with commas between them.
  static var spans: Self {
    ValueForm(
      placeholder: "spans", expectation: "lengths of time such as 1m,5m,10m",
      completion: .nothing,
      read: { text in
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let spans = parts.compactMap { ValueForm<TimeSpan>.span.read(String($0)) }
        return spans.count == parts.count ? spans : nil
      },
      show: { $0.map(\.description).joined(separator: ",") })
  }
}
