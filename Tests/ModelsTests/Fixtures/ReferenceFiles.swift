import Essentials
import Foundation
import TestKit

/// Recorded answers of other programs, read from the shared material.
enum ReferenceFiles {
  static func json(_ path: String) throws -> JSONValue {
    try JSONValue(parsing: String(contentsOf: SharedMaterial.file(path), encoding: .utf8))
  }

  /// The lines of a table but its first, packed or not.
  static func rows(_ path: String) throws -> [[Substring]] {
    let file = SharedMaterial.file(path)
    let text =
      path.hasSuffix(".gz")
      ? try ShellRun("gzip", "-dc", file.path).output
      : try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }
}

extension JSONValue {
  /// The number at a path of names; NaN where there is none.
  func number(_ path: String...) -> Double {
    var value: JSONValue? = self
    for name in path { value = value?[name] }
    switch value {
    case .integer(let number): return Double(number)
    case .number(let number): return number
    default: return .nan
    }
  }

  /// The numbers of an array.
  func numbers(_ name: String) -> [Double] {
    guard case .array(let elements)? = self[name] else { return [] }
    return elements.map {
      switch $0 {
      case .integer(let number): Double(number)
      case .number(let number): number
      default: .nan
      }
    }
  }
}
