/// One kind of thing that is odd about a panel or a file, with a count and the first examples.
package struct PanelFinding: Hashable, Sendable, CustomStringConvertible {
  /// How much a finding weighs, lightest first.
  package enum Severity: Int, Hashable, Comparable, Sendable {
    /// Worth knowing.
    case note
    /// Results may depend on it.
    case warning
    /// Results will be wrong.
    case error

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The word for tables and JSON.
    package var name: String {
      switch self {
      case .note: "note"
      case .warning: "warning"
      case .error: "error"
      }
    }
  }

  /// What was found, by the stable name that programs branch on.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case unreadableFile = "unreadable_file"
    case duplicateBar = "duplicate_bar"
    case outOfOrder = "date_out_of_order"
    case impossibleBar = "impossible_bar"
    case unadjustedSplit = "unadjusted_split"
    case emptyInstrument = "empty_instrument"
    case emptyField = "empty_field"
    case missingBar = "missing_bar"
    case missingTime = "missing_time"
    case lonelyBar = "lonely_bar"
    case staleRun = "stale_run"
    case zeroVolume = "zero_volume_bar"
    case extremeReturn = "extreme_return"

    /// What the kind means, in one sentence.
    package var meaning: String {
      switch self {
      case .unreadableFile: "The file cannot be read to its end."
      case .duplicateBar: "An instrument has two bars at one instant."
      case .outOfOrder: "A bar comes after a later one of the same instrument."
      case .impossibleBar: "No market can have printed the bar."
      case .unadjustedSplit: "The price jumps by the ratio of a split and no adjustment undoes it."
      case .emptyInstrument: "The instrument has no bar."
      case .emptyField: "Every value of the field is missing."
      case .missingBar: "A bar is missing between the first and the last of the instrument."
      case .missingTime: "Rows are further apart than one bar."
      case .lonelyBar: "An instrument has a bar where most others have none."
      case .staleRun: "Open, high, low, close and volume repeat for many rows."
      case .zeroVolume: "Nothing was traded in the bar."
      case .extremeReturn: "The price moved by more than half in one row."
      }
    }

    /// How much a finding of this kind weighs.
    package var severity: Severity {
      switch self {
      case .unreadableFile, .duplicateBar, .outOfOrder, .impossibleBar, .unadjustedSplit: .error
      case .emptyInstrument, .emptyField, .missingBar, .missingTime, .lonelyBar, .staleRun:
        .warning
      case .zeroVolume, .extremeReturn: .note
      }
    }
  }

  /// Where it was seen.
  package struct Example: Hashable, Sendable, CustomStringConvertible {
    package var instrument: String
    /// ISO 8601, empty where the example has no date.
    package var stamp: String
    package var detail: String

    package var description: String {
      [instrument, stamp, detail].filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  package var kind: Kind
  package var count: Int
  /// The first examples, at most `PanelCheck.exampleLimit`.
  package var examples: [Example]

  package var severity: Severity { kind.severity }

  package var description: String {
    let shown = examples.map(\.description).joined(separator: "; ")
    let more = count > examples.count ? "; ..." : ""
    return "\(severity.name) \(kind.rawValue) x\(count): \(kind.meaning) \(shown)\(more)"
  }
}

/// What a check found, worst first.
package struct PanelCheckReport: Hashable, Sendable {
  /// The panel or the file that was checked.
  package var subject: String
  package var instruments: Int
  package var rows: Int
  package var bars: Int
  package var findings: [PanelFinding]

  /// The worst severity, nil where nothing was found.
  package var worst: PanelFinding.Severity? { findings.map(\.severity).max() }

  /// Returns the first finding of a kind, nil where there is none.
  package func finding(_ kind: PanelFinding.Kind) -> PanelFinding? {
    findings.first { $0.kind == kind }
  }

  /// One row for each finding, under the headings `tableHeader`.
  package var tableRows: [[String]] {
    findings.map { finding in
      [
        finding.severity.name, finding.kind.rawValue, String(finding.count),
        finding.examples.first?.description ?? "", finding.kind.meaning,
      ]
    }
  }

  package static let tableHeader = ["severity", "finding", "count", "first", "meaning"]
}
