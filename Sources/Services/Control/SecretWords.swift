import Essentials
import Foundation
import Glibc
import Networking
import Research

/// The words of an environment that nobody may read: keys, tokens and passwords.
package struct SecretWords: Sendable {
  private let words: [[UInt8]]

  /// Shorter values are placeholders, such as `EMPTY`, and no secrets.
  private static let bytesMin = 8
  private static let marks = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD"]

  /// Finds them: the values of variables that are named for a secret, and the keys of the files that
  /// the variables of providers name.
  package init(environment: [String: String]) {
    var texts: Set<String> = []
    for (name, value) in environment where Self.isSecret(name) { texts.insert(value) }
    for kind in ProviderKind.allCases {
      if let key = try? APIKey.find(kind.keyVariable, in: environment) {
        texts.insert(key.secret.revealed)
      }
    }
    // A text inside a JSON document is written with escapes.
    words = texts.flatMap { [$0, String(JSONValue.string($0).compactText.dropFirst().dropLast())] }
      .filter { $0.utf8.count >= Self.bytesMin }.map { Array($0.utf8) }
  }

  /// Whether a variable of that name holds a secret itself.
  package static func isSecret(_ name: String) -> Bool {
    let words = name.uppercased().split(separator: "_")
    return words.last.map { marks.contains(String($0)) } ?? false
  }

  /// The length of the longest word in bytes, 0 where there is none.
  var bytesMax: Int { words.map(\.count).max() ?? 0 }

  /// Whether one of the words stands in the text.
  package func stand(in text: String) -> Bool { !places(in: Array(text.utf8)).isEmpty }

  /// Returns the text with every word masked.
  package func masking(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: masking(bytes, keeping: 0..<bytes.count), as: UTF8.self)
  }

  /// Returns a part of the bytes with a mask for every word that stands in it, wholly or not.
  func masking(_ bytes: [UInt8], keeping kept: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    var place = kept.lowerBound
    for range in places(in: bytes) where range.overlaps(kept) {
      if range.lowerBound > place { result += bytes[place..<range.lowerBound] }
      result += Array(SecretText.redaction.utf8)
      place = max(place, range.upperBound)
    }
    if place < kept.upperBound { result += bytes[place..<kept.upperBound] }
    return result
  }

  /// Where words stand, in order; those that touch are one.
  private func places(in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    bytes.withUnsafeBytes { text in
      for word in words {
        var start = 0
        while start + word.count <= text.count, let base = text.baseAddress {
          let room = text.count - word.count - start + 1
          guard let hit = memchr(base + start, Int32(word[0]), room) else { break }
          start = UnsafeRawPointer(hit) - base
          if memcmp(hit, word, word.count) == 0 { found.append(start..<(start + word.count)) }
          start += 1
        }
      }
    }
    var merged: [Range<Int>] = []
    for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound < last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
