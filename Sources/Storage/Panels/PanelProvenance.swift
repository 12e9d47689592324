/// Where a panel came from and what was done to it on the way.
package struct PanelProvenance: Codable, Hashable, Sendable {
  /// A file that was read.
  package struct Source: Codable, Hashable, Sendable {
    package var name: String
    package var bytes: Int
    /// The SHA-256 digest of the file as it lay on disk.
    package var fingerprint: String

    package init(name: String, bytes: Int, fingerprint: String) {
      self.name = name
      self.bytes = bytes
      self.fingerprint = fingerprint
    }
  }

  /// A defect of the sources and how it was handled.
  package struct Defect: Codable, Hashable, Sendable {
    /// A snake_case key such as `spin_off`.
    package var kind: String
    /// The instrument concerned; empty where the defect concerns all of them.
    package var instrument: String
    /// ISO 8601; empty where the defect has no date.
    package var date: String
    /// What is wrong, in the words of the source.
    package var note: String
    /// What was done about it, in one sentence.
    package var handling: String

    package init(
      kind: String, instrument: String = "", date: String = "", note: String = "", handling: String
    ) {
      self.kind = kind
      self.instrument = instrument
      self.date = date
      self.note = note
      self.handling = handling
    }
  }

  package var origin: String
  package var licence: String
  package var sources: [Source]
  /// The options of the import by name, in full.
  package var options: [String: String]
  package var defects: [Defect]

  package init(
    origin: String = "", licence: String = "", sources: [Source] = [],
    options: [String: String] = [:], defects: [Defect] = []
  ) {
    self.origin = origin
    self.licence = licence
    self.sources = sources
    self.options = options
    self.defects = defects
  }
}
