/// What the catalogue knows of one operator: how it is written, what it means, and how units and
/// time flow through it.
package struct OperatorEntry: Sendable {
  /// The chapter of the catalog that the operator stands in, by BRAIN's names.
  package enum Category: String, Hashable, Sendable, CaseIterable {
    case arithmetic = "Arithmetic"
    case logical = "Logical"
    case timeSeries = "Time Series"
    case crossSectional = "Cross Sectional"
    case group = "Group"
    case vector = "Vector"
    case transformational = "Transformational"
    case special = "Special"
    case reduce = "Reduce"
  }

  /// Where BRAIN offers the operator.
  package enum Tier: String, Hashable, Sendable {
    /// To every account.
    case base
    /// To accounts of a higher level.
    case genius
    /// In old documentation only.
    case legacy
  }

  /// The kind of expression that an operator may stand in.
  package enum Scope: String, Hashable, Sendable {
    /// An alpha.
    case regular = "REGULAR"
    /// The combination of alphas in a super-alpha.
    case combo = "COMBO"
    /// The selection of alphas for a super-alpha.
    case selection = "SELECTION"
  }

  /// What kind of column the operator makes.
  package enum Result: String, Hashable, Sendable {
    case matrix = "MATRIX"
    /// A matrix of 1 and 0 (and missing values).
    case truth = "BOOLEAN"
    case group = "GROUP"
    case vector = "VECTOR"
  }

  package let name: String
  /// Nil for an operator that cannot stand in an alpha.
  package let code: OperatorCode?
  package let category: Category
  package let tier: Tier
  package let scopes: [Scope]
  /// In the order in which positional arguments are written.
  package let parameters: [OperatorParameter]
  /// The parameters whose arguments become a node's inputs, in their order.
  package let inputs: [OperatorParameter]
  /// The parameters whose arguments become a node's options, in their order: option `i` of a node
  /// is the value of `options[i]`, and every node has all of them.
  package let options: [OperatorParameter]
  package let result: Result
  package let units: UnitRule
  package let reach: ReachRule
  /// Whether its two inputs may be swapped without changing a bit of the result.
  package let isCommutative: Bool
  /// Fields that the operator reads without their being written; they follow its written inputs in
  /// a graph node, in this order.
  package let impliedFields: [String]
  /// One sentence on what it does.
  package let meaning: String
  package let formula: String
  package let missing: MissingRule
  /// How equal values are treated, where that matters.
  package let ties: String?
  package let cost: OperatorCost

  init(
    _ category: Category, _ code: OperatorCode, _ tier: Tier, _ parameters: [OperatorParameter],
    gives result: Result = .matrix, units: UnitRule, reach: ReachRule = .row,
    isCommutative: Bool = false, implies impliedFields: [String] = [], means meaning: String,
    formula: String, missing: MissingRule, ties: String? = nil, cost: OperatorCost = .constant
  ) {
    name = code.rawValue
    self.code = code
    self.category = category
    self.tier = tier
    scopes = [.combo, .regular]
    self.parameters = parameters
    inputs = parameters.filter { !$0.kind.isOption }
    options = parameters.filter(\.kind.isOption)
    self.result = result
    self.units = units
    self.reach = reach
    self.isCommutative = isCommutative
    self.impliedFields = impliedFields
    self.meaning = meaning
    self.formula = formula
    self.missing = missing
    self.ties = ties
    self.cost = cost
  }

  /// An operator of super-alphas, known so that it can be refused with its reason.
  init(outside name: String, _ category: Category, _ scope: Scope, means meaning: String) {
    self.name = name
    code = nil
    self.category = category
    tier = .base
    scopes = [scope]
    parameters = []
    inputs = []
    options = []
    result = .matrix
    units = .unknown
    reach = .row
    isCommutative = false
    impliedFields = []
    self.meaning = meaning
    formula = ""
    missing = .spreads
    ties = nil
    cost = .constant
  }

  /// The call as documentation writes it, such as `ts_rank(x, d, constant=0)`.
  package var signature: String {
    var parts: [String] = []
    for parameter in parameters {
      switch parameter.standard {
      case nil, .absent?:
        parts.append(parameter.isNamedOnly ? "\(parameter.name)=" : parameter.name)
      case let standard?:
        parts.append("\(parameter.name)=\(CanonicalText.spelling(of: standard, parameter))")
      }
      if parameter.isVariadic { parts.append("...") }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

/// The largest amount of work for one cell of the result.
package enum OperatorCost: String, Hashable, Sendable {
  case constant = "constant work per cell"
  case logarithmic = "logarithmic work per cell, by sorting the row or keeping a sorted window"
  case linear = "work per cell that grows with the window, the group or the number of instruments"
  case quadratic = "work per cell that grows with the square of the window"
}

/// What an operator makes of missing values.
package enum MissingRule: Hashable, Sendable, ExpressibleByStringLiteral {
  /// Missing where any input is missing.
  case spreads
  /// A window statistic over the values that are present.
  case skippedInWindow
  /// As `skippedInWindow`, and missing where today's value is missing.
  case skippedInWindowAndKept
  /// Rows of the window where either input is missing are left out.
  case pairsSkipped
  /// A statistic of the row over the values that are present; a missing cell stays missing.
  case skippedInRow
  /// A statistic of the group over the members that are present; a missing cell stays missing.
  case skippedInGroup
  /// A statistic of the group, handed to every member that is present; with nanHandling ON also to
  /// the others.
  case sharedInGroup
  /// A statistic of the group, handed to every member, also to those that are missing.
  case handedToAll
  /// A statistic of the events that are present; missing where there is none.
  case emptyIsMissing
  case never
  case other(String)

  package init(stringLiteral text: String) { self = .other(text) }

  /// The rule as a sentence for the catalog's pages.
  package var text: String {
    switch self {
    case .spreads: "A cell is missing where any input is missing."
    case .skippedInWindow:
      """
      Missing values in the window are skipped; the result is missing where none is present, or \
      with nanHandling ON 0. Rows before the first count as missing.
      """
    case .skippedInWindowAndKept:
      """
      Missing values in the window are skipped; the result is missing where today's value is. \
      With nanHandling ON a window without any value gives 0. Rows before the first count as missing.
      """
    case .pairsSkipped:
      """
      Rows of the window where any input is missing are left out. Rows before the first count as \
      missing.
      """
    case .skippedInRow: "Missing cells stay missing and do not count."
    case .skippedInGroup:
      """
      Missing cells stay missing and do not count; an instrument whose class is not known is \
      missing.
      """
    case .sharedInGroup:
      """
      Missing members do not count and stay missing, or with nanHandling ON receive the group's \
      value; an instrument whose class is not known is missing.
      """
    case .handedToAll:
      """
      Missing members do not count but receive the group's value; an instrument whose class is \
      not known is missing.
      """
    case .emptyIsMissing: "Missing events do not count; a cell without events is missing."
    case .never: "The result is never missing."
    case .other(let text): text
    }
  }
}

/// How the unit of a result follows from those of the inputs.
package enum UnitRule: Hashable, Sendable {
  /// That of the first input.
  case kept
  /// That of the second input.
  case ofSecond
  /// That of all inputs, which should agree.
  case agreeing
  /// None, and the inputs should agree.
  case comparing
  /// That of the last two of three inputs, which should agree.
  case choice
  case product
  case quotient
  case inverse
  case root
  /// That of the first input raised to the second, where that is a whole constant.
  case power
  /// None, whatever the inputs are.
  case dimensionless
  /// None, and the first input should have none.
  case dimensionlessInput
  /// None where the first input has none, else not known.
  case dimensionlessIfInputIs
  /// By the option `rettype` of a regression.
  case regression
  case unknown
}

/// Which rows of its inputs the result of a row depends on.
package enum ReachRule: Hashable, Sendable {
  /// The same row.
  case row
  /// The same row and the one before.
  case previous
  /// The one row that lies the window's length back.
  case delayed
  /// The same row and the one that lies the window's length back.
  case rowAndDelayed
  /// The window: the same row and the ones before it, as many as the window counts.
  case window
  /// The window and one more row, for changes within it.
  case windowOfChanges
  /// The window, and at least the row before.
  case windowAndPrevious
  /// The window and `lag` further rows.
  case windowAndLag
  /// `days` and `lag` further rows.
  case daysAndLag
  /// The option `period` and one more row.
  case period
  /// Every earlier row: the operator holds state.
  case history
}
