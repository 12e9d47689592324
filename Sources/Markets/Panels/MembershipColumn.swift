/// Whether an instrument belongs to a universe in each row.
package struct MembershipColumn: Sendable {
  package let rows: Int
  package let columns: Int
  /// One byte a cell, time-major: 1 for a member, 0 for none.
  package let members: [UInt8]

  package init(rows: Int, columns: Int, members: [UInt8]) {
    precondition(members.count == rows * columns)
    self.rows = rows
    self.columns = columns
    self.members = members
  }

  /// Returns whether an instrument belongs to the universe in a row.
  package func contains(row: Int, column: Int) -> Bool { members[row * columns + column] != 0 }
}
