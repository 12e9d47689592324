package import Essentials

/// What a fetching of metadata brought.
package struct BrainSyncReport: Hashable, Sendable {
  /// Whose fields were fetched.
  package enum Scope: String, Hashable, Sendable {
    case allDatasets = "all_datasets"
    case datasetSubset = "dataset_subset"
    case skipped
  }

  /// A dataset whose fields could not be fetched, or not all of them.
  package struct ShardError: Hashable, Sendable {
    package let dataset: String
    package let reason: String

    package init(dataset: String, reason: String) {
      self.dataset = dataset
      self.reason = reason
    }

    var json: JSONValue { ["dataset": .string(dataset), "reason": .string(reason)] }
  }

  package var scope: Scope
  package var operators = 0
  package var datasets = 0
  /// Distinct fields, those of an earlier part of the same fetching included.
  package var fields = 0
  /// What the datasets themselves say about how many fields they have.
  package var expectedFields = 0
  package var errors: [ShardError] = []
  /// The ids of the datasets whose fields were wanted, in the order of fetching.
  package var datasetIDs: [String] = []
  package var categories = 0
  package var subcategories = 0
  /// Pages that were fetched in this run of the program.
  package var pages = 0
  /// Datasets that an earlier run had fetched already.
  package var datasetsResumed = 0

  package init(scope: Scope) {
    self.scope = scope
  }

  /// The report for programs.
  package var json: JSONValue {
    [
      "operators": .integer(operators), "datasets": .integer(datasets),
      "data_fields": .integer(fields), "field_expected_upper_bound": .integer(expectedFields),
      "data_field_errors": .array(errors.map(\.json)),
      "field_dataset_ids_used": .strings(datasetIDs), "field_sync_scope": .string(scope.rawValue),
      "dataset_categories_indexed": .integer(categories),
      "dataset_subcategories_indexed": .integer(subcategories),
      "pages": .integer(pages), "datasets_resumed": .integer(datasetsResumed),
    ]
  }
}
