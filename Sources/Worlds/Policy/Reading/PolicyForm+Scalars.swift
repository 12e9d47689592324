import Essentials

/// Names and texts within these bounds can be written as keys and values of every later form.
enum PolicyLimits {
  /// Characters of a name or a text.
  static let textMax = 200
  /// Elements of a list and entries of a mapping whose keys are names.
  static let elementsMax = 2000
}

extension PolicyForm<Bool> {
  /// `true` or `false`.
  static let flag = PolicyForm(
    read: { value, reader in
      if case .bool(let flag) = value.scalar?.meaning { return flag }
      let text = value.scalar?.text.lowercased() ?? ""
      let meant = [
        "yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false",
      ]
      reader.refuse(
        value, "is \(value.kind)", meant[text].map { "Write \($0)." } ?? "Write true or false.")
      return nil
    },
    write: JSONValue.bool, schema: [JSONValue.Member("type", "boolean")])
}

extension PolicyForm<Int> {
  /// A whole number within a range.
  static func whole(_ range: ClosedRange<Int>) -> PolicyForm {
    let remedy = "Write a whole number from \(range.lowerBound) to \(range.upperBound)."
    return PolicyForm(
      read: { value, reader in
        guard case .integer(let number) = value.scalar?.meaning else {
          reader.refuse(value, "is \(value.kind)", remedy)
          return nil
        }
        guard range.contains(number) else {
          reader.refuse(value, "out_of_range", "is \(number)", remedy)
          return nil
        }
        return number
      },
      write: JSONValue.integer,
      schema: [
        JSONValue.Member("type", "integer"),
        JSONValue.Member("minimum", .integer(range.lowerBound)),
        JSONValue.Member("maximum", .integer(range.upperBound)),
      ])
  }
}

extension PolicyForm<Double> {
  /// A finite number within a range.
  static func number(_ range: ClosedRange<Double>) -> PolicyForm {
    let remedy = "Write a number from \(shown(range.lowerBound)) to \(shown(range.upperBound))."
    return PolicyForm(
      read: { value, reader in
        let number: Double
        switch value.scalar?.meaning {
        case .integer(let whole): number = Double(whole)
        case .number(let found): number = found
        default:
          reader.refuse(value, "is \(value.kind)", remedy)
          return nil
        }
        return reader.checked(number, range, value, remedy)
      },
      write: JSONValue.number, schema: [JSONValue.Member("type", "number")] + bounds(range))
  }

  /// A fraction, written as such or as percent, within a range.
  static func fraction(_ range: ClosedRange<Double> = 0...1) -> PolicyForm {
    let remedy = """
      Write a fraction such as 0.25 or 25%, from \(shown(range.lowerBound)) to \
      \(shown(range.upperBound)).
      """
    return PolicyForm(
      read: { value, reader in
        let number: Double
        switch value.scalar?.meaning {
        case .integer(let whole): number = Double(whole)
        case .number(let found): number = found
        case .text:
          guard let found = percent(value.scalar?.text ?? "") else { fallthrough }
          number = found
        default:
          reader.refuse(value, "is \(value.kind)", remedy)
          return nil
        }
        return reader.checked(number, range, value, remedy)
      },
      write: JSONValue.number,
      schema: [
        JSONValue.Member("type", .strings(["number", "string"])),
        JSONValue.Member("pattern", .string("^-?[0-9]+(\\.[0-9]+)?%$")),
      ] + bounds(range))
  }

  /// Reads `25%`; nil for any other text. The decimal point is shifted before the text becomes a
  /// double, so that `33.3%` is 0.333.
  private static func percent(_ text: String) -> Double? {
    guard text.hasSuffix("%") else { return nil }
    let digits = text.dropLast()
    guard let first = digits.utf8.first(where: { $0 != UInt8(ascii: "-") }),
      (48...57).contains(first),
      digits.utf8.allSatisfy({ (48...57).contains($0) || [45, 46].contains($0) })
    else { return nil }
    return Double("\(digits)e-2")
  }

  private static func bounds(_ range: ClosedRange<Double>) -> [JSONValue.Member] {
    [
      JSONValue.Member("minimum", .number(range.lowerBound)),
      JSONValue.Member("maximum", .number(range.upperBound)),
    ]
  }

  fileprivate static func shown(_ number: Double) -> String { JSONValue.number(number).compactText }
}

extension PolicyReader {
  /// Returns a number that lies in a range and notes one that does not.
  fileprivate mutating func checked(
    _ number: Double, _ range: ClosedRange<Double>, _ value: LocatedValue, _ remedy: String
  ) -> Double? {
    guard range.contains(number) else {
      refuse(value, "out_of_range", "is \(PolicyForm<Double>.shown(number))", remedy)
      return nil
    }
    // Minus zero would have another canonical text than zero.
    return number == 0 ? 0 : number
  }
}

