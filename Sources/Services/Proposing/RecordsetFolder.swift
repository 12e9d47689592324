package import Backtesting
package import Essentials
import Foundation
import Research
package import Storage

/// Tables that belong to results, each in a file of its own: `<folder>/<alpha>/<table>.json`.
package struct RecordsetFolder: Hashable, Sendable {
  /// A table as BRAIN sends it: a schema with named columns, then records.
  package struct Table: Hashable, Sendable {
    package let name: String
    package let document: JSONValue

    package init(name: String, document: JSONValue) {
      self.name = name
      self.document = document
    }
  }

  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// Writes the tables of an alpha; returns the paths of their files.
  package func write(_ tables: [Table], of alphaID: String) throws(FileFailure) -> [String] {
    var paths: [String] = []
    for table in tables {
      guard Self.isName(alphaID), Self.isName(table.name) else {
        throw FileFailure.unwritable(
          path: "\(path)/\(alphaID)/\(table.name).json", reason: "the name is none of a file")
      }
      let file = "\(path)/\(alphaID)/\(table.name).json"
      try DocumentFile.write(table.document, to: file)
      paths.append(file)
    }
    return paths
  }

  /// A name from outside must not lead out of the folder.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 128
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
  }

  // MARK: - Profits

  /// Reads the profits of every day from the tables of a result; nil where none of them tells.
  package static func profits(of result: AlphaResult) -> PnLPool.Entry? {
    for path in result.recordsetsSaved where path.hasSuffix("/\(Recordset.dailyPnL.rawValue).json")
    {
      guard let text = try? SourceText.read(path: path),
        let table = try? JSONValue(parsing: text),
        let (stamps, values) = series(of: table)
      else { continue }
      return PnLPool.Entry(
        name: result.alphaID, stamps: stamps, pnl: values, sharpe: result.metrics.sharpe ?? .nan)
    }
    return nil
  }

  /// Dates that rise and the column `pnl`; nil where the table has something else.
  private static func series(of table: JSONValue) -> ([Timestamp], [Double])? {
    guard case .array(let properties)? = table["schema"]?["properties"],
      case .array(let records)? = table["records"], !records.isEmpty,
      let date = properties.firstIndex(where: { $0["name"] == "date" }),
      let profit = properties.firstIndex(where: { $0["name"] == "pnl" })
    else { return nil }
    var stamps: [Timestamp] = []
    var values: [Double] = []
    for record in records {
      guard case .array(let cells) = record, cells.count > max(date, profit),
        case .string(let text) = cells[date], let stamp = StampText.parse(text)?.stamp,
        stamps.last.map({ $0 < stamp }) ?? true
      else { return nil }
      stamps.append(stamp)
      switch cells[profit] {
      case .integer(let number): values.append(Double(number))
      case .number(let number): values.append(number)
      default: values.append(.nan)
      }
    }
    return (stamps, values)
  }
}
