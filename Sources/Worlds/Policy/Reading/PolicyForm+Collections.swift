import Essentials

extension PolicyForm {
  /// A list of values of one form.
  static func list<Element: Sendable>(
    of form: PolicyForm<Element>
  ) -> PolicyForm where Value == [Element] {
    PolicyForm(
      read: { value, reader in
        guard let elements = value.elements else {
          reader.refuse(value, "is \(value.kind)", "Write a list: [a, b].")
          return nil
        }
        guard elements.count <= PolicyLimits.elementsMax else {
          reader.refuse(
            value, "out_of_range", "has \(elements.count) elements",
            "Write at most \(PolicyLimits.elementsMax).")
          return nil
        }
        return elements.enumerated().compactMap { index, element in
          reader.inside("[\(index)]", at: element.span) { form.read(element, &$0) }
        }
      },
      write: { .array($0.map(form.write)) },
      schema: [JSONValue.Member("type", "array"), JSONValue.Member("items", .object(form.schema))])
  }

  /// A list, or one element without brackets.
  static func oneOrMany<Element: Sendable>(
    of form: PolicyForm<Element>
  ) -> PolicyForm where Value == [Element] {
    let many = list(of: form)
    return PolicyForm(
      read: { value, reader in
        if value.scalar != nil, !value.isNull { return form.read(value, &reader).map { [$0] } }
        guard let elements = many.read(value, &reader) else { return nil }
        if elements.isEmpty, value.elements?.isEmpty == true {
          reader.refuse(value, "empty_list", "is empty", "Name at least one.")
        }
        return elements
      },
      write: many.write,
      schema: [JSONValue.Member("anyOf", .array([.object(form.schema), .object(many.schema)]))])
  }

  /// A mapping from names to values of one form, which are kept in the order of the names.
  static func byName<Element: Sendable>(
    _ form: PolicyForm<Element>, name: any KeyPath<Element, String> & Sendable,
    naming: @escaping @Sendable (String, Element) -> Element
  ) -> PolicyForm where Value == [Element] {
    PolicyForm(
      read: { value, reader in
        if value.isNull { return [] }
        guard let entries = value.entries else {
          reader.refuse(value, "is \(value.kind)", "Write names and values.")
          return nil
        }
        guard entries.count <= PolicyLimits.elementsMax else {
          reader.refuse(
            value, "out_of_range", "has \(entries.count) entries",
            "Write at most \(PolicyLimits.elementsMax).")
          return nil
        }
        return entries.compactMap { entry in
          reader.inside(entry.key, at: entry.keySpan) {
            guard $0.isPrintable(entry.key, at: entry.keyValue) else { return nil }
            return form.read(entry.value, &$0).map { naming(entry.key, $0) }
          }
        }.sorted { $0[keyPath: name] < $1[keyPath: name] }
      },
      write: { elements in
        .object(elements.map { JSONValue.Member($0[keyPath: name], form.write($0)) })
      },
      schema: [
        JSONValue.Member("type", .strings(["object", "null"])),
        JSONValue.Member("additionalProperties", .object(form.schema)),
      ],
      paths: form.paths.map { "*.\($0)" })
  }
}

extension PolicyForm<[JSONValue.Member]> {
  /// Parameters of a strategy: any document, in the order of the names.
  static let parameters = PolicyForm(
    read: { value, reader in
      guard case .object(let members) = reader.document(value) else {
        if value.entries == nil {
          reader.refuse(value, "is \(value.kind)", "Write names and values: {fast: 12}.")
        }
        return nil
      }
      return members
    },
    write: { .object($0) }, schema: [JSONValue.Member("type", "object")])
}

extension PolicyReader {
  /// A located value as a document with members in the order of their names; nil where something
  /// in it cannot be said in one.
  fileprivate mutating func document(_ value: LocatedValue) -> JSONValue? {
    switch value.content {
    case .sequence(let elements):
      let documents = elements.compactMap { document($0) }
      return documents.count == elements.count ? .array(documents) : nil
    case .mapping(let entries):
      var members: [JSONValue.Member] = []
      for entry in entries {
        guard isPrintable(entry.key, at: entry.keyValue), let member = document(entry.value)
        else { return nil }
        members.append(JSONValue.Member(entry.key, member))
      }
      return .object(members.sorted { $0.name < $1.name })
    case .scalar(let scalar):
      switch scalar.meaning {
      case .null: return .null
      case .bool(let flag): return .bool(flag)
      case .integer(let number): return .integer(number)
      case .number(let number):
        // A whole double is written like an integer, and would be read back as one.
        return Int(exactly: number).map(JSONValue.integer) ?? .number(number)
      case .notFinite:
        refuse(value, "has a number that is not finite", "Write a finite number.")
        return nil
      case .text:
        return scalar.text.isEmpty || isPrintable(scalar.text, at: value)
          ? .string(scalar.text) : nil
      }
    }
  }
}

extension LocatedValue.Entry {
  /// The key as a value, to point at it.
  fileprivate var keyValue: LocatedValue {
    LocatedValue(.scalar(LocatedValue.Scalar(key, .plain)), span: keySpan, line: 1, column: 1)
  }
}
