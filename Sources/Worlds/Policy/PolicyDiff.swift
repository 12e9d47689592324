package import Essentials

/// What differs between two policies, in the order of their canonical forms.
package struct PolicyDiff: Hashable, Sendable {
  /// One value that differs.
  package struct Change: Hashable, Sendable {
    /// Such as `selection.topk.total` or `instances[2].side`.
    package var path: String
    /// Nil where the value was not there.
    package var before: JSONValue?
    /// Nil where the value is not there any more.
    package var after: JSONValue?
  }

  package var changes: [Change]

  /// Compares two policies; elements of lists are compared by their place.
  package init(from old: WorldPolicy, to new: WorldPolicy) {
    changes = []
    compare(old.json, new.json, at: "")
  }

  package var isEmpty: Bool { changes.isEmpty }

  /// One line for each change: `~ selection.topk.total: 8 -> 6`, `+ path: value`, `- path: value`.
  package var text: String {
    changes.map { change in
      switch (change.before?.compactText, change.after?.compactText) {
      case (let before?, let after?): "~ \(change.path): \(before) -> \(after)"
      case (nil, let after): "+ \(change.path): \(after ?? "null")"
      case (let before?, nil): "- \(change.path): \(before)"
      }
    }.joined(separator: "\n")
  }

  /// An array of objects with `path`, and `before` and `after` where they exist.
  package var json: JSONValue {
    .array(
      changes.map { change in
        .object(
          [
            ("path", JSONValue.string(change.path)), ("before", change.before),
            ("after", change.after),
          ]
          .compactMap { name, value in value.map { JSONValue.Member(name, $0) } })
      })
  }

  private mutating func compare(_ old: JSONValue?, _ new: JSONValue?, at path: String) {
    guard old != new else { return }
    switch (old, new) {
    case (.object(let before)?, .object(let after)?):
      let left = Dictionary(before.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      let right = Dictionary(after.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
      for name in Set(left.keys).union(right.keys).sorted() {
        compare(left[name], right[name], at: path.isEmpty ? name : "\(path).\(name)")
      }
    case (.array(let before)?, .array(let after)?):
      for index in 0..<max(before.count, after.count) {
        compare(
          index < before.count ? before[index] : nil, index < after.count ? after[index] : nil,
          at: "\(path)[\(index)]")
      }
    default: changes.append(Change(path: path, before: old, after: new))
    }
  }
}
