/// A named argument of a command, such as `--decay 4`, as a key to its typed value.
///
/// A command lists `option.definition` and reads `invocation[option]`; the reader has checked the
/// text by then, so the value needs no further question.
struct Option<Value: Sendable>: Sendable {
  let definition: OptionDefinition
  private let choose: @Sendable ([any Sendable]) -> Value

  /// An option that has a value whether it is given or not.
  init(
    _ name: String, short: Character? = nil, _ form: ValueForm<Value>, default fallback: Value,
    help: String
  ) {
    definition = OptionDefinition(
      name: name, short: short, arity: .one(isRequired: false), form: form,
      fallback: form.show(fallback), help: help)
    choose = { ($0.first as? Value) ?? fallback }
  }

  private init(definition: OptionDefinition, choose: @escaping @Sendable ([any Sendable]) -> Value)
  {
    self.definition = definition
    self.choose = choose
  }

  /// An option without which the command cannot run.
  static func required(
    _ name: String, short: Character? = nil, _ form: ValueForm<Value>, help: String
  ) -> Self {
    Option(
      definition: OptionDefinition(
        name: name, short: short, arity: .one(isRequired: true), form: form, fallback: nil,
        help: help),
      choose: { values in
        guard let value = values.first as? Value else {
          preconditionFailure("--\(name) is required, yet a command ran without it")
        }
        return value
      })
  }

  /// An option that is nil where it is not given.
  static func optional<Wrapped>(
    _ name: String, short: Character? = nil, _ form: ValueForm<Wrapped>, help: String
  ) -> Self where Value == Wrapped? {
    Option(
      definition: OptionDefinition(
        name: name, short: short, arity: .one(isRequired: false), form: form, fallback: nil,
        help: help),
      choose: { $0.first as? Wrapped })
  }

  /// An option that may be given several times; its values keep the order of the command line.
  static func repeated<Element>(
    _ name: String, short: Character? = nil, _ form: ValueForm<Element>, help: String
  ) -> Self where Value == [Element] {
    Option(
      definition: OptionDefinition(
        name: name, short: short, arity: .many, form: form, fallback: nil, help: help),
      choose: { $0.compactMap { $0 as? Element } })
  }

  func value(in arguments: ParsedArguments) -> Value {
    choose(arguments.options[definition.name] ?? [])
  }
}

extension Option where Value == Bool {
  /// An option without a value: false where it is not given.
  static func flag(_ name: String, short: Character? = nil, help: String) -> Self {
    Option(
      definition: OptionDefinition(flag: name, short: short, help: help),
      choose: { !$0.isEmpty })
  }
}

/// What the reader, the help page and the shells know about an option.
struct OptionDefinition: Sendable {
  enum Arity: Hashable, Sendable {
    case flag
    case one(isRequired: Bool)
    case many
  }

  /// The name without its two dashes.
  let name: String
  let short: Character?
  let arity: Arity
  let placeholder: String
  let expectation: String
  /// The default value as a person would type it.
  let fallback: String?
  let help: String
  let completion: CompletionOffer
  let read: @Sendable (String) -> (any Sendable)?

  init<Value>(
    name: String, short: Character?, arity: Arity, form: ValueForm<Value>, fallback: String?,
    help: String
  ) {
    self.name = name
    self.short = short
    self.arity = arity
    placeholder = form.placeholder
    expectation = form.expectation
    self.fallback = fallback
    self.help = help
    completion = form.completion
    read = { form.read($0) }
  }

  init(flag name: String, short: Character?, help: String) {
    self.name = name
    self.short = short
    arity = .flag
    placeholder = ""
    expectation = "no value"
    fallback = nil
    self.help = help
    completion = .nothing
    read = { _ in nil }
  }

  var isRequired: Bool { arity == .one(isRequired: true) }
}
