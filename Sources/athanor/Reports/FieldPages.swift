import Services
import Storage

/// The page of one field.
struct FieldPage: Sendable {
  let field: PanelManifest.Field

  func text(_ terminal: TerminalFacts) -> String {
    var entries = [("type", field.kind), ("unit", field.unit), ("meaning", field.summary)]
    if let labels = field.labels {
      entries.append(("classes", "\(labels.count): \(labels.joined(separator: ", "))"))
    }
    if field.leadRows > 0 {
      entries.append(("leads", "\(field.leadRows) rows into the future; formulas may not use it"))
    }
    let lines = entries.flatMap { name, value in
      Paragraph(DisplayWidth.harmless(value)).hung(
        behind: "  " + name, indent: 12, width: terminal.textWidth)
    }
    return ([terminal.paint.bold(field.name), ""] + lines).joined(separator: "\n")
  }
}

/// The fields and universes of a panel, one in each row.
struct FieldList: Sendable {
  let manifest: PanelManifest
  let fields: [PanelManifest.Field]

  func text(_ terminal: TerminalFacts) -> String {
    var table = Table([
      .text("field"), .text("type"), .text("unit", rank: 1), .text("meaning", narrowest: 30),
    ])
    for field in fields {
      table.add([
        Table.Cell(field.name), Table.Cell(field.kind), Table.Cell(field.unit),
        Table.Cell(field.summary),
      ])
    }
    var blocks = [
      "\(manifest.name): \(fields.count) of \(manifest.fields.count) fields",
      fields.isEmpty
        ? "No field fits." : table.rendered(width: terminal.width, paint: terminal.paint),
    ]
    if !manifest.universes.isEmpty {
      let universes = Table(
        [.text("universe"), .text("meaning", narrowest: 30)],
        rows: manifest.universes.map { [Table.Cell($0.name), Table.Cell($0.summary)] })
      blocks.append(universes.rendered(width: terminal.width, paint: terminal.paint))
    }
    return blocks.joined(separator: "\n\n")
  }
}
