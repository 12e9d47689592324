import Foundation

/// One suite a run: measures and prints one JSON object on one line.
///
/// `compare.py` runs the suites beside other programs and writes RESULTS.md.
enum Benchmark {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    do {
      switch arguments.first {
      case "alpha101":
        try AlphaSetSuite(arguments: Array(arguments.dropFirst())).run()
      case "bars":
        try BarSuite(arguments: Array(arguments.dropFirst())).run()
      case "book":
        try BookSuite(arguments: Array(arguments.dropFirst())).run()
      case "feed-json":
        try FeedSuite().runJSON(Array(arguments.dropFirst()))
      case "feed-converted":
        try FeedSuite().runConverted(Array(arguments.dropFirst()))
      case "check":
        try CheckSuite(arguments: Array(arguments.dropFirst())).run()
      case "decide":
        DecisionSuite(arguments: Array(arguments.dropFirst())).run()
      case "engine":
        try EngineSuite(arguments: Array(arguments.dropFirst())).run()
      case "estimate":
        try EstimationSuite(arguments: Array(arguments.dropFirst())).run()
      case "ledger":
        try LedgerSuite(arguments: Array(arguments.dropFirst())).run()
      case "montecarlo":
        MonteCarloSuite(arguments: Array(arguments.dropFirst())).run()
      case "simulate":
        try SimulationSuite(arguments: Array(arguments.dropFirst())).run()
      case "retrieval":
        try RetrievalSuite(arguments: Array(arguments.dropFirst())).run()
      case "journal":
        try JournalSuite(arguments: Array(arguments.dropFirst())).run()
      case "service-fill":
        let suite = try ServiceSuite(arguments: Array(arguments.dropFirst()))
        try suite.fill(arguments.last.flatMap { Int($0) } ?? 0)
      case "service-feed":
        let numbers = arguments.suffix(2).compactMap { Int($0) }
        let suite = try ServiceSuite(arguments: Array(arguments.dropFirst()))
        try suite.feed(perSecond: numbers.first ?? 0, seconds: numbers.last ?? 0)
      case "cutover":
        try CutoverSuite(arguments: Array(arguments.dropFirst())).run()
      case "routes":
        try RouteSuite(arguments: Array(arguments.dropFirst())).run()
      case "worlds":
        try WorldSuite(arguments: Array(arguments.dropFirst())).run()
      default:
        report(
          """
          usage: Bench alpha101 PANEL FORMULAS THREADS ROUNDS | check FORMULAS | simulate DATA
            | decide [ROUNDS] | montecarlo [ROUNDS] | ledger FOLDER | journal FOLDER [EVENTS] | retrieval FOLDER
            | service-fill JOURNAL EVENTS.jsonl RUN COUNT
            | service-feed JOURNAL EVENTS.jsonl RUN RATE SECONDS
            | routes FOLDER [EVENTS] | cutover FOLDER [HISTORIES] | worlds JOURNAL [INSTANCES]
            | bars FOLDER | engine FOLDER | estimate RETURNS.f64...
            | book FEED futures|spot SYMBOL TICK LOT FOLDER
            | feed-json RECORDING VENUE SYMBOL TICK LOT | feed-converted FILE
          """)
        exit(4)
      }
    } catch {
      report("\(error)")
      exit(1)
    }
  }

  static func report(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Prints one line of JSON with the figures in the order given.
  static func answer(_ figures: [(String, String)]) {
    let members = figures.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
    FileHandle.standardOutput.write(Data("{\(members)}\n".utf8))
  }

  /// The seconds that `work` takes.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(work)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The largest amount of memory that this process has held, in MiB.
  static var peakMemory: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").compactMap { Double($0) }.first ?? .nan) / 1024
  }

  /// The formulas of a file: one on each line, after its name and a colon.
  static func formulas(_ path: String) throws -> [(name: String, text: String)] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }
}
