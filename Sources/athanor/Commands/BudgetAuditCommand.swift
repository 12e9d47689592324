import Essentials
import Research
import Storage

/// `athanor budget audit`: whether the events and the tables of a budget say the same.
enum BudgetAuditCommand {
  static let command: Command = Command(
    "audit", summary: "Replay the budget's history and compare it with its tables",
    discussion: [
      """
      Every event of the budget is applied to an empty ledger, whose accounts must add up to zero \
      after each, and the result is held against the tables from which grants are made. The exit \
      code is 6 where they differ.
      """
    ],
    options: [JournalOptions.journal.definition],
    examples: [Command.Example("athanor budget audit", "Audits the budget of the desk's journal")],
    run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    let total = Int(try journal.head.seq)
    let audit = try invocation.withProgress("Replaying", total: total, unit: "events") {
      reporter in
      try BudgetAudit(journal: journal) { reporter.advance(to: $0) }
    }
    let differences = audit.differences.map(\.name)
    let accounts = audit.replayed.accounts.count
    let document: JSONValue = [
      "events": .integer(audit.events), "accounts": .integer(accounts),
      "exact": .bool(audit.isExact), "sum_of_accounts_zero": .bool(audit.replayed.isBalanced),
      "open_calls": .integer(audit.replayed.open.count),
      "unreconciled_calls": .integer(audit.replayed.presumed.count),
      "differences": .strings(differences),
    ]
    return Answer(
      json: document, failure: audit.isExact ? nil : UnequalBudget(differences: differences)
    ) { terminal in
      Paragraph(
        """
        \(audit.events) events of the budget were replayed into \(accounts) accounts, which all add \
        up to zero. \(audit.replayed.open.count) calls are under way; of \
        \(audit.replayed.presumed.count) nobody knows whether they were billed. The tables \
        \(audit.isExact ? "say the same." : "differ.")
        """
      ).lines(width: terminal.textWidth).joined(separator: "\n")
    }
  }
}

/// A budget whose tables are not what its events come to.
private struct UnequalBudget: ExplainedFailure {
  let differences: [String]
  var key: String { "budget_violated" }
  var explanation: String {
    differences.isEmpty
      ? "The tables of the budget are not what its events come to: calls or estimates differ."
      : "The tables of the budget are not what its events come to, in "
        + differences.prefix(5).joined(separator: ", ") + "."
  }
  var remedy: String { "Run `athanor journal verify`, keep the files and restore a copy." }
  var outcome: FailureOutcome { .integrityViolated }
}
