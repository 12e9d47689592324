import Essentials

/// One row of the table of settings: what it is called, what it may say, and what it means.
package struct SettingKey: Sendable {
  /// Where it stands in a document of ours, such as `entry.costs.net_min`.
  package let path: String
  /// What the specification calls it, such as `ENTRY_NET_EXPECTANCY_MIN`.
  package let specificationName: String
  package let kind: SettingKind
  /// What a number counts, such as `fraction of notional`; empty where there is nothing to say.
  package let unit: String
  /// One sentence.
  package let meaning: String
  /// Whether suffixes such as `_CHOP` may say something else for some regimes.
  package let varies: Bool
  /// The value that stands in settings; nil for a suffix for which nothing is said.
  let get: @Sendable (TacticsSettings, RegimeSuffix?) -> SettingValue?
  /// Puts a value of the right kind into settings.
  let set: @Sendable (inout TacticsSettings, RegimeSuffix?, SettingValue) -> Void

  static func flag(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, Bool> & Sendable, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .flag, unit: "", meaning: meaning, varies: false,
      get: { settings, _ in .flag(settings[keyPath: place]) },
      set: { settings, _, value in
        if case .flag(let flag) = value { settings[keyPath: place] = flag }
      })
  }

  static func whole(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, Int> & Sendable, _ range: ClosedRange<Int>,
    _ unit: String, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .whole(range), unit: unit, meaning: meaning,
      varies: false, get: { settings, _ in .whole(settings[keyPath: place]) },
      set: { settings, _, value in
        if case .whole(let number) = value { settings[keyPath: place] = number }
      })
  }

  static func number(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, Double> & Sendable,
    _ range: ClosedRange<Double>, _ unit: String, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .number(range), unit: unit, meaning: meaning,
      varies: false, get: { settings, _ in .number(settings[keyPath: place]) },
      set: { settings, _, value in
        if case .number(let number) = value { settings[keyPath: place] = number }
      })
  }

  static func table(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, RegimeTable> & Sendable,
    _ range: ClosedRange<Double>, _ unit: String, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .number(range), unit: unit, meaning: meaning,
      varies: true,
      get: { settings, suffix in
        let table = settings[keyPath: place]
        guard let suffix else { return .number(table.base) }
        return table[suffix].map(SettingValue.number)
      },
      set: { settings, suffix, value in
        guard case .number(let number) = value else { return }
        if let suffix {
          settings[keyPath: place][suffix] = number
        } else {
          settings[keyPath: place].base = number
        }
      })
  }

  static func span(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, TimeSpan> & Sendable, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .span(.zero ... .days(7)), unit: "seconds",
      meaning: meaning, varies: false, get: { settings, _ in .span(settings[keyPath: place]) },
      set: { settings, _, value in
        if case .span(let span) = value { settings[keyPath: place] = span }
      })
  }

  static func choice<Option: RawRepresentable<String> & CaseIterable & Sendable>(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, Option> & Sendable, _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .choice(Option.allCases.map(\.rawValue)),
      unit: "", meaning: meaning, varies: false,
      get: { settings, _ in .word(settings[keyPath: place].rawValue) },
      set: { settings, _, value in
        if case .word(let word) = value, let option = Option(rawValue: word) {
          settings[keyPath: place] = option
        }
      })
  }

  static func names(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, [String]> & Sendable, among words: [String],
    _ meaning: String
  ) -> SettingKey {
    SettingKey(
      path: path, specificationName: name, kind: .names(among: words), unit: "",
      meaning: meaning, varies: false,
      get: { settings, _ in .names(settings[keyPath: place]) },
      set: { settings, _, value in
        if case .names(let names) = value { settings[keyPath: place] = names }
      })
  }
}
