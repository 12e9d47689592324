import Essentials
import Foundation
import Research
import Services

/// A budget with the prices and the rank files that its file names.
struct BudgetFiles {
  /// The budget of a checkout, taken where a command is not told another.
  static let usualPath = "configs/llm_budget.json"

  static let budget = Option<String?>.optional(
    "budget", .file(), help: "The ceilings; otherwise those of the checkout, or the defaults.")

  let configuration: BudgetConfiguration
  let prices: PriceTable
  let estimator: PromptEstimator

  /// Reads the file at `path` and those that it names, relative to its own folder.
  init(path: String) throws {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    func text(_ name: String) throws -> (text: String, path: String) {
      let path = name.hasPrefix("/") ? name : folder + name
      return (try SourceText.read(path: path), path)
    }
    configuration = try BudgetConfiguration(text: SourceText.read(path: path), path: path)
    prices =
      try configuration.priceTable.map { name in
        let (text, path) = try text(name)
        return try PriceTable(text: text, path: path)
      } ?? .empty
    let counters = try configuration.rankFiles.map { file in
      let (text, path) = try text(file.path)
      let table = try RankTable(text: Array(text.utf8), path: path)
      return PromptEstimator.Counter(
        models: file.models, encoding: BytePairEncoding(table: table, rule: file.encoding))
    }
    estimator = PromptEstimator(bound: configuration.promptBound, counters: counters)
  }

  /// The defaults, with no price known.
  init() {
    configuration = BudgetConfiguration()
    prices = .empty
    estimator = PromptEstimator(bound: configuration.promptBound)
  }
}

extension Invocation {
  /// The budget of `--budget`, else that of the checkout, else the defaults.
  func budgetFiles() throws -> BudgetFiles { try budgetFiles(named: self[BudgetFiles.budget]) }

  /// The budget at `path`, else that of the checkout, else the defaults.
  func budgetFiles(named path: String?) throws -> BudgetFiles {
    if let path { return try BudgetFiles(path: path) }
    return FileManager.default.fileExists(atPath: BudgetFiles.usualPath)
      ? try BudgetFiles(path: BudgetFiles.usualPath) : BudgetFiles()
  }
}
