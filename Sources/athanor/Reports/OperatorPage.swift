import AlphaLanguage
import Services

/// The page of one operator.
struct OperatorPage: Sendable {
  let entry: OperatorEntry

  func text(_ terminal: TerminalFacts) -> String {
    var entries: [(String, String)] = [
      ("category", entry.category.rawValue),
      (
        "tier",
        "\(entry.tier.rawValue) (in \(entry.scopes.map(\.rawValue).joined(separator: ", ")))"
      ),
      ("meaning", entry.meaning),
    ]
    if entry.code == nil {
      entries.append(("note", "It belongs to super-alphas and cannot stand in a formula here."))
    } else {
      entries += [("formula", entry.formula), ("result", entry.result.rawValue)]
      entries.append(("missing", entry.missing.text))
      if let ties = entry.ties { entries.append(("ties", ties)) }
      entries += [
        ("reads", entry.reach.text), ("unit", entry.units.text), ("cost", entry.cost.rawValue),
      ]
      if !entry.impliedFields.isEmpty {
        entries.append(("also reads", entry.impliedFields.joined(separator: ", ")))
      }
    }
    var lines = [terminal.paint.bold(entry.signature), ""]
    lines += entries.flatMap { name, value in
      Paragraph(value).hung(behind: "  " + name, indent: 14, width: terminal.textWidth)
    }
    if !entry.parameters.isEmpty { lines += ["", terminal.paint.bold("Parameters:")] }
    for parameter in entry.parameters {
      var notes = [parameter.kind.text]
      if parameter.isVariadic { notes.append("may be repeated") }
      if parameter.isNamedOnly { notes.append("written as \(parameter.name)=") }
      lines += Paragraph(notes.joined(separator: "; ")).hung(
        behind: "  " + parameter.name, indent: 14, width: terminal.textWidth)
    }
    return lines.joined(separator: "\n")
  }
}

/// Operators by category, one in each line.
struct OperatorList: Sendable {
  let entries: [OperatorEntry]

  func text(_ terminal: TerminalFacts) -> String {
    guard !entries.isEmpty else { return "No operator fits." }
    var lines: [String] = []
    let indent = min(40, 4 + (entries.map { DisplayWidth.of($0.signature) }.max() ?? 0))
    for category in OperatorEntry.Category.allCases {
      let members = entries.filter { $0.category == category }
      if members.isEmpty { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append(terminal.paint.bold("\(category.rawValue) (\(members.count))"))
      for entry in members {
        lines += Paragraph(entry.meaning).hung(
          behind: "  " + entry.signature, indent: indent,
          width: max(terminal.textWidth, indent + 40))
      }
    }
    return lines.joined(separator: "\n")
  }
}
