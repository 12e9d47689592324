import Backtesting
import Foundation
import TestKit

/// Published numbers and recorded results about overfitting.
enum GovernanceOracle {
  static func object(_ name: String) -> [String: Any] {
    let data = try! Data(contentsOf: SharedMaterial.file("oracles/governance/\(name)"))
    return try! JSONSerialization.jsonObject(with: data) as! [String: Any]
  }

  /// The names and daily profits of forty of the 101 formulaic alphas over 320 days.
  static let alphas: (names: [String], trials: TrialReturns) = {
    let text = try! String(
      contentsOf: SharedMaterial.file("oracles/governance/alpha101_daily_pnl_320x40.csv"),
      encoding: .utf8)
    let lines = text.split(separator: "\n")
    let names = lines[0].split(separator: ",").dropFirst().map(String.init)
    var series = [[Double]](repeating: [], count: names.count)
    for line in lines.dropFirst() {
      for (trial, cell) in line.split(separator: ",").dropFirst().enumerated() {
        series[trial].append(Double(cell)!)
      }
    }
    return (names, try! TrialReturns(series: series))
  }()
}
