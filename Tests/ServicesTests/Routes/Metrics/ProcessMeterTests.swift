import Services
import Testing

@Suite("What the system says of the process")
struct ProcessMeterTests {
  @Test("memory, processor time, threads and files are told in base units")
  func readings() throws {
    let metrics = ProcessMeter.metrics()
    func value(_ name: String) throws -> Double {
      let metric = try #require(metrics.first { $0.name == name }, "\(name)")
      guard case .number(let value)? = metric.samples.first?.reading else { return .nan }
      return value
    }
    // A test runner holds between a megabyte and a hundred gigabytes, in a process of some threads.
    #expect((1e6...1e11).contains(try value("process_resident_memory_bytes")))
    #expect(try value("process_cpu_seconds_total") >= 0)
    #expect((1...10_000).contains(try value("process_threads")))
    #expect((3...100_000).contains(try value("process_open_fds")))
  }
}
