package import Essentials

/// What can go wrong with a store of panels.
package enum StoreFailure: ExplainedFailure, Hashable {
  case invalidName(String)
  case noSuchPanel(name: String, folder: String, nearest: String?)
  case panelExists(name: String, folder: String)
  case unsupportedFormat(panel: String, version: Int)
  /// A file of a panel is not what its manifest says.
  case damaged(panel: String, file: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case cannotList(folder: String)

  package var key: String {
    switch self {
    case .invalidName: "invalid_panel_name"
    case .noSuchPanel: "no_such_panel"
    case .panelExists: "panel_exists"
    case .unsupportedFormat: "unsupported_panel_format"
    case .damaged: "damaged_panel"
    case .cannotWrite: "cannot_write"
    case .cannotList: "cannot_list"
    }
  }

  package var explanation: String {
    switch self {
    case .invalidName(let name): "\"\(name)\" cannot name a panel."
    case .noSuchPanel(let name, let folder, _): "The store \(folder) has no panel \(name)."
    case .panelExists(let name, let folder): "The store \(folder) already has a panel \(name)."
    case .unsupportedFormat(let panel, let version):
      "The panel \(panel) was written in format \(version)."
    case .damaged(let panel, let file, let reason):
      "The panel \(panel) is damaged: \(file) \(reason)."
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)."
    case .cannotList(let folder): "The store \(folder) cannot be listed."
    }
  }

  package var remedy: String {
    switch self {
    case .invalidName:
      "Use 1 to 64 lower-case letters, digits, hyphens, underscores or dots, a letter or digit first."
    case .noSuchPanel(_, _, let nearest):
      nearest.map { "Did you mean \($0)?" } ?? "List the panels, or import one."
    case .panelExists: "Choose another name, or ask for the panel to be replaced."
    case .unsupportedFormat:
      "Import it again with this version, which reads format \(PanelManifest.currentFormat)."
    case .damaged: "Import the panel again from its sources."
    case .cannotWrite: "Check the permissions and the free space of the disk."
    case .cannotList: "Check that it is a folder and that you may read it."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .invalidName, .noSuchPanel, .panelExists: .badConfiguration
    case .unsupportedFormat, .damaged: .integrityViolated
    case .cannotWrite, .cannotList: .failed
    }
  }
}

extension StoreFailure {
  static func writing(_ failure: FileFailure) -> StoreFailure {
    switch failure {
    case .unreadable(let path, let reason), .unwritable(let path, let reason):
      .cannotWrite(path: path, reason: reason)
    case .truncated(let path, _), .corrupt(let path, _, _), .tooLong(let path, _),
      .readableByOthers(let path, _), .ownedByAnother(let path):
      .cannotWrite(path: path, reason: failure.explanation)
    }
  }
}
