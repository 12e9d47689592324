package import Essentials

/// A simulation as BRAIN is asked for it, with the key by which it is known ever after.
package struct BrainSimulation: Hashable, Sendable {
  /// What is sent.
  package let body: JSONValue
  /// Equal for simulations that BRAIN would compute alike, however their formulas are spaced.
  package let key: Fingerprint

  /// Takes what a candidate asks for.
  package init(_ simulation: CandidateAlpha.Simulation) {
    self.init(body: simulation.json)
  }

  /// Takes a body as it was recorded.
  package init(body: JSONValue) {
    self.body = body
    guard case .object(let members) = body else {
      key = Fingerprint(of: body.compactText)
      return
    }
    let canonical = members.sorted { $0.name < $1.name }.map { member in
      var member = member
      if case .string(let text) = member.value {
        member.value = .string(Self.unspaced(text))
      } else if case .object(let settings) = member.value {
        member.value = .object(settings.sorted { $0.name < $1.name })
      }
      return member
    }
    key = Fingerprint(of: JSONValue.object(canonical).compactText)
  }

  /// What simulations of one array must have in common: all settings whose mixture BRAIN refuses.
  /// Nil where this one has to be sent alone.
  package var arrayKey: [String]? {
    guard body["type"] == .string("REGULAR"), body["settings"]?["language"] == .string("FASTEXPR")
    else { return nil }
    return ["instrumentType", "region", "delay", "language"].map {
      body["settings"]?[$0]?.compactText ?? ""
    }
  }

  /// Whether a simulation that BRAIN describes is this one: the formulas agree, and every setting
  /// that both name.
  package func isDescribed(by answer: JSONValue) -> Bool {
    for name in ["regular", "selection", "combo"] {
      guard case .string(let asked)? = body[name] else { continue }
      let told = answer[name]?["code"] ?? answer[name]
      guard case .string(let text)? = told, Self.unspaced(text) == Self.unspaced(asked) else {
        return false
      }
    }
    guard case .object(let settings)? = body["settings"] else { return true }
    return settings.allSatisfy { setting in
      guard let told = answer["settings"]?[setting.name], told != .null else { return true }
      return Self.isSame(told, setting.value)
    }
  }

  private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if let left = Row.number(left), let right = Row.number(right) { return left == right }
    return left == right
  }

  /// A formula without what separates nothing: a space is kept only between two words.
  private static func unspaced(_ formula: String) -> String {
    var kept: [UInt8] = []
    var isSpaced = false
    for byte in formula.utf8 {
      if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        isSpaced = true
        continue
      }
      if isSpaced, let last = kept.last, isOfWord(last), isOfWord(byte) { kept.append(0x20) }
      isSpaced = false
      kept.append(byte)
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 48...57,
      UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }
}
