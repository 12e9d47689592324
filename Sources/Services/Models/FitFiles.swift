import Foundation
package import Storage

/// The files that somebody named for a fit, one by one or by their folders.
package enum FitFiles {
  /// Returns the paths of tables: of a folder those with bars or, where none has a length in its name,
  /// all tables of symbols, in the order of their names. A file that is named stays as it is, whatever
  /// it is.
  ///
  /// - Parameter bar: which bars, where a folder has several lengths, such as `1m`.
  package static func tables(_ paths: [String], bar: String?) throws(ImportFailure) -> [String] {
    var files: [String] = []
    for path in paths {
      if isFolder(path) {
        files += try SymbolFolder(path: path, barLength: bar).bars.map(\.path)
      } else {
        files.append(path)
      }
    }
    return files
  }

  /// Returns the paths of converted feeds: of a folder those that end in `.feed`, in the order of their
  /// names.
  package static func feeds(_ paths: [String]) throws(FitRefusal) -> [String] {
    var files: [String] = []
    for path in paths {
      guard isFolder(path) else {
        files.append(path)
        continue
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      let feeds = names.filter { $0.hasSuffix(".feed") && !$0.hasPrefix(".") }.sorted()
      guard !feeds.isEmpty else { throw .noFeeds(folder: path) }
      files += feeds.map { "\(path)/\($0)" }
    }
    return files
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
