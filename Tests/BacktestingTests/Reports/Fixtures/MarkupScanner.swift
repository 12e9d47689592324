/// Reads a page tag by tag and finds what is not closed, not quoted or not allowed.
struct MarkupScanner {
  /// An opening tag with its attributes.
  struct Tag: Hashable {
    var name: String
    var attributes: [String: String] = [:]
  }

  private(set) var tags: [Tag] = []
  /// What stands between tags, without what is in scripts and styles.
  private(set) var texts: [String] = []
  /// The contents of scripts and styles.
  private(set) var blocks: [(tag: Tag, text: String)] = []
  private(set) var faults: [String] = []

  private static let voids: Set = ["meta", "br", "hr", "!DOCTYPE"]

  init(_ page: String) {
    var rest = page[...]
    var open: [String] = []
    while let start = rest.firstIndex(of: "<") {
      if start > rest.startIndex { texts.append(String(rest[..<start])) }
      guard let end = rest[start...].firstIndex(of: ">") else {
        faults.append("a tag without end")
        return
      }
      let inside = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if inside.hasPrefix("/") {
        let name = String(inside.dropFirst())
        if open.last == name { open.removeLast() } else { faults.append("</\(name)> in \(open)") }
        continue
      }
      let tag = read(inside)
      tags.append(tag)
      if inside.hasSuffix("/") || Self.voids.contains(tag.name) { continue }
      if tag.name == "script" || tag.name == "style" {
        guard let close = rest.firstRange(of: "</\(tag.name)>") else {
          faults.append("<\(tag.name)> without end")
          return
        }
        blocks.append((tag, String(rest[..<close.lowerBound])))
        rest = rest[close.upperBound...]
        continue
      }
      open.append(tag.name)
    }
    if !open.isEmpty { faults.append("not closed: \(open)") }
  }

  private mutating func read(_ inside: Substring) -> Tag {
    var rest = inside.hasSuffix("/") ? inside.dropLast() : inside
    let name = String(rest.prefix { $0 != " " })
    rest = rest.dropFirst(name.count).drop { $0 == " " }
    var tag = Tag(name: name)
    guard name != "!DOCTYPE" else { return tag }
    while !rest.isEmpty {
      let key = String(rest.prefix { $0 != "=" })
      rest = rest.dropFirst(key.count)
      guard rest.hasPrefix("=\"") else {
        faults.append("attribute \(key) of \(name) is not quoted")
        return tag
      }
      let value = rest.dropFirst(2).prefix { $0 != "\"" }
      if tag.attributes.updateValue(String(value), forKey: key) != nil {
        faults.append("attribute \(key) of \(name) stands twice")
      }
      rest = rest.dropFirst(value.count + 3).drop { $0 == " " }
    }
    return tag
  }
}
