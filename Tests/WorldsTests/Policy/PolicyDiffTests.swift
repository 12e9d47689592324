import Essentials
import Testing

@testable import Worlds

@Suite("Differences between policies")
struct PolicyDiffTests {
  @Test("a policy does not differ from itself")
  func same() {
    #expect(PolicyDiff(from: WorldPolicy(world: "w"), to: WorldPolicy(world: "w")).isEmpty)
  }

  @Test("every value that differs is named by its path, in order, before and after")
  func changes() {
    let old = WorldPolicy(world: "w")
    var new = old
    new.version = 2
    new.selection.topK.total = 6
    new.risk.limits.net = 0.5
    new.roles.owners = ["ann"]
    new.selection.correlation = SelectionRules.CorrelationRule(pairwiseMax: 0.8)
    let diff = PolicyDiff(from: old, to: new)
    #expect(
      diff.text == """
        + rbac.owners[0]: "ann"
        ~ risk.limits.net: null -> 0.5
        ~ selection.correlation: null -> {"max_pairwise":0.8,"measure":"abs",\
        "min_overlap":"20d","missing":"reject","window":"mid"}
        ~ selection.topk.total: 8 -> 6
        ~ version: 1 -> 2
        """)
    #expect(
      PolicyDiff(from: new, to: old).json.compactText.hasPrefix(
        #"[{"path":"rbac.owners[0]","before":"ann"},{"path":"risk.limits.net","before":0.5,"after":null}"#
      ))
  }
}
