import Essentials

/// What was used in the latest day or week that a run had to do with, by the run and by all others.
///
/// The others' part is what the run's last check said of it. A reader who has the tables of the
/// ledger knows better, and says so with ``DeskUse``.
struct PeriodMeter: Hashable, Sendable {
  enum Length: Hashable, Sendable {
    case day, week
  }

  let length: Length
  /// The first day of the period, nil before anything is known.
  private(set) var start: CalendarDate?
  private(set) var others = Spend.zero
  private(set) var own = Spend.zero

  init(_ length: Length) {
    self.length = length
  }

  func start(of time: Timestamp) -> CalendarDate {
    switch length {
    case .day: time.date
    case .week: ISOWeek(containing: time.date).monday
    }
  }

  /// Whether an instant lies in the period.
  func contains(_ time: Timestamp) -> Bool { start == start(of: time) }

  /// Takes in what a check at an instant found used by everybody, `held` of it by calls of this run.
  mutating func take(usedBefore: Spend, held: Spend, at time: Timestamp) {
    begin(at: time)
    guard contains(time) else { return }
    let known = own.saturating(plus: held)
    others = Spend.zero.saturating(plus: usedBefore).saturating(plus: Spend.zero - known)
  }

  /// Takes in what a call of this run that was granted at an instant has used.
  mutating func add(_ spend: Spend, grantedAt time: Timestamp) {
    begin(at: time)
    if contains(time) { own = own.saturating(plus: spend) }
  }

  private mutating func begin(at time: Timestamp) {
    let next = start(of: time)
    if let start, start >= next { return }
    start = next
    others = .zero
    own = .zero
  }

  /// What was used by an instant; nothing in a period of which nothing is known.
  func used(at now: Timestamp) -> Spend { contains(now) ? others.saturating(plus: own) : .zero }
}
