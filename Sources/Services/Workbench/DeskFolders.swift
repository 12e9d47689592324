import Foundation

/// Where the desk keeps its panels, and where it finds the examples that come with it.
package struct DeskFolders: Hashable, Sendable {
  /// The folder of panels; it need not exist yet.
  package let store: String
  /// The folder in which all others that the desk writes lie.
  package let home: String
  /// The folder of search indexes, which can be made anew at any time, beside that of the panels.
  package let indexes: String
  /// The folder of reports that are written without a place of their own, beside that of the panels.
  package let reports: String
  /// The folder of the demonstration, with a journal of its own, beside that of the panels.
  package let demonstration: String
  /// The folder with `Data` and `Formulas`, nil where none was found.
  package let examples: String?
  /// The folder of the pages, nil where none was found.
  package let pages: String?

  /// Finds both folders.
  ///
  /// Panels lie in `store` where it is given, else in `$ATHANOR_HOME/panels`, else in
  /// `$XDG_DATA_HOME/athanor/panels`, else in `~/.local/share/athanor/panels`. Examples lie in
  /// `$ATHANOR_EXAMPLES`, else in the first `Examples` or `share/athanor/Examples` that is met on the
  /// way up from the program; pages in `$ATHANOR_PAGES`, else in `Web` found likewise.
  package init(
    environment: [String: String], executable: String, store: String? = nil
  ) throws(FolderFailure) {
    guard let found = store ?? Self.home(environment).map({ "\($0)/panels" }) else {
      throw .noStore
    }
    self.store = found
    home = URL(fileURLWithPath: found).deletingLastPathComponent().path
    indexes = home + "/indexes"
    reports = home + "/reports"
    demonstration = home + "/demo"
    if let named = environment["ATHANOR_EXAMPLES"], !named.isEmpty {
      guard Self.isFolder(named) else { throw .examplesNotThere(path: named) }
      examples = named
    } else {
      examples = Self.folder("Examples", with: "Data", above: executable)
    }
    if let named = environment["ATHANOR_PAGES"], !named.isEmpty {
      guard Self.isFolder(named) else { throw .pagesNotThere(path: named) }
      pages = named
    } else {
      pages = Self.folder("Web", with: "shell", above: executable)
    }
  }

  /// The journal of the desk: `$ATHANOR_JOURNAL`, else `journal.sqlite` beside the panels that no
  /// `store` names; nil where nothing says where that is.
  package static func journal(environment: [String: String]) -> String? {
    if let named = environment["ATHANOR_JOURNAL"], !named.isEmpty { return named }
    return home(environment).map { "\($0)/journal.sqlite" }
  }

  private static func home(_ environment: [String: String]) -> String? {
    func folder(_ variable: String, _ rest: String) -> String? {
      // An empty variable counts as unset, and so does a relative one: it would mean another folder
      // wherever the program is started (XDG Base Directory Specification 0.8).
      environment[variable].flatMap { $0.hasPrefix("/") ? $0 + rest : nil }
    }
    return folder("ATHANOR_HOME", "") ?? folder("XDG_DATA_HOME", "/athanor")
      ?? folder("HOME", "/.local/share/athanor")
  }

  /// The first folder of a name that is met on the way up and has what shows that it is ours.
  private static func folder(_ name: String, with mark: String, above executable: String) -> String?
  {
    var folder = executable
    while let slash = folder.lastIndex(of: "/") {
      folder = String(folder[..<slash])
      for place in ["\(folder)/\(name)", "\(folder)/share/athanor/\(name)"]
      where isFolder("\(place)/\(mark)") {
        return place
      }
    }
    return nil
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
