import Essentials

/// How a kind of value is written in a policy: read from the document, written canonically, and
/// described for editors. One description for all three, so that they cannot disagree.
struct PolicyForm<Value: Sendable>: Sendable {
  /// Reads a value; notes what is wrong with it and returns nil where it cannot be used.
  let read: @Sendable (LocatedValue, inout PolicyReader) -> Value?
  /// Writes it in the one form that reads back as the same value.
  let write: @Sendable (Value) -> JSONValue
  /// JSON Schema (draft 2020-12), without a description.
  let schema: [JSONValue.Member]
  /// Paths of the keys below it, such as `windows`.
  var paths: [String] = []
}

/// One key of a mapping that stands for a `Root`.
struct PolicyMember<Root: Sendable>: Sendable {
  let name: String
  /// One sentence for editors.
  let meaning: String
  let read: @Sendable (LocatedValue, inout Root, inout PolicyReader) -> Void
  /// The canonical value; nil where the key is not part of the canonical form.
  let write: @Sendable (Root) -> JSONValue?
  let schema: [JSONValue.Member]
  /// Its own path and those below it, from the mapping on.
  let paths: [String]

  private init(
    _ name: String, _ meaning: String, schema: [JSONValue.Member], paths: [String],
    write: @escaping @Sendable (Root) -> JSONValue?,
    read: @escaping @Sendable (LocatedValue, inout Root, inout PolicyReader) -> Void
  ) {
    self.name = name
    self.meaning = meaning
    self.schema = schema
    self.paths = [name] + paths.map { "\(name).\($0)" }
    self.write = write
    self.read = read
  }

  /// The canonical members, sorted by name.
  static func written(_ root: Root, _ members: [PolicyMember<Root>]) -> JSONValue {
    .object(
      members.compactMap { member in
        member.write(root).map { JSONValue.Member(member.name, $0) }
      }.sorted { $0.name < $1.name })
  }

  /// A key that always has a value: the one written, or the default.
  static func key<Value>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ form: PolicyForm<Value>,
    _ meaning: String
  ) -> PolicyMember {
    PolicyMember(
      name, meaning, schema: form.schema, paths: form.paths,
      write: { form.write($0[keyPath: path]) },
      read: { value, root, reader in
        if let read = form.read(value, &reader) { root[keyPath: path] = read }
      })
  }

  /// A key that may have no value; `null` takes back what an extended policy says.
  static func optional<Value>(
    _ name: String, _ path: any WritableKeyPath<Root, Value?> & Sendable, _ form: PolicyForm<Value>,
    _ meaning: String
  ) -> PolicyMember {
    PolicyMember(
      name, meaning,
      schema: [JSONValue.Member("anyOf", .array([.object(form.schema), ["type": "null"]]))],
      paths: form.paths, write: { $0[keyPath: path].map(form.write) ?? .null },
      read: { value, root, reader in
        guard !value.isNull else {
          root[keyPath: path] = nil
          return
        }
        if let read = form.read(value, &reader) { root[keyPath: path] = read }
      })
  }

  /// Keys of the same root one level down.
  static func group(
    _ name: String, _ members: [PolicyMember<Root>], required: [String] = [], _ meaning: String
  ) -> PolicyMember {
    PolicyMember(
      name, meaning, schema: PolicySchema.mapping(of: members, required: required),
      paths: members.flatMap(\.paths), write: { written($0, members) },
      read: { value, root, reader in
        _ = reader.read(value, members, required: required, into: &root)
      })
  }

  /// A key that can say only one thing, or another that is read with a warning.
  static func fixed(
    _ name: String, _ only: String, tolerating other: (text: String, warning: String)? = nil,
    _ meaning: String
  ) -> PolicyMember {
    PolicyMember(
      name, meaning,
      schema: [JSONValue.Member("enum", .strings([only, other?.text].compactMap(\.self)))],
      paths: [], write: { _ in .string(only) },
      read: { value, _, reader in
        if let other, value.scalar?.text == other.text {
          reader.note(
            "tolerated_value", other.warning, at: value.span, remedy: "Write \(only).", as: .warning
          )
        } else if value.scalar?.text != only {
          reader.refuse(value, "unknown_choice", "is \(value.kind)", "Write \(only).")
        }
      })
  }

  /// A key for people, which is not part of the canonical form.
  static func remark(_ name: String, _ meaning: String) -> PolicyMember {
    PolicyMember(
      name, meaning, schema: [JSONValue.Member("type", .strings(["string", "null"]))], paths: [],
      write: { _ in nil },
      read: { value, _, reader in
        if value.scalar == nil { reader.refuse(value, "is \(value.kind)", "Write a text.") }
      })
  }
}

extension PolicyForm {
  /// A mapping of keys; those that are not there keep the values of `start`.
  static func mapping(
    from start: Value, required: [String] = [], _ members: [PolicyMember<Value>]
  ) -> PolicyForm {
    PolicyForm(
      read: { value, reader in
        var root = start
        return reader.read(value, members, required: required, into: &root) ? root : nil
      },
      write: { PolicyMember.written($0, members) },
      schema: PolicySchema.mapping(of: members, required: required, start: start),
      paths: members.flatMap(\.paths))
  }

  /// The same form of another type: `to` may note what is wrong with a value.
  func mapped<Other: Sendable>(
    to: @escaping @Sendable (Value, LocatedValue, inout PolicyReader) -> Other?,
    from: @escaping @Sendable (Other) -> Value
  ) -> PolicyForm<Other> {
    PolicyForm<Other>(
      read: { value, reader in
        read(value, &reader).flatMap { to($0, value, &reader) }
      },
      write: { write(from($0)) }, schema: schema, paths: paths)
  }
}
