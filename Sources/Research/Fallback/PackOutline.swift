/// A retrieval pack as the fallback sees it: what each part weighs in a prompt, and what hangs on
/// what.
///
/// ```
/// fixed text
/// subcategory --- dataset --- field        a branch is written while one of its fields is
///                             field        field without a dataset
/// operator
/// ```
///
/// Weights are whole numbers in the unit of a ``PromptMeasure``, and they add up: the text of a
/// selection weighs the sum of what is in it.
package struct PackOutline: Hashable, Sendable {
  /// A dataset's heading.
  package struct Dataset: Hashable, Sendable {
    package var weight: Int
    package var lane: Lane
    /// The place of its subcategory.
    package var subcategory: Int

    package init(weight: Int, lane: Lane, subcategory: Int) {
      (self.weight, self.lane, self.subcategory) = (weight, lane, subcategory)
    }
  }

  /// A field's line.
  package struct Field: Hashable, Sendable {
    package var weight: Int
    package var lane: Lane
    /// The place of its dataset; nil where the pack does not have it.
    package var dataset: Int?

    package init(weight: Int, lane: Lane, dataset: Int?) {
      (self.weight, self.lane, self.dataset) = (weight, lane, dataset)
    }
  }

  /// An operator's line.
  package struct Operator: Hashable, Sendable {
    package var weight: Int
    package var lane: Lane

    package init(weight: Int, lane: Lane) {
      (self.weight, self.lane) = (weight, lane)
    }
  }

  /// What is written whatever is selected.
  package var fixed: Int
  /// The weights of the subcategories.
  package var subcategories: [Int]
  package var datasets: [Dataset]
  package var fields: [Field]
  package var operators: [Operator]

  package init(
    fixed: Int, subcategories: [Int], datasets: [Dataset], fields: [Field], operators: [Operator]
  ) {
    self.fixed = fixed
    self.subcategories = subcategories
    self.datasets = datasets
    self.fields = fields
    self.operators = operators
  }
}
