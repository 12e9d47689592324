package import Essentials

/// The settings that hold, read once from all layers and not changed any more.
///
/// A change makes another configuration with another fingerprint; decisions keep the fingerprint of
/// the one that they were made under. For settings that differ between regimes all layers are
/// laid over each other first, and the regime is looked up in the result: what an early layer says
/// of chop holds over what a late one says of all regimes.
package struct TacticsConfiguration: Sendable {
  /// What rules are given.
  package let settings: TacticsSettings
  /// The digest of every value, whatever layer said it.
  package let fingerprint: Fingerprint
  /// Every place where a value was said, by the name of the value, layer by layer.
  private let sayings: [String: [Saying]]

  private struct Saying: Hashable, Sendable {
    var origin: SettingOrigin
    var value: SettingValue
  }

  /// The shipped defaults.
  package init() {
    settings = TacticsSettings()
    fingerprint = Self.fingerprint(of: settings)
    sayings = [:]
  }

  /// Lays documents over the shipped defaults, by layer and within a layer in the order given.
  ///
  /// Whatever is wrong with any of them refuses the whole. Cost: linear in the texts.
  package init(_ documents: [SettingDocument]) throws(ConfigurationFailure) {
    var settings = TacticsSettings()
    var sayings: [String: [Saying]] = [:]
    var findings: [SettingFinding] = []
    let ordered = SettingLayer.allCases.flatMap { layer in
      documents.filter { $0.layer == layer }
    }
    for document in ordered {
      let reader = SettingReader(document.text)
      findings += reader.diagnostics.map { Self.finding($0, in: document) }
      for statement in reader.statements {
        statement.key.set(&settings, statement.suffix, statement.value)
        let origin = SettingOrigin(
          layer: document.layer, document: document.name, line: statement.line)
        sayings[Self.name(statement.key, statement.suffix), default: []].append(
          Saying(origin: origin, value: statement.value))
      }
    }
    if findings.isEmpty, let last = ordered.last {
      findings = SettingConsistency.contradictions(of: settings).map { low, high in
        Self.finding(
          Diagnostic(
            .error, code: "contradiction",
            message: """
              \(low.path) is \(Self.shown(low, settings)), more than \(high.path), which is \
              \(Self.shown(high, settings)).
              """,
            span: SourceSpan(start: 0, end: 0), remedy: "Change one of the two."), in: last)
      }
    }
    guard findings.isEmpty else { throw ConfigurationFailure(findings: findings) }
    self.settings = settings
    self.sayings = sayings
    fingerprint = Self.fingerprint(of: settings)
  }

  /// The same with other exits. Who said what of them is not told any more.
  package func replacing(_ exits: ExitSettings) -> TacticsConfiguration {
    var settings = settings
    settings.exit = exits
    return TacticsConfiguration(
      settings: settings, sayings: sayings.filter { !$0.key.hasPrefix("exit.") })
  }

  private init(settings: TacticsSettings, sayings: [String: [Saying]]) {
    self.settings = settings
    self.sayings = sayings
    fingerprint = Self.fingerprint(of: settings)
  }

  /// Explains one setting by its path or by the name that the specification has for it, with or
  /// without the suffix of a regime; nil where there is none. ``SettingKeys/names`` are all names.
  package func explain(_ name: String) -> SettingExplanation? {
    guard let (key, suffix) = SettingKeys.find(name) else { return nil }
    let suffixes: [RegimeSuffix?] =
      suffix.map { [$0] } ?? (key.varies ? [nil] + RegimeSuffix.allCases : [nil])
    let values = suffixes.compactMap { suffix -> SettingExplanation.Value? in
      let said = sayings[Self.name(key, suffix)] ?? []
      guard let value = key.get(settings, suffix) else { return nil }
      return SettingExplanation.Value(
        regime: suffix, value: value, origin: said.last?.origin ?? .shipped,
        shipped: key.get(TacticsSettings(), suffix),
        overruled: said.dropLast().map { SettingExplanation.Overruled($0.value, $0.origin) })
    }
    return SettingExplanation(key: key, values: values)
  }

  /// The document that says every value, in the order of the table.
  package var json: JSONValue { Self.json(of: settings) }

  private static func json(of settings: TacticsSettings) -> JSONValue {
    .object(
      SettingKeys.all.flatMap { key in
        let suffixes: [RegimeSuffix?] = key.varies ? [nil] + RegimeSuffix.allCases : [nil]
        return suffixes.compactMap { suffix in
          key.get(settings, suffix).map { JSONValue.Member(name(key, suffix), $0.json) }
        }
      })
  }

  private static func fingerprint(of settings: TacticsSettings) -> Fingerprint {
    Fingerprint(of: json(of: settings).compactText)
  }

  private static func name(_ key: SettingKey, _ suffix: RegimeSuffix?) -> String {
    key.path + (suffix.map { "." + $0.name } ?? "")
  }

  private static func shown(_ key: SettingKey, _ settings: TacticsSettings) -> String {
    key.get(settings, nil)?.description ?? "not said"
  }

  private static func finding(
    _ diagnostic: Diagnostic, in document: SettingDocument
  ) -> SettingFinding {
    SettingFinding(
      document: document.name, diagnostic: diagnostic,
      rendered: diagnostic.rendered(in: document.text, named: document.name))
  }
}
