import Foundation

/// The lines of a gzip file of the shared data.
package func packedLines(_ path: String) throws -> [Substring] {
  let run = try ShellRun("gzip", "-dc", SharedMaterial.file(path).path)
  guard run.exitCode == 0 else { throw CocoaError(.fileReadCorruptFile) }
  return run.output.split(whereSeparator: \.isNewline)
}

/// The lines of a gzip file of the shared data behind the first `skipped`, at most `count`.
package func packedLines(_ path: String, first count: Int, after skipped: Int = 0) throws
  -> [Substring]
{
  let file = SharedMaterial.file(path).path
  let run = try ShellRun(
    "sh", "-c", "gzip -dc '\(file)' 2>/dev/null | tail -n +\(skipped + 1) | head -n \(count)")
  return run.output.split(whereSeparator: \.isNewline)
}

/// The cells of a table of the shared data, without its heading.
package func packedTable(_ path: String, first count: Int? = nil) throws -> [[Substring]] {
  let lines = try count.map { try packedLines(path, first: $0 + 1) } ?? packedLines(path)
  return lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
}
