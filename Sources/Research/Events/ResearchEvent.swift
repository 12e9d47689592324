package import Essentials
package import Storage

/// Something that happened in research, as the journal records it.
///
/// In the journal the event's run is the column `run`, its name the column `kind`, and the column
/// `subject` is the key of its candidate, the id of its job, or its idea where it is about neither.
/// The payload begins with `idea_id`; stage, severity and message follow from name and payload and are not stored.
package struct ResearchEvent: Hashable, Sendable {
  package let at: Timestamp
  package let run: String
  /// The idea that it belongs to, empty where there is none.
  package let idea: String
  package let fact: ResearchFact

  package init(at: Timestamp, run: String, idea: String, _ fact: ResearchFact) {
    self.at = at
    self.run = run
    self.idea = idea
    self.fact = fact
  }

  /// The event's name in the journal.
  package var kind: ResearchEventKind { fact.kind }
  package var stage: String { fact.kind.stage }
  package var severity: EventSeverity { fact.severity }
  package var message: String { fact.message }

  /// What the journal keeps under the event's name.
  package var payload: JSONValue {
    var members = [JSONValue.Member("idea_id", .string(idea))]
    // A summary is read on its own, so it names its run.
    if fact.kind == .runSummary { members.append(.init("run_id", .string(run))) }
    return .object(members + fact.members)
  }

  /// The event as something to be appended to a journal.
  package func draft(cause: JournalDraft.Cause = .none) -> JournalDraft {
    let key = fact.candidate?.key ?? fact.job?.jobID ?? ""
    return JournalDraft(
      kind.rawValue, at: at, run: run, subject: key.isEmpty ? idea : key, cause: cause,
      payload: payload)
  }

  /// Reads an event of research under its name or an older one, or throws what is wrong with its
  /// payload; nil where the name is none of research.
  package init?(_ stored: JournalEvent) throws(DocumentFailure) {
    try self.init(stored, payload: stored.payload)
  }

  /// Reads an event whose payload was parsed before.
  init?(
    _ stored: JournalEvent, payload: @autoclosure () -> JSONValue?
  ) throws(DocumentFailure) {
    guard let kind = ResearchEventKind(name: stored.kind) else { return nil }
    let payload = payload() ?? .null
    var reader = DocumentReader(payload, at: "")
    // What the budget writes names its idea among the terms of the call.
    let idea = reader.line("idea_id") ?? reader.object("call") { $0.line("idea") ?? "" } ?? ""
    let fact = ResearchFact(kind, payload: payload, &reader)
    guard reader.defects.isEmpty else {
      throw DocumentFailure(
        document: "event \(stored.seq), \(stored.kind)", defects: reader.defects)
    }
    self.init(at: stored.at, run: stored.run, idea: idea, fact)
  }
}
