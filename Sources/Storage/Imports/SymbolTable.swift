/// A table that holds the values of one instrument.
package struct SymbolTable: Hashable, Sendable {
  package var symbol: String
  package var path: String

  package init(symbol: String, path: String) {
    self.symbol = symbol
    self.path = path
  }
}

/// The tables of a folder that has one file for each instrument.
///
/// `AAPL.csv` and `BTCUSDT_1m.csv.gz` hold bars; `BTCUSDT_funding.csv.gz` the funding rates and
/// `BTCUSDT_mark8h.csv.gz` the mark prices of a perpetual. Endings `.gz` and `.zst` are understood.
/// Where any file carries a bar length, files without one (an index, a readme) hold no bars.
package struct SymbolFolder: Hashable, Sendable {
  package var bars: [SymbolTable] = []
  package var funding: [SymbolTable] = []
  package var mark: [SymbolTable] = []

  /// Sorts the files of a folder; `barLength` such as `1m` chooses among several lengths.
  package init(path: String, barLength: String? = nil) throws(ImportFailure) {
    try self.init(files: Self.files(in: path), in: path, barLength: barLength)
  }

  /// Sorts folders and files that somebody named.
  package init(paths: [String], barLength: String? = nil) throws(ImportFailure) {
    var files: [String] = []
    for path in paths {
      if Folder.exists(path) {
        files += try Self.files(in: path)
      } else if Folder.fileExists(path) {
        files.append(path)
      } else {
        throw .file(.unreadable(path: path, reason: "it does not exist"))
      }
    }
    try self.init(files: files, in: paths.joined(separator: ", "), barLength: barLength)
  }

  private static func files(in folder: String) throws(ImportFailure) -> [String] {
    do throws(FileFailure) {
      return try Folder.names(in: folder).map { "\(folder)/\($0)" }
    } catch {
      throw .file(error)
    }
  }

  private init(
    files: [String], in folder: String, barLength: String?
  ) throws(ImportFailure) {
    var withLength: [String: [SymbolTable]] = [:]
    var withoutLength: [SymbolTable] = []
    for path in files {
      guard let stem = Self.stem(of: fileName(path)) else { continue }
      let table = { (symbol: Substring) in SymbolTable(symbol: String(symbol), path: path) }
      guard let mark = stem.lastIndex(of: "_"), mark != stem.startIndex else {
        withoutLength.append(table(stem[...]))
        continue
      }
      let symbol = stem[..<mark]
      let kind = String(stem[stem.index(after: mark)...])
      if kind == "funding" {
        funding.append(table(symbol))
      } else if kind.hasPrefix("mark") {
        self.mark.append(table(symbol))
      } else if Self.isBarLength(kind) {
        withLength[kind, default: []].append(table(symbol))
      } else {
        withoutLength.append(table(stem[...]))
      }
    }
    if let barLength {
      bars = withLength[barLength] ?? []
    } else if withLength.count > 1 {
      throw .ambiguousFiles(folder: folder, kinds: withLength.keys.sorted())
    } else {
      bars = withLength.first?.value ?? withoutLength
    }
    guard !bars.isEmpty else { throw .noFiles(folder: folder) }
  }

  /// The name of a table without its endings, or nil for other files.
  private static func stem(of name: String) -> String? {
    var stem = name[...]
    for ending in [".gz", ".zst"] where stem.hasSuffix(ending) {
      stem = stem.dropLast(ending.count)
    }
    guard !stem.hasPrefix("."), stem.hasSuffix(".csv"), stem.count > 4 else { return nil }
    return String(stem.dropLast(4))
  }

  /// Whether the text is a number followed by a unit of time, such as `1m`, `5min` or `1h`.
  private static func isBarLength(_ text: String) -> Bool {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return !digits.isEmpty
      && ["s", "m", "min", "h", "d"].contains(String(text.dropFirst(digits.count)))
  }
}
