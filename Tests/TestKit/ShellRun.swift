package import Foundation

/// A program that ran to its end, with what it wrote.
package struct ShellRun: Sendable {
  package let exitCode: Int32
  package let output: String
  package let errors: String

  /// Runs a program, found on the path unless it is named by one, with nothing to read.
  ///
  /// What it writes goes through files, so it may be of any length.
  package init(
    _ program: String, _ arguments: String..., environment: [String: String]? = nil,
    folder: URL? = nil
  ) throws {
    let scratch = try ScratchFolder()
    let outputFile = scratch.url.appendingPathComponent("output")
    let errorFile = scratch.url.appendingPathComponent("errors")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    if let environment { process.environment = environment }
    if let folder { process.currentDirectoryURL = folder }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    output = try String(contentsOf: outputFile, encoding: .utf8)
    errors = try String(contentsOf: errorFile, encoding: .utf8)
  }
}

/// An empty folder of its own, removed with everything in it when the value is let go.
package final class ScratchFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("athanor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
