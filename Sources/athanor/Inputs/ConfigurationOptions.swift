import Essentials
import Services
import Tactics

/// The options that say which layers of settings are laid over the shipped defaults.
enum ConfigurationOptions {
  /// The profiles that come with the desk.
  enum Profile: String, CaseIterable, Sendable {
    case seed

    var document: SettingDocument {
      switch self {
      case .seed: ShippedProfiles.seed
      }
    }
  }

  static let profile = Option<Profile?>.optional(
    "profile", .word("name"), help: "A shipped profile, laid over the defaults.")
  static let files = Option.repeated(
    "file", short: "f", .file(), help: "A YAML or JSON file of settings, over the profile.")
  static let tuned = Option.repeated(
    "tuned", .file(), help: "A file of tuned settings, over the files.")
  static let assignments = Option.repeated(
    "set", .text("key=value"), help: "One setting, over everything else.")

  static let definitions = [
    profile.definition, files.definition, tuned.definition, assignments.definition,
  ]
}

extension Invocation {
  /// The documents of the layers that the command line names, lowest first.
  ///
  /// - Parameter files: the option that names files of settings.
  func settingDocuments(
    files: Option<[String]> = ConfigurationOptions.files
  ) throws -> [SettingDocument] {
    var documents = self[ConfigurationOptions.profile].map { [$0.document] } ?? []
    documents += try settingFiles(self[files], .operatorFile)
    documents += try settingFiles(self[ConfigurationOptions.tuned], .tuned)
    let assignments = self[ConfigurationOptions.assignments]
    if !assignments.isEmpty { documents.append(.commandLine(assignments)) }
    return documents
  }

  /// Reads files of settings as one layer.
  func settingFiles(_ paths: [String], _ layer: SettingLayer) throws -> [SettingDocument] {
    try paths.map { SettingDocument(layer, named: $0, text: try SourceText.read(path: $0)) }
  }
}