extension PolicyForm<TimeSpan> {
  /// A whole number of seconds, minutes, hours, days, weeks or years, within a range.
  static func duration(
    _ range: ClosedRange<TimeSpan> = .seconds(0)...TimeSpan.policyMax
  ) -> PolicyForm {
    let remedy = """
      Write a whole number with a unit (s, m, h, d, w or y), such as 90s or 60d, from \
      \(range.lowerBound) to \(range.upperBound).
      """
    return PolicyForm(
      read: { value, reader in
        guard let text = value.scalar?.text, let span = TimeSpan(policy: text) else {
          let isBare = if case .integer = value.scalar?.meaning { true } else { false }
          reader.refuse(
            value, isBare ? "missing_unit" : "wrong_kind",
            isBare ? "is \(value.kind) without a unit" : "is \(value.kind), not a duration", remedy)
          return nil
        }
        guard range.contains(span) else {
          reader.refuse(value, "out_of_range", "is \(span)", remedy)
          return nil
        }
        return span
      },
      write: { .string($0.description) },
      schema: [
        JSONValue.Member("type", "string"),
        JSONValue.Member("pattern", .string("^[0-9]+[smhdDwy]$")),
      ])
  }
}

extension PolicyForm<TimeSpan?> {
  /// A duration, or a word in its place.
  static func duration(orWord word: String) -> PolicyForm {
    let duration = PolicyForm<TimeSpan>.duration()
    return PolicyForm(
      read: { value, reader in
        if value.scalar?.text == word { return .some(nil) }
        return duration.read(value, &reader).map { .some($0) }
      },
      write: { $0.map(duration.write) ?? .string(word) },
      schema: [
        JSONValue.Member("anyOf", .array([.object(duration.schema), ["const": .string(word)]]))
      ])
  }
}

extension PolicyForm<MetricWindow> {
  /// `short`, `mid`, `long`, or a count of days, hours or bars.
  static let window = PolicyForm(
    read: { value, reader in
      guard let text = value.scalar?.text, let window = MetricWindow(text) else {
        reader.refuse(
          value, "unknown_window", "is \(value.kind)",
          "Write short, mid, long, or a count such as 60d, 12h or 500b.")
        return nil
      }
      return window
    },
    write: { .string($0.description) },
    schema: [
      JSONValue.Member("type", "string"),
      JSONValue.Member("pattern", .string("^(short|mid|long|[1-9][0-9]*[dhb])$")),
    ])
}

extension PolicyForm<String> {
  /// A text on one line that is not empty.
  static let text = PolicyForm(
    read: { value, reader in
      guard let scalar = value.scalar, !value.isNull else {
        reader.refuse(value, "is \(value.kind)", "Write a text.")
        return nil
      }
      return reader.isPrintable(scalar.text, at: value) ? scalar.text : nil
    },
    write: JSONValue.string,
    schema: [
      JSONValue.Member("type", "string"), JSONValue.Member("minLength", 1),
      JSONValue.Member("maxLength", .integer(PolicyLimits.textMax)),
    ])

  /// A name that can stand in an address and in a file name.
  static let identifier = PolicyForm(
    read: { value, reader in
      let isSound =
        value.scalar?.text.utf8.allSatisfy {
          (97...122).contains($0 | 32) && $0 < 0x80 || (48...57).contains($0)
            || [45, 46, 95].contains($0)
        } ?? false
      guard isSound, let text = value.scalar?.text, (1...64).contains(text.utf8.count),
        text.utf8.first != UInt8(ascii: "."), text.utf8.first != UInt8(ascii: "-")
      else {
        reader.refuse(
          value, "is \(value.kind)",
          "Write at most 64 letters, digits, dots, hyphens and underscores, a letter first.")
        return nil
      }
      return text
    },
    write: JSONValue.string,
    schema: [
      JSONValue.Member("type", "string"),
      JSONValue.Member("pattern", .string("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")),
    ])
}

extension PolicyReader {
  /// Whether a text is short and on one line, without characters that cannot be seen; notes it
  /// where it is not.
  mutating func isPrintable(_ text: String, at value: LocatedValue) -> Bool {
    guard !text.isEmpty, text.count <= PolicyLimits.textMax else {
      refuse(
        value, "out_of_range", "has \(text.count) characters",
        "Write a text of 1 to \(PolicyLimits.textMax) characters.")
      return false
    }
    let isSound = text.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
      default: $0.value != 0xFEFF
      }
    }
    if !isSound {
      refuse(
        value, "unprintable_text", "has characters that cannot be printed", "Remove them.")
    }
    return isSound
  }
}

extension PolicyForm where Value: RawRepresentable<String> & CaseIterable {
  /// One of a closed set of words.
  static var choice: PolicyForm {
    let words = Value.allCases.map(\.rawValue)
    return PolicyForm(
      read: { value, reader in
        guard let scalar = value.scalar, let choice = Value(rawValue: scalar.text) else {
          let nearest = value.scalar.flatMap { nearestName(to: $0.text, among: words) }
          reader.refuse(
            value, "unknown_choice", "is \(value.kind)",
            nearest.map { "Did you mean \($0)?" } ?? "Write one of \(PolicyReader.list(words)).")
          return nil
        }
        return choice
      },
      write: { .string($0.rawValue) }, schema: [JSONValue.Member("enum", .strings(words))])
  }
}
