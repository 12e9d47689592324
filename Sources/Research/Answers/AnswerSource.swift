/// The text of an answer and the pieces of it that may be its JSON.
struct AnswerSource {
  struct Candidate {
    var text: String
    var steps: Set<AnswerText.Step>
    /// Whether it is all that was answered, reasoning aside.
    var isWhole: Bool
  }

  private let text: String
  var steps: Set<AnswerText.Step> = []

  init(_ original: String) {
    var text = Substring(original)
    if text.unicodeScalars.first == "\u{FEFF}" {
      text.unicodeScalars.removeFirst()
      steps.insert(.byteOrderMarkDropped)
    }
    if let end = Self.endOfReasoning(text) {
      text = text[end...]
      steps.insert(.reasoningDropped)
    }
    self.text = String(text)
  }

  /// The place after the last closing think tag, where the text begins with an opening one.
  private static func endOfReasoning(_ text: Substring) -> String.Index? {
    let start = text.drop(while: \.isWhitespace)
    for name in ["think", "thinking", "reasoning"] where start.hasPrefix("<\(name)>") {
      return start.ranges(of: "</\(name)>").last?.upperBound
    }
    return nil
  }

  var isBlank: Bool { text.utf8.allSatisfy { $0 <= 0x20 } }

  /// The candidates in the order in which they are tried, each text once.
  func candidates() -> [Candidate] {
    var candidates = [Candidate(text: text, steps: steps, isWhole: true)]
    let blocks = fencedBlocks()
    for block in blocks {
      candidates.append(
        Candidate(text: block, steps: steps.union([.fenceStripped]), isWhole: false))
    }
    for fragment in Self.fragments(of: Array(text.utf8)) {
      candidates.append(
        Candidate(text: fragment, steps: steps.union([.fragmentTaken]), isWhole: false))
    }
    for block in blocks {
      for fragment in Self.fragments(of: Array(block.utf8)) {
        candidates.append(
          Candidate(
            text: fragment, steps: steps.union([.fenceStripped, .fragmentTaken]), isWhole: false))
      }
    }
    var seen: Set<String> = []
    candidates = candidates.filter { seen.insert($0.text).inserted }
    return Array(candidates.prefix(3 * AnswerText.fragmentsMax))
  }

  /// What follows the first brace or bracket that opens a list or an object of lists, for an answer
  /// that was cut off.
  func tail() -> Candidate? {
    let bytes = Array(text.utf8)
    // A list is cut off where nothing closes its opener; the first such opener is the outermost.
    guard let start = Self.pairs(of: bytes).firstUnclosed else { return nil }
    return Candidate(
      text: String(decoding: bytes[start...], as: UTF8.self),
      steps: start == 0 ? steps : steps.union([.fragmentTaken]), isWhole: false)
  }

  // MARK: - Fences

  /// The contents of the code fences: first what lies between the outermost two, for a fence within
  /// a fence, then each block between one fence and the next. A fence that is never closed ends with
  /// the text.
  private func fencedBlocks() -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    if lines.count == 1 { return inlineFence().map { [$0] } ?? [] }
    var fences: [Int] = []
    for (index, line) in lines.enumerated()
    where line.drop(while: \.isWhitespace).hasPrefix("```") { fences.append(index) }
    guard let first = fences.first else { return inlineFence().map { [$0] } ?? [] }
    func content(_ from: Int, _ to: Int) -> String {
      lines[(from + 1)..<max(to, from + 1)].joined(separator: "\n")
    }
    guard let last = fences.last, last > first else {
      lines = lines[(first + 1)...]
      return [lines.joined(separator: "\n")]
    }
    var blocks = [content(first, last)]
    if fences.count > 2 {
      for (from, to) in zip(fences, fences.dropFirst()).prefix(AnswerText.fragmentsMax) {
        blocks.append(content(from, to))
      }
    }
    return blocks.filter { !$0.allSatisfy(\.isWhitespace) }
  }

  /// The content of a fence that opens and closes on one line.
  private func inlineFence() -> String? {
    guard let open = text.firstRange(of: "```"),
      let close = text.ranges(of: "```").last, close.lowerBound >= open.upperBound
    else { return nil }
    var content = text[open.upperBound..<close.lowerBound]
    content = content.drop(while: { $0.isLetter })
    return String(content)
  }

  // MARK: - Fragments

  /// The balanced pieces in braces or brackets that lie in no other one, in the order of the text.
  static func fragments(of bytes: [UInt8]) -> [String] {
    var fragments: [String] = []
    var end = 0
    let (closed, firstUnclosed) = pairs(of: bytes)
    // What lies within JSON that was cut off is a part of it and not the answer.
    for pair in closed where pair.lowerBound >= end && pair.lowerBound < firstUnclosed ?? .max {
      fragments.append(String(decoding: bytes[pair], as: UTF8.self))
      end = pair.upperBound
      if fragments.count == AnswerText.fragmentsMax { break }
    }
    return fragments
  }

  /// Matches openers with closers in one pass and returns the outermost pairs in the order of the
  /// text, with the first opener that begins JSON and is not closed. Within braces a text in quotes is
  /// passed over up to its end or the end of its line; a single quote begins one only where a value
  /// or a name may begin, for elsewhere it is an apostrophe.
  private static func pairs(
    of bytes: [UInt8]
  ) -> (closed: [Range<Int>], firstUnclosed: Int?) {
    var open: [Int] = []
    var closed: [Range<Int>] = []
    var index = 0
    /// The last byte that is no white space.
    var previous: UInt8 = 0
    while index < bytes.count {
      defer { index += 1 }
      switch bytes[index] {
      case 0...0x20: continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(index)
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        let opener = bytes[index] == UInt8(ascii: "}") ? UInt8(ascii: "{") : UInt8(ascii: "[")
        if let last = open.last, bytes[last] == opener {
          open.removeLast()
          // Pieces within this one are no longer of interest.
          while let inner = closed.last, inner.lowerBound > last { closed.removeLast() }
          closed.append(last..<(index + 1))
        }
      case UInt8(ascii: "\"") where !open.isEmpty: index = endOfText(bytes, from: index)
      case UInt8(ascii: "'") where !open.isEmpty && "{[,:".utf8.contains(previous):
        index = endOfText(bytes, from: index)
      default: break
      }
      if index < bytes.count { previous = bytes[index] }
    }
    return (closed, open.first { beginsJSON(bytes, $0) })
  }

  /// Whether an opener is followed by what follows one in JSON, and not by prose.
  private static func beginsJSON(_ bytes: [UInt8], _ opener: Int) -> Bool {
    guard let next = bytes[(opener + 1)...].first(where: { $0 > 0x20 }) else { return false }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
      || (bytes[opener] == UInt8(ascii: "[") && next == UInt8(ascii: "{"))
  }

  private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count {
      switch bytes[index] {
      case bytes[start], 0x0A: return index
      case UInt8(ascii: "\\"): index += 1
      default: break
      }
      index += 1
    }
    return index
  }
}
