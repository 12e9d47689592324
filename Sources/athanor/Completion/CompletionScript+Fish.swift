extension CompletionScript {
  /// The script's lines for fish.
  var fish: [String] {
    let paths = root.descendants.map { quoted($0.path.joined(separator: " ")) }
    return [
      "# Completes \(root.name) in fish. Load it with: \(root.name) completion fish | source",
      "function __\(root.name)_at",
      "  set -l place",
      "  for word in (commandline -opc)[2..-1]",
      "    switch (string join ' ' -- $place $word)",
      "      case \(paths.joined(separator: " "))",
      "        set -a place $word",
      "    end",
      "  end",
      #"  test "$place" = "$argv""#,
      "end",
      "complete -c \(root.name) -f",
    ] + places.flatMap(completions)
  }

  private func completions(_ place: Place) -> [String] {
    let start = "complete -c \(root.name) -n \(quoted("__\(root.name)_at \(place.path)"))"
    let members = place.command.members.map {
      "\(start) -a \(quoted($0.name)) -d \(quoted($0.summary))"
    }
    let words = place.words.map { "\(start) -a \(quoted($0))" }
    let paths = place.paths.map { start + value($0) }
    let options = place.command.options.map { option in
      var line = "\(start) -l \(option.name)"
      if let short = option.short { line += " -s \(short)" }
      if option.arity != .flag {
        // -x takes a value and offers no files beside what is listed, -r offers files too.
        line += (option.completion == .files ? " -r" : " -x") + value(option.completion)
      }
      return "\(line) -d \(quoted(option.help))"
    }
    return members + words + paths + options
  }

  private func value(_ offer: CompletionOffer) -> String {
    switch offer {
    case .nothing: ""
    case .words(let words): " -a \(quoted(words.joined(separator: " ")))"
    case .files: " -F"
    case .folders: " -a '(__fish_complete_directories)'"
    }
  }
}
