extension CompletionScript {
  /// The script's lines for zsh; it serves both as an autoloaded file and when it is sourced.
  var zsh: [String] {
    [
      "#compdef \(root.name)",
      "# Completes \(root.name) in zsh. Load it with: source <(\(root.name) completion zsh)",
      "_\(root.name)() {",
      #"  local previous="${words[CURRENT-1]}" place="" word"#,
      "  local -a offers",
      #"  for word in "${(@)words[2,CURRENT-1]}"; do"#,
    ] + walk + [
      "  done",
      #"  case "$place:$previous" in"#,
    ] + valueCases(reply) + [
      "    *) ;;",
      "  esac",
      #"  case "$place" in"#,
    ]
      + places.flatMap { place in
        ["    \(quoted(place.path))) offers=("] + offers(place).map { "      \($0)" } + ["    ) ;;"]
      } + [
        "  esac",
        "  _describe -o '\(root.name)' offers",
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

  private func offers(_ place: Place) -> [String] {
    let members = place.command.members.map { ($0.name, $0.summary) }
    let options = place.command.options.flatMap { option in
      option.spellings.map { ($0, option.help) }
    }
    // A colon parts the word from its description, so one inside the word is escaped.
    return (members + options).map { quoted("\($0.replacing(":", with: "\\:")):\($1)") }
      + place.words.map(quoted)
  }
}
