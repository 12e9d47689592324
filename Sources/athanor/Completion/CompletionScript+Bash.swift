extension CompletionScript {
  /// The script's lines for bash.
  var bash: [String] {
    [
      "# Completes \(root.name) in bash. Load it with: source <(\(root.name) completion bash)",
      "_\(root.name)() {",
      #"  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}""#,
      #"  local place="" word words="" index"#,
      "  for ((index = 1; index < COMP_CWORD; index++)); do",
      #"    word="${COMP_WORDS[index]}""#,
    ] + walk + [
      "  done",
      "  COMPREPLY=()",
      #"  case "$place:$previous" in"#,
    ] + valueCases(reply) + [
      "    *) ;;",
      "  esac",
      #"  case "$place" in"#,
    ] + places.map { "    \(quoted($0.path))) words=\(quoted(words($0))) ;;" } + [
      "  esac",
      #"  COMPREPLY=($(compgen -W "$words" -- "$current"))"#,
    ] + pathCases { $0 == .files ? Self.files : Self.folders } + [
      "}",
      "complete -F _\(root.name) \(root.name)",
    ]
  }

  private static let files = #"COMPREPLY+=($(compgen -f -- "$current"))"#
  private static let folders = #"COMPREPLY+=($(compgen -d -- "$current"))"#

  private func reply(_ offer: CompletionOffer) -> String {
    switch offer {
    case .nothing: ":"
    case .words(let words):
      "COMPREPLY=($(compgen -W \(quoted(words.joined(separator: " "))) -- \"$current\"))"
    case .files: Self.files
    case .folders: Self.folders
    }
  }

  private func words(_ place: Place) -> String {
    (place.command.members.map(\.name) + place.words + place.command.options.flatMap(\.spellings))
      .joined(separator: " ")
  }
}
