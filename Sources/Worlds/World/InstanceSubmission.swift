package import Essentials

/// A strategy that is entered into a world: one formula with its settings, a side and a universe.
package struct InstanceSubmission: Hashable, Sendable {
  package var id: String
  /// The family that its trials are counted in.
  package var strategy: String
  /// In the order of names.
  package var params: [JSONValue.Member]
  package var side: TradingSide
  /// Empty for the whole universe of the panel.
  package var symbols: [String]
  package var sector: String?
  package var venue: String?
  package var broker: String?
  /// The formula in canonical form.
  package var formula: String
  /// How it is simulated.
  package var settings: JSONValue
  /// The panel it is computed on, with `name` and `fingerprint`.
  package var panel: JSONValue
  /// Where it was found, nil where a person wrote it.
  package var alpha: AlphaOrigin?
  /// The variants of its family that were tried.
  package var trials: Int

  /// A candidate of a research run.
  package struct AlphaOrigin: Hashable, Sendable {
    package var run: String
    package var candidateKey: String

    package init(run: String, candidateKey: String) {
      self.run = run
      self.candidateKey = candidateKey
    }
  }

  /// - Parameter id: nil for `strategy.side.` and the first 8 digits of what the instance is.
  package init(
    id: String? = nil, strategy: String, params: [JSONValue.Member] = [], side: TradingSide,
    symbols: [String] = [], formula: String, settings: JSONValue = [:], panel: JSONValue = .null,
    alpha: AlphaOrigin? = nil, trials: Int = 1
  ) {
    self.id = id ?? ""
    self.strategy = strategy
    self.params = params.sorted { $0.name < $1.name }
    self.side = side
    self.symbols = symbols.sorted()
    self.formula = formula
    self.settings = settings
    self.panel = panel
    self.alpha = alpha
    self.trials = trials
    if id == nil { self.id = "\(strategy).\(side.rawValue).\(identity.hexadecimal.prefix(8))" }
  }

  /// The digest of the parameters alone.
  package var paramsFingerprint: Fingerprint {
    Fingerprint(of: JSONValue.object(params).compactText)
  }

  /// What the instance is, whatever it is called: formula, settings, parameters, side and universe. A
  /// panel counts by its name, since its fingerprint changes with every day that it is continued.
  /// Two instances of a world never share it.
  package var identity: Fingerprint {
    Fingerprint(
      of: JSONValue.array([
        .string(strategy), .object(params), .string(side.rawValue), .strings(symbols),
        .string(formula), settings, panel["name"] ?? panel["fingerprint"] ?? .null,
      ]).compactText)
  }

  /// Why the names in it cannot be used, nil where they can.
  package var objection: String? {
    for (role, name) in [("id", id), ("strategy", strategy)] {
      guard !name.isEmpty, name.utf8.count <= 128,
        name.utf8.allSatisfy({ byte in
          (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
            || [45, 46, 95].contains(byte)
        })
      else { return "its \(role) is not letters, digits, '.', '-' and '_', at most 128" }
    }
    guard !formula.isEmpty else { return "it has no formula" }
    guard trials >= 1 else { return "it counts \(trials) trials, and it is one itself" }
    return nil
  }
}
