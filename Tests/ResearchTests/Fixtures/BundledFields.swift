import AlphaLanguage
import Foundation
import Markets
import Storage
import TestKit

@testable import Research

/// The fields of the bundled stocks, and a retrieval pack over them.
enum BundledFields {
  /// Read from the bundled files once for all tests of the process.
  static let schema: PanelSchema = {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bundled-fields-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = PanelStore(folder: folder.path)
    let data = BundledData(
      folder: checkoutFolder.appendingPathComponent("Examples/Data").path)
    do {
      _ = try data.equitiesImport.run(into: store, replacing: true) { _ in }
      return try store.open(BundledData.equities).schema
    } catch {
      preconditionFailure("the bundled stocks cannot be read: \(error)")
    }
  }()

  static var checker: FormulaChecker { FormulaChecker(schema: schema) }

  /// Operators that every account has, and a few that not every one has for exploring.
  static let explored: Set<OperatorCode> = [
    .tsSkewness, .tsMedian, .tsDecayExpWindow, .regressionNeut, .vectorNeut, .fraction,
  ]

  /// Every field and the operators above; fields of accounts and of what is rarely used explore.
  static func pack(query: String = "") -> RetrievalPack {
    var pack = RetrievalPack(ideaID: "idea", query: query)
    let usual: Set<String> = [
      "open", "high", "low", "close", "vwap", "volume", "returns", "cap", "adv20", "income",
      "assets", "equity", "sector", "industry", "subindustry", "market",
    ]
    pack.fields = schema.fields.values.sorted { $0.name < $1.name }.map { field in
      RetrievalPack.Field(
        id: field.name, datasetID: "bundled", type: field.kind.rawValue,
        lane: usual.contains(field.name) ? .exploit : .explore,
        score: usual.contains(field.name) ? 0.8 : 0.4, meaning: field.summary)
    }
    pack.operators = OperatorCatalog.fastexpr.entries.compactMap { entry in
      guard let code = entry.code, entry.tier == .base || explored.contains(code) else {
        return nil
      }
      return RetrievalPack.Operator(
        name: entry.name, definition: entry.signature, scope: ["REGULAR"],
        category: entry.category.rawValue, lane: entry.tier == .base ? .exploit : .explore,
        score: 0.5)
    }
    return pack
  }
}
