/// A folder whose files are served under a path.
package struct StaticFolder: Hashable, Sendable {
  /// The path that the folder stands for, such as `/ui`.
  package var prefix: String
  /// The folder's path on this machine.
  package var folder: String

  package init(prefix: String, folder: String) {
    self.prefix = prefix
    self.folder = folder
  }
}
