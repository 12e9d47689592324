package import Essentials

/// How an alpha becomes positions: the settings of a BRAIN simulation, with the same names.
///
/// Four settings are ours: `stepOrder`, `bookSize`, `costRate`, and the pair `startDate` and
/// `endDate`, which BRAIN shows but does not let its users choose.
package struct SimulationSettings: Hashable, Sendable {
  /// Over which instruments the mean is subtracted, so that the book is even in each.
  package enum Neutralization: String, Hashable, Sendable, CaseIterable {
    case none = "NONE"
    case market = "MARKET"
    case sector = "SECTOR"
    case industry = "INDUSTRY"
    case subindustry = "SUBINDUSTRY"

    /// The grouping field of the panel that is needed, nil where none is.
    package var groupField: String? {
      switch self {
      case .none, .market: nil
      case .sector, .industry, .subindustry: rawValue.lowercased()
      }
    }
  }
  /// A setting that is on or off, in BRAIN's words.
  package enum Toggle: String, Hashable, Sendable, CaseIterable {
    case on = "ON"
    case off = "OFF"
  }
  /// What becomes of units that do not agree.
  package enum UnitHandling: String, Hashable, Sendable, CaseIterable {
    /// Units are inferred and a mismatch is a warning.
    case verify = "VERIFY"
  }
  /// The order of the steps between the formula's value and the weights; sources disagree.
  package enum StepOrder: String, Hashable, Sendable, CaseIterable {
    /// Decay, truncate, neutralize, scale: neutralization is the last operation, as BRAIN's page
    /// on neutralization says, so the weights of every class sum to zero.
    case neutralizeLast = "NEUTRALIZE_LAST"
    /// Neutralize, scale, decay, truncate, scale: weights are decayed, as in BRAIN's worked
    /// example; classes sum to zero only while nothing enters or leaves the universe.
    case decayWeights = "DECAY_WEIGHTS"
    /// Decay, neutralize, truncate, scale: no weight exceeds the truncation, for which classes sum
    /// to zero only in rows where nothing is clipped.
    case truncateLast = "TRUNCATE_LAST"
  }

  package var instrumentType = "EQUITY"
  package var region = "USA"
  /// The universe's name, such as `TOP50` or a membership that the panel brings; `ALL` for every
  /// instrument that has a price.
  package var universe = "ALL"
  /// Rows between the last data a formula sees and the row whose return it earns: 1 or 0.
  ///
  /// With 1, a value computed from rows up to `t - 1` sets the position that earns the return of
  /// row `t`, from the close of `t - 1` to the close of `t`. Rows of a panel are known only at
  /// their close, so nothing computed from row `t` may earn that row's return: 0 earns the same
  /// returns as 1 with a warning, and is judged by the stricter limits of delay 0.
  package var delay = 1
  /// The window of the linear decay over alpha values, 0 or 1 for none; at most 512.
  package var decay = 0
  package var neutralization = Neutralization.subindustry
  /// The largest weight of one instrument as a share of the book, 0 for no limit.
  package var truncation = 0.08
  package var pasteurization = Toggle.on
  package var nanHandling = Toggle.off
  package var unitHandling = UnitHandling.verify
  package var maxTrade = Toggle.off
  /// The last part of the sample, which is set aside as test.
  package var testPeriod = CalendarPeriod.none
  /// Whether exposures by sector are recorded as well, which costs time and memory.
  package var visualization = false
  package var stepOrder = StepOrder.neutralizeLast
  /// Money invested, long and short together.
  package var bookSize = 20_000_000.0
  /// The cost of trading one unit of money, as a fraction: 0.0005 is 5 basis points.
  package var costRate = 0.0
  /// The first day that counts, nil for the panel's first. Earlier rows still warm the decay up.
  package var startDate: CalendarDate?
  /// The last day that counts, nil for the panel's last.
  package var endDate: CalendarDate?

  package init() {}

  package static let decayLimit = 512

  /// The names under which settings are read and written, in canonical order.
  package static let names = [
    "instrumentType", "region", "universe", "delay", "decay", "neutralization", "truncation",
    "pasteurization", "unitHandling", "nanHandling", "maxTrade", "language", "visualization",
    "testPeriod", "stepOrder", "bookSize", "costRate", "startDate", "endDate",
  ]

  /// Reads pairs of name and text, as from `--set decay=4`; what is not named keeps its default.
  package init(_ pairs: some Sequence<(name: String, text: String)>) throws(SimulationRefusal) {
    for pair in pairs { try set(pair.name, to: pair.text) }
  }

  /// Reads the members of a JSON object, such as the `settings` of `POST /simulations`. A member
  /// that is `null` is as if it were not there.
  package init(json: JSONValue) throws(SimulationRefusal) {
    guard case .object(let members) = json else {
      throw .settingNotAllowed(
        name: "settings", value: json.compactText, allowed: "an object of settings")
    }
    for member in members {
      switch member.value {
      case .null: continue
      case .string(let text): try set(member.name, to: text)
      case let value: try set(member.name, to: value.compactText)
      }
    }
  }

  /// Sets one setting from its text after checking that the name exists and the value is allowed.
  package mutating func set(_ name: String, to text: String) throws(SimulationRefusal) {
    func refused(_ allowed: String) -> SimulationRefusal {
      .settingNotAllowed(name: name, value: text, allowed: allowed)
    }
    func choice<Choice: RawRepresentable & CaseIterable>(
      _ type: Choice.Type
    ) throws(SimulationRefusal) -> Choice where Choice.RawValue == String {
      guard let value = Choice(rawValue: text) else {
        throw refused(Choice.allCases.map(\.rawValue).joined(separator: " or "))
      }
      return value
    }
    func number(
      _ allowed: String, _ isAllowed: (Double) -> Bool
    ) throws(SimulationRefusal) -> Double {
      guard let value = Double(text), value.isFinite, isAllowed(value) else {
        throw refused(allowed)
      }
      return value
    }
    func whole(_ range: ClosedRange<Int>) throws(SimulationRefusal) -> Int {
      guard let value = Int(text), range.contains(value) else {
        throw refused("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    func date() throws(SimulationRefusal) -> CalendarDate {
      guard let value = CalendarDate(text) else { throw refused("a date such as 2018-01-20") }
      return value
    }
    func label() throws(SimulationRefusal) -> String {
      guard !text.isEmpty, text.utf8.count <= 64 else { throw refused("a name") }
      return text
    }
    switch name {
    case "instrumentType": instrumentType = try label()
    case "region": region = try label()
    case "universe": universe = try label()
    case "delay": delay = try whole(0...1)
    case "decay": decay = try whole(0...Self.decayLimit)
    case "neutralization": neutralization = try choice(Neutralization.self)
    case "truncation": truncation = try number("a share from 0 to 1") { $0 >= 0 && $0 <= 1 }
    case "pasteurization": pasteurization = try choice(Toggle.self)
    case "unitHandling": unitHandling = try choice(UnitHandling.self)
    case "nanHandling": nanHandling = try choice(Toggle.self)
    case "maxTrade": maxTrade = try choice(Toggle.self)
    case "language": guard text == "FASTEXPR" else { throw refused("FASTEXPR") }
    case "visualization":
      guard let flag = Bool(text) else { throw refused("true or false") }
      visualization = flag
    case "testPeriod":
      guard let period = CalendarPeriod(text) else {
        throw refused("an ISO 8601 period of years, months and days such as P1Y6M")
      }
      testPeriod = period
    case "stepOrder": stepOrder = try choice(StepOrder.self)
    case "bookSize": bookSize = try number("an amount of money above 0") { $0 > 0 }
    case "costRate": costRate = try number("a fraction from 0 to below 1") { $0 >= 0 && $0 < 1 }
    case "startDate": startDate = try date()
    case "endDate": endDate = try date()
    default:
      throw .unknownSetting(name: name, nearest: nearestName(to: name, among: Self.names))
    }
  }

  /// Throws where a setting that was assigned in code is outside its range.
  package func validate() throws(SimulationRefusal) {
    _ = try SimulationSettings(json: json)
  }

  /// The settings as a JSON object with BRAIN's names and types.
  package var json: JSONValue { .object(members) }

  private var members: [JSONValue.Member] {
    Self.names.map { name in
      let value: JSONValue =
        switch name {
        case "instrumentType": .string(instrumentType)
        case "region": .string(region)
        case "universe": .string(universe)
        case "delay": .integer(delay)
        case "decay": .integer(decay)
        case "neutralization": .string(neutralization.rawValue)
        case "truncation": .number(truncation)
        case "pasteurization": .string(pasteurization.rawValue)
        case "unitHandling": .string(unitHandling.rawValue)
        case "nanHandling": .string(nanHandling.rawValue)
        case "maxTrade": .string(maxTrade.rawValue)
        case "language": "FASTEXPR"
        case "visualization": .bool(visualization)
        case "testPeriod": .string(testPeriod.description)
        case "stepOrder": .string(stepOrder.rawValue)
        case "bookSize": .number(bookSize)
        case "costRate": .number(costRate)
        case "startDate": startDate.map { .string($0.description) } ?? .null
        case "endDate": endDate.map { .string($0.description) } ?? .null
        default: preconditionFailure("the setting \(name) has no value")
        }
      return JSONValue.Member(name, value)
    }
  }

  /// One line that is equal exactly for equal settings.
  package var canonicalText: String { json.compactText }

  package var fingerprint: Fingerprint { Fingerprint(of: canonicalText) }
}
