import Essentials
import Foundation
import Glibc
import TestKit
import Testing
import Twins

/// A server of the program, as a process of its own that is killed when the value is let go.
final class ServedProgram {
  /// What the server told when it was ready.
  let place: JSONValue
  let port: Int
  private let process = Process()
  private let output = Pipe()
  private let errorFile: URL
  private let scratch: ScratchFolder
  private var unread: [UInt8] = []

  /// Starts a server and returns when it tells where it is.
  init(
    _ arguments: [String], environment: [String: String], port: Int = 0, folder: URL
  ) throws {
    scratch = try ScratchFolder()
    errorFile = scratch.url.appendingPathComponent("errors")
    try Data().write(to: errorFile)
    process.executableURL = Program.url
    process.arguments = arguments + ["--port", "\(port)", "--json"]
    var environment = environment
    for name in ["PATH", "LLVM_PROFILE_FILE"] {
      environment[name] = ProcessInfo.processInfo.environment[name]
    }
    process.environment = environment
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    var line: [UInt8] = []
    while !line.contains(UInt8(ascii: "\n")) {
      let part = output.fileHandleForReading.availableData
      if part.isEmpty { break }
      line += part
    }
    let end = line.firstIndex(of: UInt8(ascii: "\n")) ?? line.endIndex
    place = (try? JSONValue(parsing: String(decoding: line[..<end], as: UTF8.self))) ?? .null
    unread = Array(line[end...].dropFirst())
    guard case .string(let address)? = place["address"],
      let port = address.split(separator: ":").last.flatMap({ Int($0) })
    else {
      process.waitUntilExit()
      throw NoServer(
        description: (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "it said nothing")
    }
    self.port = port
  }

  /// A server that did not begin, with what it said.
  struct NoServer: Error, CustomStringConvertible {
    let description: String
  }

  deinit {
    guard process.isRunning else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  var address: String { "http://127.0.0.1:\(port)" }
  var isRunning: Bool { process.isRunning }
  var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

  /// The memory that the server holds at present, in bytes.
  var memory: Int {
    let path = "/proc/\(process.processIdentifier)/status"
    let line = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n")
      .first { $0.hasPrefix("VmRSS:") }
    return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
  }

  /// How a server ended.
  struct Ending {
    var isExit: Bool
    var code: Int32
    /// What it said at last.
    var words: String
  }

  /// Asks the server to end and waits until it has.
  func end() throws -> Ending {
    kill(process.processIdentifier, SIGTERM)
    let rest = unread + output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(
      isExit: process.terminationReason == .exit, code: process.terminationStatus,
      words: String(decoding: rest, as: UTF8.self))
  }

  /// Kills the server in the middle of whatever it does.
  func strike() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  // MARK: - Asking

  /// Asks on a connection of its own.
  func ask(
    _ method: String, _ target: String, token: String? = nil, _ headers: [String] = [],
    body: String? = nil
  ) throws -> WireClient.Answer {
    let client = try WireClient(port: port)
    return try client.ask(
      method, target, (token.map { ["Authorization: Bearer \($0)"] } ?? []) + headers, body: body)
  }

  /// Asks and reads the answer as JSON.
  func json(
    _ method: String, _ target: String, token: String? = nil, body: String? = nil
  ) throws -> JSONValue {
    try JSONValue(parsing: ask(method, target, token: token, body: body).text)
  }

  /// Asks for a path again and again until the answer is as wanted; nil after a minute.
  func wait(
    for target: String, token: String? = nil, until isWanted: (JSONValue) -> Bool
  ) throws -> JSONValue? {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .seconds(60) {
      let answer = try json("GET", target, token: token)
      if isWanted(answer) { return answer }
      sched_yield()
    }
    return nil
  }
}

extension JSONValue {
  /// The whole number, nil for anything else.
  var whole: Int? { if case .integer(let number) = self { number } else { nil } }
  /// The names of an object's members.
  var names: [String] {
    if case .object(let members) = self { members.map(\.name) } else { [] }
  }
}
