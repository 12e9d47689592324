import Services

/// The option that asks for a tear sheet.
enum TearSheetOptions {
  static let html = Option<String?>.optional(
    "html", .file(), help: "Write a tear sheet of the best formula, a page that works offline.")
}

extension Invocation {
  /// Writes the tear sheet of an alpha to where `--html` says or else to `place`, and returns where
  /// it is; nil where neither names a place.
  func writeTearSheet(
    of alpha: PricedAlpha?, by simulator: PopulationSimulator, orTo place: String? = nil
  ) throws -> String? {
    guard let alpha, let path = self[TearSheetOptions.html] ?? place else { return nil }
    try TearSheetFile.write(try simulator.withSectorExposure(alpha), to: path)
    return path
  }
}
