/// What a scalar stands for under the core schema of YAML 1.2 (section 10.3.2).
///
/// Numbers may have single underscores between their digits, as in `1_000_000`. `yes`, `no`, `on`
/// and `off` are texts, and so are numbers in other bases than ten.
package enum ScalarMeaning: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A finite number with a fraction or an exponent, or a whole one beyond `Int`.
  case number(Double)
  /// `.nan`, `.inf`, `-.inf`, or a number that no finite double is near.
  case notFinite
  case text
}

extension LocatedValue.Scalar {
  /// What the scalar stands for; a scalar in quotes or in a block is a text whatever it says.
  package var meaning: ScalarMeaning {
    guard style == .plain else { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
      "-.Inf", "-.INF":
      return .notFinite
    default: return numberMeaning
    }
  }

  private var numberMeaning: ScalarMeaning {
    var digits: [UInt8] = []
    var hasDigit = false
    var isWhole = true
    var hasExponent = false
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 48...57:
        hasDigit = true
        digits.append(byte)
      case UInt8(ascii: "_"):
        guard (48...57).contains(previous) else { return .text }
      case UInt8(ascii: "."):
        guard isWhole, previous != UInt8(ascii: "_") else { return .text }
        isWhole = false
        digits.append(byte)
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard hasDigit, !hasExponent, previous != UInt8(ascii: "_") else { return .text }
        isWhole = false
        hasExponent = true
        digits.append(byte)
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        guard previous == 0 || previous | 32 == UInt8(ascii: "e") else { return .text }
        digits.append(byte)
      default: return .text
      }
      previous = byte
    }
    guard hasDigit, (48...57).contains(previous) || previous == UInt8(ascii: ".") else {
      return .text
    }
    let plain = String(decoding: digits, as: UTF8.self)
    if isWhole, plain != "-0", let integer = Int(plain) { return .integer(integer) }
    let padded = previous == UInt8(ascii: ".") ? plain + "0" : plain
    guard let number = Double(padded) else { return .text }
    return number.isFinite ? .number(number) : .notFinite
  }
}
