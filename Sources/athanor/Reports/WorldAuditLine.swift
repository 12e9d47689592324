import Essentials
import Services
import Worlds

/// An event of a world, for a person and for a program.
struct WorldAuditLine: Sendable {
  let entry: WorldDesk.AuditEntry
  let language: WorldOptions.Language

  init(_ entry: WorldDesk.AuditEntry, _ language: WorldOptions.Language = .english) {
    self.entry = entry
    self.language = language
  }

  /// Below this the sentence stands under its lead.
  private static let widthOfOneLine = 100
  private static let leadWidth = 48
  private static let widthOfFiles = 160

  /// The number, the instant and the actor, and behind or below them what happened, in one sentence.
  func text(_ terminal: TerminalFacts) -> String {
    let lead = "#\(entry.seq) \(entry.at) \(DisplayWidth.harmless(entry.actor))"
    let width = terminal.width ?? Self.widthOfFiles
    let sentence = language == .korean ? entry.summary.korean : entry.summary.english
    var lines = Paragraph(DisplayWidth.harmless(sentence)).hung(
      behind: lead, indent: width >= Self.widthOfOneLine ? Self.leadWidth : 2, width: width)
    lines[0] = terminal.paint.faint(lead) + lines[0].dropFirst(lead.count)
    return lines.joined(separator: "\n")
  }

  /// The members of the event.
  ///
  /// - Parameter withPayload: whether all of it is told, snapshots included.
  func json(withPayload: Bool) -> JSONValue {
    guard !withPayload, case .object(let members) = entry.json else { return entry.json }
    return .object(members.filter { $0.name != "payload" })
  }
}
