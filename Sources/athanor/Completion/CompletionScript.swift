/// A shell's script that completes commands, options and the values of options, written from the
/// definitions of the commands.
struct CompletionScript: Sendable {
  enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
  }

  let root: Command

  /// The script for a shell, ending in a newline.
  func text(for shell: Shell) -> String {
    let lines =
      switch shell {
      case .bash: bash
      case .zsh: zsh
      case .fish: fish
      }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A command with the words that lead to it, joined by spaces; the program itself has none.
  struct Place {
    let path: String
    let command: Command

    /// The words that its positional arguments can be.
    var words: [String] { command.positionals.flatMap(\.completion.words) }

    /// What its positional arguments offer besides words.
    var paths: [CompletionOffer] {
      command.positionals.map(\.completion).filter { $0 == .files || $0 == .folders }
    }
  }

  /// The program itself, then every command.
  var places: [Place] {
    [Place(path: "", command: root)]
      + root.descendants.map { Place(path: $0.path.joined(separator: " "), command: $0.command) }
  }

  /// Returns the text in single quotes, in which no shell changes anything.
  func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }

  // MARK: What bash and zsh share

  // Both walk the words before the cursor to the innermost command, then look up what that command
  // offers. The tables are `case` statements, so the oldest shells will do.

  /// The lines that let `place` follow one `word` of the command line.
  var walk: [String] {
    let paths = root.descendants.map { quoted($0.path.joined(separator: " ")) }
    return [
      #"    case "${place:+$place }$word" in"#,
      "      \(paths.joined(separator: " | "))) place=\"${place:+$place }$word\" ;;",
      "    esac",
    ]
  }

  /// One case for each option that takes a value, at each command that has it.
  func valueCases(_ action: (CompletionOffer) -> String) -> [String] {
    places.flatMap { place in
      place.command.options.filter { $0.arity != .flag }.map { option in
        let patterns = option.spellings.map { quoted("\(place.path):\($0)") }
        return "    \(patterns.joined(separator: " | "))) \(action(option.completion)); return ;;"
      }
    }
  }

  /// The lines that add paths at the commands whose positional arguments are paths.
  func pathCases(_ action: (CompletionOffer) -> String) -> [String] {
    let cases = places.flatMap { place in
      place.paths.map { "    \(quoted(place.path))) \(action($0)) ;;" }
    }
    return cases.isEmpty ? [] : [#"  case "$place" in"#] + cases + ["  esac"]
  }
}

extension OptionDefinition {
  /// The ways to write the option's name.
  var spellings: [String] { ["--\(name)"] + (short.map { ["-\($0)"] } ?? []) }
}
