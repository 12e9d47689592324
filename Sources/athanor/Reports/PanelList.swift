import Storage

/// The panels of a store, one in each row.
struct PanelList: Sendable {
  let store: String
  let listings: [PanelStore.Listing]
  /// Bundled panels that are not in the store yet.
  let waiting: [String]

  func text(_ terminal: TerminalFacts) -> String {
    var blocks = ["store \(store)"]
    if listings.isEmpty {
      blocks.append("The store has no panel yet.")
    } else {
      blocks.append(table.rendered(width: terminal.width, paint: terminal.paint))
    }
    for listing in listings {
      if case .failure(let failure) = listing.manifest { blocks.append("\(failure)") }
    }
    if !waiting.isEmpty {
      blocks.append("Bundled, imported at first use: \(waiting.joined(separator: ", ")).")
    }
    return blocks.joined(separator: "\n\n")
  }

  private var table: Table {
    var table = Table([
      .text("panel"), .number("rows"), .number("instruments"), .number("fields", rank: 3),
      .text("first"), .text("last"), .number("bar", unit: "s", rank: 4),
      .number("size", unit: "MB", rank: 2), .number("defects", rank: 1),
      .text("fingerprint", rank: 5),
    ])
    for listing in listings {
      switch listing.manifest {
      case .success(let manifest):
        table.add([
          Table.Cell(manifest.name), .count(manifest.rows), .count(manifest.columns),
          .count(manifest.fields.count), Table.Cell(manifest.first), Table.Cell(manifest.last),
          .count(manifest.spacing.barSeconds),
          .number(Double(manifest.byteCount) / 1e6, decimals: 1),
          .count(manifest.provenance.defects.count),
          Table.Cell(String(manifest.fingerprint.prefix(12))),
        ])
      case .failure:
        table.add(
          [Table.Cell(listing.name)] + [Table.Cell](repeating: .missing, count: 9))
      }
    }
    return table
  }
}
