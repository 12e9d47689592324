/// An argument that is known by its place, such as a formula, as a key to its typed value.
struct Positional<Value: Sendable>: Sendable {
  let definition: PositionalDefinition
  private let choose: @Sendable ([any Sendable]) -> Value

  private init(
    definition: PositionalDefinition, choose: @escaping @Sendable ([any Sendable]) -> Value
  ) {
    self.definition = definition
    self.choose = choose
  }

  /// An argument without which the command cannot run.
  static func required(_ form: ValueForm<Value>, help: String) -> Self {
    let name = form.placeholder
    return Positional(
      definition: PositionalDefinition(arity: .one(isRequired: true), form: form, help: help),
      choose: { values in
        guard let value = values.first as? Value else {
          preconditionFailure("<\(name)> is required, yet a command ran without it")
        }
        return value
      })
  }

  /// An argument that is nil where it is not given.
  static func optional<Wrapped>(_ form: ValueForm<Wrapped>, help: String) -> Self
  where Value == Wrapped? {
    Positional(
      definition: PositionalDefinition(arity: .one(isRequired: false), form: form, help: help),
      choose: { $0.first as? Wrapped })
  }

  /// All remaining arguments, none included; only the last positional of a command may repeat.
  static func repeated<Element>(_ form: ValueForm<Element>, help: String) -> Self
  where Value == [Element] {
    Positional(
      definition: PositionalDefinition(arity: .many, form: form, help: help),
      choose: { $0.compactMap { $0 as? Element } })
  }

  func value(in arguments: ParsedArguments) -> Value {
    choose(arguments.positionals[definition.name] ?? [])
  }
}

/// What the reader, the help page and the shells know about a positional argument.
struct PositionalDefinition: Sendable {
  enum Arity: Hashable, Sendable {
    case one(isRequired: Bool)
    case many
  }

  /// The word in the usage line; unique within its command.
  let name: String
  let arity: Arity
  let expectation: String
  let help: String
  let completion: CompletionOffer
  let read: @Sendable (String) -> (any Sendable)?

  init<Value>(arity: Arity, form: ValueForm<Value>, help: String) {
    name = form.placeholder
    self.arity = arity
    expectation = form.expectation
    self.help = help
    completion = form.completion
    read = { form.read($0) }
  }

  var isRequired: Bool { arity == .one(isRequired: true) }

  /// The argument as the usage line shows it.
  var usage: String {
    switch arity {
    case .one(isRequired: true): "<\(name)>"
    case .one(isRequired: false): "[<\(name)>]"
    case .many: "[<\(name)> ...]"
    }
  }
}
