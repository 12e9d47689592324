import Essentials
import Markets
import Services
import Storage

/// The options of commands that work on a panel of a store.
enum PanelOptions {
  static let panel = Option(
    "panel", short: "p", .text("name"), default: BundledData.equities,
    help: "The panel: us-equities and crypto-perps come with the program.")
  static let store = Option<String?>.optional(
    "store", .folder(),
    help: "The folder of panels; see `athanor data --help` for where it is otherwise.")

  static let definitions = [panel.definition, store.definition]
}

extension Invocation {
  /// The panels at hand, by `--store` and the environment.
  func library() throws -> PanelLibrary {
    PanelLibrary(
      folders: try DeskFolders(
        environment: surroundings.environment, executable: surroundings.executable,
        store: self[PanelOptions.store]))
  }

  /// Opens the panel of `--panel`; the import of a bundled one shows its progress.
  func openPanel() throws -> Panel { try open(self[PanelOptions.panel]) }

  /// Opens a panel by name.
  func open(_ name: String) throws -> Panel {
    let library = try library()
    return try showingImport(of: name) { try library.open(name, progress: $0) }
  }

  /// Runs an import with a progress line, first over the bytes of its sources, then over its fields.
  func showingImport<Result>(
    of name: String, _ work: (@escaping (ImportProgress) -> Void) throws -> Result
  ) rethrows -> Result {
    try withProgress("Reading \(name)", total: 0, unit: "kB") { reporter in
      try work { progress in
        reporter.advance(
          to: progress.bytesDone >> 10, of: progress.bytesTotal >> 10)
      }
    }
  }
}
