import Essentials

extension Panel {
  /// Returns the panel as it was after its first `count` rows: nothing of what came later is in it.
  ///
  /// Its fingerprint names the whole panel and the number of rows. Matrices share their memory.
  package func prefix(_ count: Int) -> Panel {
    precondition(count >= 0 && count <= rows, "\(count) rows of \(rows)")
    return Panel(
      name: name, fingerprint: Fingerprint(of: "\(fingerprint) first \(count) rows"),
      axis: TimeAxis(stamps: Array(axis.stamps.prefix(count)), spacing: axis.spacing),
      instruments: instruments,
      fields: fields.values.sorted { $0.name < $1.name }.map { $0.prefix(count) },
      universes: universes.mapValues { $0.prefix(count) })
  }
}

extension PanelField {
  fileprivate func prefix(_ count: Int) -> PanelField {
    let kept: Values =
      switch values {
      case .matrix(let column): .matrix(column.prefix(count))
      case .vector(let column): .vector(column.prefix(count))
      case .group(let column): .group(column.prefix(count))
      }
    return PanelField(description: description, values: kept)
  }
}

extension VectorColumn {
  /// Returns the events of the first `count` rows.
  fileprivate func prefix(_ count: Int) -> VectorColumn {
    let cells = count * columns
    return VectorColumn(
      rows: count, columns: columns, offsets: Array(offsets.prefix(cells + 1)),
      values: Array(values.prefix(Int(offsets[cells]))))
  }
}

extension GroupColumn {
  /// Returns the classes of the first `count` rows, of which there must be one.
  fileprivate func prefix(_ count: Int) -> GroupColumn {
    isFixed
      ? self
      : GroupColumn(labels: labels, columns: columns, codes: Array(codes.prefix(count * columns)))
  }
}

extension MembershipColumn {
  /// Returns who belonged in the first `count` rows.
  package func prefix(_ count: Int) -> MembershipColumn {
    MembershipColumn(rows: count, columns: columns, members: Array(members.prefix(count * columns)))
  }
}
