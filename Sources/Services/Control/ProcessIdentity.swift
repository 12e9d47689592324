package import Essentials
import Foundation
import Glibc
import Storage

/// What tells a process from every other that had or will have its number.
///
/// A number is given again after its process has ended, also to a stranger; the instant of its start,
/// in ticks since the system came up, and the name of that coming up are given once.
package struct ProcessIdentity: Hashable, Sendable {
  package let pid: Int32
  /// Ticks since the system came up.
  package let start: UInt64
  /// The name that the system gave itself when it came up.
  package let boot: String

  init(pid: Int32, start: UInt64, boot: String) {
    self.pid = pid
    self.start = start
    self.boot = boot
  }

  /// The process that has a number, nil where there is none or only its remains.
  package init?(of pid: Int32) {
    guard let status = Self.text("/proc/\(pid)/stat"),
      let boot = Self.text("/proc/sys/kernel/random/boot_id"),
      // A program may have spaces and parentheses in its name.
      let end = status.lastIndex(of: ")")
    else { return nil }
    let fields = status[status.index(after: end)...].split(separator: " ")
    // Fields 3 and 22 of proc(5): the state, and the start in ticks.
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let start = UInt64(fields[19])
    else { return nil }
    self.init(
      pid: pid, start: start, boot: boot.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Whether this very process is there still.
  package var isAlive: Bool { ProcessIdentity(of: pid) == self }

  package var json: JSONValue {
    ["pid": .integer(Int(pid)), "start": .string(String(start)), "boot": .string(boot)]
  }

  /// Reads what ``json`` wrote, nil where it is something else.
  package init?(json: JSONValue) {
    guard case .integer(let number)? = json["pid"], let pid = Int32(exactly: number), pid > 1,
      case .string(let ticks)? = json["start"], let start = UInt64(ticks),
      case .string(let boot)? = json["boot"]
    else { return nil }
    self.init(pid: pid, start: start, boot: boot)
  }

  fileprivate static func text(_ path: String) -> String? {
    (try? WholeFile.read(path)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A process that carries a mark in its environment, as everything does that a marked process starts.
struct MarkedProcess: Hashable {
  let process: ProcessIdentity
  let mark: String

  /// The processes of this user whose environment has a variable, and its value.
  static func all(with variable: String) -> [MarkedProcess] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.sorted().compactMap { pid in
      guard let environment = ProcessIdentity.text("/proc/\(pid)/environ"),
        let entry = environment.split(separator: "\0").first(where: {
          $0.hasPrefix(variable + "=")
        }), let process = ProcessIdentity(of: pid)
      else { return nil }
      return MarkedProcess(
        process: process, mark: String(entry.dropFirst(variable.count + 1)))
    }
  }
}
