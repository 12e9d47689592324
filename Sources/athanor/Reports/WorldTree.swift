/// A tree of texts, drawn with lines to its branches and set in lines of a given width.
///
/// ```
/// demo: active
/// ├─ policy v1
/// └─ live: 1
///    └─ momentum.long
/// ```
struct WorldTree: Hashable, Sendable {
  enum Tone: Hashable, Sendable {
    case plain, strong, good, bad, faint
  }

  var text: String
  var tone: Tone
  var branches: [WorldTree]

  init(_ text: String, _ tone: Tone = .plain, _ branches: [WorldTree] = []) {
    self.text = text
    self.tone = tone
    self.branches = branches
  }

  /// Text keeps at least so many cells, however deep it stands.
  private static let narrowest = 16

  func lines(width: Int, paint: Paint = .none) -> [String] {
    var lines: [String] = []
    draw(into: &lines, first: "", rest: "", width: width, paint: paint)
    return lines
  }

  private func draw(
    into lines: inout [String], first: String, rest: String, width: Int, paint: Paint
  ) {
    let stem = first.isEmpty ? "" : rest + (branches.isEmpty ? "   " : "│  ")
    let room = max(
      Self.narrowest, width - max(DisplayWidth.of(first), DisplayWidth.of(stem)))
    let own = Paragraph(DisplayWidth.harmless(text)).lines(width: room)
    for (place, line) in own.enumerated() {
      lines.append((place == 0 ? first : stem) + painted(line, paint))
    }
    // What hangs below the first text begins under its first letter.
    let under = first.isEmpty ? "" : rest
    for (place, branch) in branches.enumerated() {
      let isLast = place == branches.count - 1
      branch.draw(
        into: &lines, first: under + (isLast ? "└─ " : "├─ "),
        rest: under + (isLast ? "   " : "│  "), width: width, paint: paint)
    }
  }

  private func painted(_ line: String, _ paint: Paint) -> String {
    switch tone {
    case .plain: line
    case .strong: paint.bold(line)
    case .good: paint.green(line)
    case .bad: paint.red(line)
    case .faint: paint.faint(line)
    }
  }
}
