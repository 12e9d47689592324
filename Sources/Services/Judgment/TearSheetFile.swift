import Backtesting
package import Essentials
import Foundation

/// A tear sheet as a file that can be mailed.
package enum TearSheetFile {
  /// Writes the page of an alpha to `path`, whose folder is made where it is not there.
  ///
  /// The file appears whole or not at all, in the place of one that was there. An alpha that was
  /// handed in without a name is called by its identifier.
  package static func write(_ alpha: PricedAlpha, to path: String) throws(TearSheetFailure) {
    let name = alpha.name.hasPrefix("#") ? nil : alpha.name
    let page = TearSheet(result: alpha.result, trust: alpha.trust, name: name).html()
    let place = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(page.utf8).write(to: place, options: .atomic)
    } catch {
      throw .notWritten(path: path, reason: error.localizedDescription)
    }
  }
}

/// What keeps a tear sheet from its place.
package enum TearSheetFailure: ExplainedFailure, Hashable {
  case notWritten(path: String, reason: String)

  package var key: String { "unwritable_file" }

  package var explanation: String {
    switch self {
    case .notWritten(let path, let reason):
      "The tear sheet cannot be written to \(path): \(reason)"
    }
  }

  package var remedy: String { "Name a file with --html in a folder that can be written to." }

  package var outcome: FailureOutcome { .badConfiguration }
}
