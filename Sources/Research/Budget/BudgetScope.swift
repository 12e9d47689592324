package import Essentials

/// A stretch of work that a ceiling holds for.
package enum BudgetPeriod: String, Hashable, Sendable, CaseIterable {
  /// One run: the batch of everything that carries one run id.
  case batch
  /// One UTC day over all runs.
  case day
  /// One ISO week, Monday to Sunday in UTC, over all runs.
  case week
}

/// What an account of the ledger keeps the balances of.
package enum BudgetScope: Hashable, Sendable {
  case run(String)
  case day(CalendarDate)
  case week(ISOWeek)
  /// The tokens of an idea's one expansion after repeated errors.
  case expansion(run: String, idea: String)

  /// The period whose ceilings hold here; an expansion has none.
  package var period: BudgetPeriod? {
    switch self {
    case .run: .batch
    case .day: .day
    case .week: .week
    case .expansion: nil
    }
  }

  /// The scope's kind, a colon and its name, such as `day:2026-11-21`.
  package var name: String {
    switch self {
    case .run(let run): "run:\(run)"
    case .day(let date): "day:\(date)"
    case .week(let week): "week:\(week)"
    case .expansion(let run, let idea): "expansion:\(run):\(idea)"
    }
  }
}

/// A week by ISO 8601: Monday to Sunday, named by the year that its Thursday lies in.
package struct ISOWeek: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let monday: CalendarDate

  /// The week that contains a day.
  package init(containing date: CalendarDate) {
    monday = date.advanced(byDays: -date.weekday)
  }

  /// `YYYY-Www`, such as `2026-W47`.
  package var description: String {
    let thursday = monday.advanced(byDays: 3)
    let year = thursday.year
    // January 1 exists in every year, so this is never the Thursday itself by default.
    let newYear = CalendarDate(year: year, month: 1, day: 1) ?? thursday
    let number = Int(thursday.daysSinceEpoch - newYear.daysSinceEpoch) / 7 + 1
    return "\(year)-W\(number < 10 ? "0" : "")\(number)"
  }

  package static func < (left: Self, right: Self) -> Bool { left.monday < right.monday }
}
