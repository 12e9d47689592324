import Essentials
import Research
import Services

/// The options of commands that work on one idea.
enum IdeaOptions {
  static let idea = Option.required(
    "idea", .file(), help: "The idea as JSON: an object, or an array of them.")
  static let ideaID = Option<String?>.optional(
    "idea-id", .text("id"), help: "Which idea of an array; otherwise the first.")

  static let definitions = [idea.definition, ideaID.definition]
}

extension Invocation {
  /// The idea of `--idea` and `--idea-id`.
  func namedIdea() throws -> IdeaSpec {
    let path = self[IdeaOptions.idea]
    let ideas = try IdeaFile.ideas(text: SourceText.read(path: path), path: path)
    guard let id = self[IdeaOptions.ideaID] else { return ideas[0] }
    guard let idea = ideas.first(where: { $0.ideaID == id }) else {
      throw UnknownName(
        kind: "idea", name: id, nearest: nearestName(to: id, among: ideas.map(\.ideaID)),
        list: "the file \(path)")
    }
    return idea
  }
}
