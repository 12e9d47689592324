import Services
import Storage

/// What an import made, and which defects it found.
struct ImportPage: Sendable {
  let manifest: PanelManifest
  let store: String

  func text(_ terminal: TerminalFacts) -> String {
    let size = Table.Cell.number(Double(manifest.byteCount) / 1e6, decimals: 1).text
    let rows = Table.Cell.count(manifest.rows).text
    let universes = ["ALL"] + manifest.universes.map(\.name)
    let entries: [(name: String, value: String)] = [
      ("panel", manifest.name), ("store", store),
      ("rows", "\(rows) from \(manifest.first) to \(manifest.last)"),
      ("instruments", Table.Cell.count(manifest.columns).text),
      ("fields", manifest.fields.map(\.name).joined(separator: " ")),
      ("universes", universes.joined(separator: " ")), ("size", "\(size) MB"),
    ]
    var blocks = [
      entries.flatMap { name, value in
        Paragraph(DisplayWidth.harmless(value)).hung(
          behind: name, indent: 13, width: terminal.textWidth)
      }.joined(separator: "\n")
    ]
    if !manifest.provenance.defects.isEmpty { blocks.append(defects(terminal)) }
    blocks.append("result \(manifest.fingerprint)")
    return blocks.joined(separator: "\n\n")
  }

  /// Defects by kind, with the first of each and how it was handled.
  private func defects(_ terminal: TerminalFacts) -> String {
    var kinds: [String] = []
    var members: [String: [PanelProvenance.Defect]] = [:]
    for defect in manifest.provenance.defects {
      if members[defect.kind] == nil { kinds.append(defect.kind) }
      members[defect.kind, default: []].append(defect)
    }
    let table = Table(
      [
        .text("defect"), .number("count"), .text("first", narrowest: 16),
        .text("handling", narrowest: 24),
      ],
      rows: kinds.map { kind in
        let all = members[kind] ?? []
        let first = all.first.map { "\($0.instrument) \($0.date)" } ?? ""
        return [
          Table.Cell(kind), Table.Cell.count(all.count), Table.Cell(first),
          Table.Cell(all.first?.handling ?? ""),
        ]
      })
    return table.rendered(width: terminal.width, paint: terminal.paint)
  }
}
