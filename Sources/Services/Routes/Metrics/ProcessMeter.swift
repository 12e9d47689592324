import Foundation
import Glibc

/// What the system says of this process, read from `/proc` (proc(5)).
package enum ProcessMeter {
  /// Memory, processor time, files and threads, under the names that Prometheus clients agree upon;
  /// what cannot be read is left out. Cost: three small reads and the listing of a folder.
  package static func metrics() -> [Metric] {
    var metrics: [Metric] = []
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    if let fields = fields("/proc/self/statm"), fields.count > 1, let pages = Double(fields[1]) {
      metrics.append(
        Metric(
          "process_resident_memory_bytes", "Memory that the process holds at present.", .gauge,
          pages * page))
    }
    // The name in the second field may hold spaces, and ends with the last parenthesis.
    if let text = contents("/proc/self/stat"), let name = text.lastIndex(of: ")") {
      let fields = text[text.index(after: name)...].split(separator: " ")
      if fields.count > 17, let user = Double(fields[11]), let system = Double(fields[12]),
        let threads = Double(fields[17])
      {
        metrics.append(
          Metric(
            "process_cpu_seconds_total", "Processor time that the process has used.", .counter,
            (user + system) / ticks))
        metrics.append(
          Metric("process_threads", "Threads of the process.", .gauge, threads))
      }
    }
    if let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      metrics.append(
        Metric(
          "process_open_fds", "Files and connections that the process has open.", .gauge,
          Double(names.count)))
    }
    return metrics
  }

  private static func fields(_ path: String) -> [Substring]? {
    contents(path)?.split(whereSeparator: { $0 == " " || $0 == "\n" })
  }

  private static func contents(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
