import Essentials

extension PolicyForm<RobustnessRules.TrialCount> {
  /// `from_registry`, or a number.
  static let trials: PolicyForm = {
    let count = PolicyForm<Int>.whole(1...1_000_000_000)
    return PolicyForm(
      read: { value, reader in
        if value.scalar?.text == "from_registry" { return .registry }
        return count.read(value, &reader).map(RobustnessRules.TrialCount.fixed)
      },
      write: {
        switch $0 {
        case .registry: "from_registry"
        case .fixed(let trials): .integer(trials)
        }
      },
      schema: [
        JSONValue.Member("anyOf", .array([["const": "from_registry"], .object(count.schema)]))
      ])
  }()
}

extension PolicyForm<RiskRules.EquityBasis> {
  /// `account`, or `{fixed: 1_000_000}`.
  static let equity: PolicyForm = {
    let fixed = PolicyForm<Double?>.mapping(
      from: nil, required: ["fixed"],
      [
        .optional("fixed", \.self, .number(0.01...1e15), "An amount in the account's currency.")
      ])
    return PolicyForm(
      read: { value, reader in
        if value.scalar?.text == "account" { return .account }
        guard value.entries != nil else {
          reader.refuse(
            value, "unknown_choice", "is \(value.kind)", "Write account or {fixed: 1_000_000}.")
          return nil
        }
        return fixed.read(value, &reader).flatMap { amount in
          amount.map(RiskRules.EquityBasis.fixed)
        }
      },
      write: {
        switch $0 {
        case .account: "account"
        case .fixed(let amount): fixed.write(amount)
        }
      },
      schema: [JSONValue.Member("anyOf", .array([["const": "account"], .object(fixed.schema)]))],
      paths: fixed.paths)
  }()
}

extension PolicyForm<SelectionRules.ApprovalRule> {
  private enum Mode: String, CaseIterable, Sendable {
    case auto, manual
  }

  private struct Entry: Sendable {
    var mode = Mode.auto
    var approvers: [String] = []
  }

  /// `{to_live: auto}`, or `{to_live: manual, approvers: [...]}`.
  static let approval: PolicyForm = PolicyForm<Entry>.mapping(
    from: Entry(),
    [
      .key("to_live", \.mode, .choice, "auto, or manual for a person's word."),
      .key("approvers", \.approvers, .list(of: .text), "Whose word counts."),
    ]
  ).mapped(
    to: { entry, value, reader in
      switch entry.mode {
      case .auto:
        if !entry.approvers.isEmpty {
          reader.refuse(
            value, "needless_approvers", "names approvers whom nobody asks",
            "Write to_live: manual, or remove them.")
        }
        return .auto
      case .manual:
        if entry.approvers.isEmpty {
          reader.refuse(
            value, "missing_approvers", "is manual and names nobody",
            "Add approvers: [name]; without one nothing is ever promoted.")
        }
        return .manual(approvers: entry.approvers)
      }
    },
    from: {
      switch $0 {
      case .auto: Entry()
      case .manual(let approvers): Entry(mode: .manual, approvers: approvers)
      }
    })
}

/// When cycles begin.
struct EvaluationSchedule: Hashable, Sendable {
  /// Nil for the world's interval.
  var every: TimeSpan?
  var offset: TimeSpan
}

extension EvaluationRules {
  /// The schedule that the document writes on one line.
  var schedule: EvaluationSchedule {
    get { EvaluationSchedule(every: every, offset: offset) }
    set {
      every = newValue.every
      offset = newValue.offset
    }
  }
}

extension PolicyForm<EvaluationSchedule> {
  /// `every interval`, `every 1h`, `every 1h at +2m`; or a cron line that means one of these:
  /// `m * * * *`, `m h * * *`, `*/n * * * *`.
  static let schedule = PolicyForm(
    read: { value, reader in
      guard let text = value.scalar?.text,
        let schedule = written(text) ?? cron(text)
      else {
        reader.refuse(
          value, "unknown_schedule", "is \(value.kind), which is no schedule",
          "Write `every interval`, `every 1h at +2m`, or a cron line such as `2 * * * *`.")
        return nil
      }
      return schedule
    },
    write: { schedule in
      let every = schedule.every?.description ?? "interval"
      return .string(
        schedule.offset == .zero ? "every \(every)" : "every \(every) at +\(schedule.offset)")
    },
    schema: [JSONValue.Member("type", "string")])

  private static func written(_ text: String) -> EvaluationSchedule? {
    let words = text.split(separator: " ")
    guard words.count == 2 || words.count == 4, words[0] == "every" else { return nil }
    let every = TimeSpan(policy: words[1])
    guard words[1] == "interval" || (every ?? .zero) > .zero else { return nil }
    guard words.count == 4 else { return EvaluationSchedule(every: every, offset: .zero) }
    guard words[2] == "at", words[3].hasPrefix("+"),
      let offset = TimeSpan(policy: words[3].dropFirst())
    else { return nil }
    return EvaluationSchedule(every: every, offset: offset)
  }

  private static func cron(_ text: String) -> EvaluationSchedule? {
    let fields = text.split(separator: " ")
    guard fields.count == 5, fields[2...].allSatisfy({ $0 == "*" }) else { return nil }
    if fields[0].hasPrefix("*/"), fields[1] == "*" {
      guard let minutes = number(fields[0].dropFirst(2), 1...59), 60 % minutes == 0 else {
        return nil
      }
      return EvaluationSchedule(every: .minutes(minutes), offset: .zero)
    }
    guard let minute = number(fields[0], 0...59) else { return nil }
    if fields[1] == "*" { return EvaluationSchedule(every: .hours(1), offset: .minutes(minute)) }
    return number(fields[1], 0...23).map {
      EvaluationSchedule(every: .days(1), offset: .minutes(60 * $0 + minute))
    }
  }

  private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(text),
      range.contains(number)
    else { return nil }
    return number
  }
}
