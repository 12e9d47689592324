import Foundation
import TestKit

/// The lines of a gzip file of the shared data.
func packedLines(_ path: String) throws -> [Substring] {
  let run = try ShellRun("gzip", "-dc", SharedMaterial.file(path).path)
  guard run.exitCode == 0 else { throw CocoaError(.fileReadCorruptFile) }
  return run.output.split(whereSeparator: \.isNewline)
}

/// The first lines of a gzip file of the shared data, at most `count`.
func packedLines(_ path: String, first count: Int) throws -> [Substring] {
  let run = try ShellRun(
    "sh", "-c", "gzip -dc '\(SharedMaterial.file(path).path)' 2>/dev/null | head -n \(count)")
  return run.output.split(whereSeparator: \.isNewline)
}

/// The cells of a table of the shared data, without its heading.
func packedTable(_ path: String, first count: Int? = nil) throws -> [[Substring]] {
  let lines = try count.map { try packedLines(path, first: $0 + 1) } ?? packedLines(path)
  return lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
}
