/// The files of a knowledge pack.
package enum KnowledgeFile: String, Hashable, Sendable, CaseIterable {
  case operators = "operator_signature_pack"
  case settings = "simulation_settings_allowed_pack"
  case examples = "fastexpr_examples_pack"
  case counterexamples = "fastexpr_counterexamples_pack"
  case visual = "fastexpr_visual_pack"

  package static let version = "v1"

  package var fileName: String { rawValue + ".json" }
}
