/// The place of a file of an earlier job, as a request names it: `jobs/<job_id>/<file>`.
struct JobReference: Hashable, Sendable {
  let jobID: String
  /// The path below the job's folder, in its parts.
  let parts: [String]

  static let pattern = "^jobs/[0-9a-f]{32}(/[A-Za-z0-9_][A-Za-z0-9._-]*)+$"
  private static let partsMax = 8

  /// Reads a text; nil where it names no such place. No part can be hidden or climb out of a folder.
  init?(_ text: String) {
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.count >= 3, words.count <= Self.partsMax + 2, words[0] == "jobs",
      Self.isJobID(words[1]), words[2...].allSatisfy(Self.isPart)
    else { return nil }
    jobID = words[1]
    parts = Array(words[2...])
  }

  /// Whether a text is the id of a job: 32 hexadecimal digits.
  static func isJobID(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  private static func isPart(_ part: String) -> Bool {
    guard let first = part.utf8.first, part.utf8.count <= 255 else { return false }
    func isWordly(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "_")
    }
    return isWordly(first)
      && part.utf8.allSatisfy {
        isWordly($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
  }
}
