/// A particle that takes its form from the sound that its word ends on.
enum KoreanParticle {
  case subject, object, companion, direction

  /// Returns the word with its particle. Digits and Latin letters sound as their Korean names.
  func after(_ word: String) -> String {
    let ending = Ending(of: word)
    let particle =
      switch self {
      case .subject: ending == .vowel ? "가" : "이"
      case .object: ending == .vowel ? "를" : "을"
      case .companion: ending == .vowel ? "와" : "과"
      // What ends on ㄹ takes the short form, as what ends on a vowel.
      case .direction: ending == .consonant ? "으로" : "로"
      }
    return word + particle
  }

  private enum Ending {
    case vowel, rieul, consonant

    init(of word: String) {
      guard let last = word.unicodeScalars.last else {
        self = .vowel
        return
      }
      switch last {
      case "\u{AC00}"..."\u{D7A3}":
        // A syllable is (initial * 21 + vowel) * 28 + final; the eighth final is ㄹ.
        switch (last.value - 0xAC00) % 28 {
        case 0: self = .vowel
        case 8: self = .rieul
        default: self = .consonant
        }
      case "1", "7", "8", "l", "L", "r", "R": self = .rieul
      case "0", "3", "6", "m", "M", "n", "N": self = .consonant
      default: self = .vowel
      }
    }
  }
}
