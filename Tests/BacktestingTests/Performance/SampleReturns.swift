import Foundation
import TestKit

/// Returns of the shared sample of US equities: one series for each ticker's adjusted closes.
enum SampleReturns {
  /// The average return over the tickers with a return that day, and Apple's, from the second day on.
  static let equalWeightAndApple: (equalWeight: [Double], apple: [Double]) = {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "gzip", "-dc", SharedMaterial.file("sample/us_eq_daily/bars.csv.gz").path,
    ]
    process.standardOutput = pipe
    try! process.run()
    let text = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return parse(text)
  }()

  private static func parse(_ text: Data) -> (equalWeight: [Double], apple: [Double]) {
    var lastCloses: [String: Double] = [:]
    var equalWeight: [Double] = []
    var apple: [Double] = []
    var day = ""
    var sum = 0.0
    var count = 0
    func endDay() {
      if count > 0 { equalWeight.append(sum / Double(count)) }
      sum = 0
      count = 0
    }
    for line in text.split(separator: UInt8(ascii: "\n")).dropFirst() {
      let cells = line.split(separator: UInt8(ascii: ","), maxSplits: 8)
      let date = String(decoding: cells[0], as: UTF8.self)
      let ticker = String(decoding: cells[1], as: UTF8.self)
      if date != day {
        endDay()
        day = date
      }
      let close =
        Double(String(decoding: cells[5], as: UTF8.self))!
        * Double(String(decoding: cells[7], as: UTF8.self))!
      if let last = lastCloses[ticker] {
        let change = close / last - 1
        sum += change
        count += 1
        if ticker == "AAPL" { apple.append(change) }
      }
      lastCloses[ticker] = close
    }
    endDay()
    return (equalWeight, apple)
  }
}

/// The recorded figures of other libraries for the sample.
enum MetricsOracle {
  /// Returns the object at a path of keys.
  static func figures(_ path: String...) -> [String: Any] {
    let data = try! Data(contentsOf: SharedMaterial.file("oracles/metrics/reference.json"))
    var object = try! JSONSerialization.jsonObject(with: data) as! [String: Any]
    for key in path { object = object[key] as! [String: Any] }
    return object
  }
}
