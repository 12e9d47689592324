import Essentials
import Foundation
import Research
import Services

/// A budget with the prices that its file names.
struct BudgetFiles {
  /// The budget of a checkout, taken where a command is not told another.
  static let usualPath = "configs/llm_budget.json"

  static let budget = Option<String?>.optional(
    "budget", .file(), help: "The ceilings, otherwise \(usualPath) or the defaults.")

  let configuration: BudgetConfiguration
  let prices: PriceTable

  /// Reads the file at `path` and the price table that it names, relative to its own folder.
  init(path: String) throws {
    configuration = try BudgetConfiguration(text: SourceText.read(path: path), path: path)
    guard let table = configuration.priceTable else {
      prices = .empty
      return
    }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let tablePath = table.hasPrefix("/") ? table : folder + table
    prices = try PriceTable(text: SourceText.read(path: tablePath), path: tablePath)
  }

  /// The defaults, with no price known.
  init() {
    configuration = BudgetConfiguration()
    prices = .empty
  }
}

extension Invocation {
  /// The budget of `--budget`, else that of the checkout, else the defaults.
  func budgetFiles() throws -> BudgetFiles {
    if let path = self[BudgetFiles.budget] { return try BudgetFiles(path: path) }
    return FileManager.default.fileExists(atPath: BudgetFiles.usualPath)
      ? try BudgetFiles(path: BudgetFiles.usualPath) : BudgetFiles()
  }
}
