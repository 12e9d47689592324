/// How far an import has come.
package struct ImportProgress: Sendable {
  /// What the import is doing.
  package enum Step: Hashable, Sendable {
    case reading
    /// Deriving and writing the named field.
    case writing(field: String)
  }

  package var step: Step
  /// Bytes of the sources read so far, as they lie on disk.
  package var bytesDone: Int
  package var bytesTotal: Int
  package var rows: Int
  package var fieldsDone: Int
}

/// Counts what an import has read and reports it now and then.
final class ImportMeter {
  private let report: ((ImportProgress) -> Void)?
  private let bytesTotal: Int
  private var bytesOfFinishedFiles = 0
  private var rows = 0
  private var fields = 0

  init(bytesTotal: Int, report: ((ImportProgress) -> Void)?) {
    self.bytesTotal = bytesTotal
    self.report = report
  }

  /// Rows between two reports.
  static let interval = 16_384

  func read(row: Int, of file: CompressedFile) {
    rows += 1
    if rows % Self.interval == 0 { tell(.reading, bytesOfFinishedFiles + file.bytesConsumed) }
  }

  func finished(_ file: CompressedFile) { finished(bytes: file.byteCount) }

  func finished(bytes: Int) {
    bytesOfFinishedFiles += bytes
    tell(.reading, bytesOfFinishedFiles)
  }

  func writes(_ field: String) {
    tell(.writing(field: field), bytesTotal)
    fields += 1
  }

  private func tell(_ step: ImportProgress.Step, _ bytes: Int) {
    report?(
      ImportProgress(
        step: step, bytesDone: bytes, bytesTotal: bytesTotal, rows: rows, fieldsDone: fields))
  }
}
