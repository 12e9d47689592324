extension CompletionScript {
  /// The script's lines for zsh; it serves both as an autoloaded file and when it is sourced.
  var zsh: [String] {
    [
      "#compdef \(root.name)",
      "# Completes \(root.name) in zsh. Load it with: source <(\(root.name) completion zsh)",
      "_\(root.name)() {",
      #"  local previous="${words[CURRENT-1]}" place="" word"#,
      "  local -a members options",
      #"  for word in "${(@)words[2,CURRENT-1]}"; do"#,
    ] + walk + [
      "  done",
      #"  case "$place:$previous" in"#,
    ] + valueCases(reply) + [
      "    *) ;;",
      "  esac",
      #"  case "$place" in"#,
    ] + places.flatMap(offers) + [
      "  esac",
      "  _describe '\(root.name)' members",
      "  _describe -o '\(root.name)' options",
    ] + pathCases { $0 == .files ? "_files" : "_files -/" } + [
      "}",
      #"if [ "$funcstack[1]" = "_\#(root.name)" ]; then"#,
      "  _\(root.name) \"$@\"",
      "else",
      "  compdef _\(root.name) \(root.name)",
      "fi",
    ]
  }

  private func reply(_ offer: CompletionOffer) -> String {
    switch offer {
    case .nothing: ":"
    case .words(let words): "compadd -- \(words.map(quoted).joined(separator: " "))"
    case .files: "_files"
    case .folders: "_files -/"
    }
  }

  /// The case of a place; a colon parts a word from its description.
  private func offers(_ place: Place) -> [String] {
    let members = place.command.members.map { "\($0.name):\($0.summary)" }
    let words = place.words.map { $0.replacing(":", with: "\\:") }
    let options = place.command.options.flatMap { option in
      option.spellings.map { "\($0):\(option.help)" }
    }
    return ["    \(quoted(place.path)))"] + list("members", members + words)
      + list("options", options) + ["      ;;"]
  }

  private func list(_ name: String, _ entries: [String]) -> [String] {
    ["      \(name)=("] + entries.map { "        \(quoted($0))" } + ["      )"]
  }
}
