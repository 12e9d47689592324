import Essentials
import Foundation
import Glibc
import Services
import TestKit
import Testing

@Suite("Child programs", .ownThread)
struct ChildProgramTests {
  private func start(
    _ script: String, folder: String? = nil,
    listening: ChildProgram.Order.Listening = .heard
  ) throws -> ChildProgram {
    try ChildProgram(
      ChildProgram.Order(
        program: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
        folder: folder, listening: listening))
  }

  private func heard(_ script: String, folder: String? = nil) throws
    -> (output: String, errors: String, exit: ChildProgram.Exit)
  {
    let child = try start(script, folder: folder)
    var texts: [ChildProgram.Stream: [UInt8]] = [:]
    func receive(_ stream: ChildProgram.Stream, _ bytes: UnsafeRawBufferPointer) {
      texts[stream, default: []] += Array(bytes)
    }
    while true {
      child.listen(milliseconds: 20, receive)
      guard let exit = child.exit(receive) else { continue }
      return (
        String(decoding: texts[.output, default: []], as: UTF8.self),
        String(decoding: texts[.errors, default: []], as: UTF8.self), exit
      )
    }
  }

  @Test("both streams and the exit code are heard")
  func streams() throws {
    let heard = try heard("echo out; echo err >&2; exit 7")
    #expect(heard.output == "out\n" && heard.errors == "err\n" && heard.exit == .code(7))
    #expect(try self.heard("kill -9 $$").exit == .signal(SIGKILL))
    #expect(try self.heard("kill -9 $$").exit.returnCode == 137)
    #expect(try start("exit 3", listening: .ignored).waitUntilExit() == .code(3))
  }

  @Test(
    "it has its own folder, nothing to read, no open files, and no signal that it ignores")
  func surroundings() throws {
    signal(SIGPIPE, SIG_IGN)
    let scratch = try ScratchFolder()
    let leak = open("/dev/null", O_RDONLY)
    defer { close(leak) }
    let heard = try heard(
      "pwd -P; cat; ls /proc/$$/fd | tr '\\n' ' '; grep SigIgn /proc/$$/status",
      folder: scratch.url.path)
    let lines = heard.output.split(separator: "\n")
    try #require(lines.count > 1, "\(heard)")
    #expect(lines[0].hasSuffix(scratch.url.lastPathComponent))
    #expect(lines[1].hasPrefix("0 1 2 "))
    #expect(!lines[1].contains(" \(leak) "))
    // The threads of the C library have two signals for themselves, 32 and 33.
    let ignored = heard.output.split(separator: "\t").last.flatMap {
      UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
    }
    #expect(try #require(ignored) & ~(3 << 31) == 0, "\(lines)")
  }

  @Test("what it leaves behind in its group ends with it, and does not keep anybody waiting")
  func leftBehind() throws {
    let heard = try heard("sleep 1000 & echo $!")
    let pid = try #require(Int32(heard.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    // Somebody else reaps it; its remains are no process.
    while ProcessIdentity(of: pid) != nil { usleep(1_000) }
    #expect(kill(pid, 0) != 0 || ProcessIdentity(of: pid) == nil)
  }

  @Test("a program that is let go of is ended")
  func letGo() throws {
    var pid: Int32 = 0
    do { pid = try start("sleep 1000").pid }
    #expect(ProcessIdentity(of: pid) == nil)
  }

  @Test("a signal to one that has ended reaches nobody")
  func late() throws {
    let child = try start("exit 0")
    #expect(child.waitUntilExit() == .code(0))
    child.signal(SIGKILL)
    #expect(child.exit() == .code(0))
  }

  @Test("a file that is no program is a failure that names it")
  func noProgram() throws {
    let order = ChildProgram.Order(program: "/nowhere/x", arguments: [], environment: [:])
    do {
      _ = try ChildProgram(order)
      Issue.record("it started")
    } catch {
      #expect(error.explanation.contains("/nowhere/x"))
    }
  }

  @Test("a process is known by its number and its start, also as JSON")
  func identity() throws {
    let child = try start("sleep 1000")
    let identity = try #require(ProcessIdentity(of: child.pid))
    #expect(identity.isAlive)
    #expect(ProcessIdentity(json: identity.json) == identity)
    #expect(ProcessIdentity(json: ["pid": 1]) == nil)
    child.signal(SIGKILL)
    _ = child.waitUntilExit()
    #expect(!identity.isAlive)
  }
}
