package import Essentials

extension TimeSpan {
  /// Reads a whole number with the unit `s`, `m`, `h`, `d` or `D`, `w` or `y` (365 days), such as
  /// `90s` or `60D`. Nil for any other text and for more than a thousand years.
  package init?(policy text: some StringProtocol) {
    let text = String(text)
    guard let unit = text.utf8.last, let seconds = Self.seconds(ofUnit: unit) else { return nil }
    let digits = text.utf8.dropLast()
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }),
      let count = Int64(text.dropLast()), count <= Self.policyMax.milliseconds / 1000 / seconds
    else { return nil }
    self = .seconds(count * seconds)
  }

  /// The longest duration of a policy.
  static let policyMax = TimeSpan.days(365_000)

  /// The seconds of a unit given by its letter.
  static func seconds(ofUnit letter: UInt8) -> Int64? {
    switch letter {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"), UInt8(ascii: "D"): 86_400
    case UInt8(ascii: "w"): 604_800
    case UInt8(ascii: "y"): 31_536_000
    default: nil
    }
  }
}
