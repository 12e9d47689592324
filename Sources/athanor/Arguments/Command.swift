/// A verb of the command line, or a family of verbs such as `data`: what it is called, what it takes
/// and what it does.
///
/// Reading, help pages and shell completion all follow from this one definition.
struct Command: Sendable {
  /// A command line worth copying, with what it does.
  struct Example: Hashable, Sendable {
    let line: String
    let effect: String

    init(_ line: String, _ effect: String) {
      self.line = line
      self.effect = effect
    }
  }

  enum Body: Sendable {
    case verb(@Sendable (Invocation) throws -> Answer)
    case family
  }

  /// Whom a verb speaks to.
  enum Speech: Hashable, Sendable {
    /// To people, unless `--json` is given.
    case text
    /// To programs: the answer is JSON always, and a failure is unless a person reads it.
    case document
  }

  let name: String
  /// One line without a full stop, for lists of commands.
  let summary: String
  /// Paragraphs for the help page, each one string.
  let discussion: [String]
  let positionals: [PositionalDefinition]
  /// The command's own options followed by those that every command has.
  let options: [OptionDefinition]
  let examples: [Example]
  let speech: Speech
  let body: Body
  /// The commands below this one: those of a family, or those that a verb has beside its own work.
  let members: [Command]

  /// Defines a verb. Where its first argument is the name of a member, the member is meant.
  /// - Precondition: names are unique, and only the last positional repeats.
  init(
    _ name: String, summary: String, discussion: [String] = [],
    positionals: [PositionalDefinition] = [], options: [OptionDefinition] = [],
    examples: [Example], speech: Speech = .text, members: [Command] = [],
    run: @escaping @Sendable (Invocation) throws -> Answer
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.positionals = positionals
    self.options = options + StandingOptions.all
    self.examples = examples
    self.speech = speech
    self.members = members
    body = .verb(run)
    precondition(
      Set(self.options.map(\.name)).count == self.options.count
        && Set(positionals.map(\.name)).count == positionals.count,
      "two arguments of \(name) have one name")
    precondition(
      positionals.dropLast().allSatisfy { $0.arity == .one(isRequired: true) },
      "an argument of \(name) that may be left out stands before another")
  }

  /// Defines a family: its own name does nothing but hold its members together.
  init(
    family name: String, summary: String, discussion: [String] = [], examples: [Example],
    members: [Command]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    positionals = []
    options = StandingOptions.all
    self.examples = examples
    speech = .text
    self.members = members
    body = .family
    precondition(
      Set(members.map(\.name)).count == members.count, "two members of \(name) have one name")
  }

  /// Returns the command at the end of a path of names below this one, nil where there is none.
  func descendant(_ path: some Collection<String>) -> Command? {
    guard let first = path.first else { return self }
    return members.first { $0.name == first }?.descendant(path.dropFirst())
  }

  /// Every command below this one with the names that lead to it, families before their members.
  var descendants: [(path: [String], command: Command)] {
    members.flatMap { member in
      [([member.name], member)]
        + member.descendants.map { ([member.name] + $0.path, $0.command) }
    }
  }
}

/// The options that every command has.
enum StandingOptions {
  static let json = Option.flag(
    "json", help: "Print one JSON value in place of text; a failure is a JSON object too.")
  static let help = Option.flag("help", short: "h", help: "Show this page.")

  static let all = [json.definition, help.definition]
}
