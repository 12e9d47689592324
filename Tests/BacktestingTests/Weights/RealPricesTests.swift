import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Backtesting

@Suite("Real prices")
struct RealPricesTests {
  /// The last `rows` rows of the first `columns` columns of a NumPy file (format 1.0, C order).
  static func corner<Scalar: BinaryFloatingPoint>(
    _ path: String, _ type: Scalar.Type, width: Int, rows: Int, columns: Int
  ) throws -> [[Double]] {
    let data = try Data(contentsOf: SharedMaterial.file(path))
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    return data.withUnsafeBytes { bytes in
      let size = MemoryLayout<Scalar>.size
      let height = (bytes.count - header) / size / width
      return ((height - rows)..<height).map { row in
        (0..<columns).map { column in
          Double(
            bytes.loadUnaligned(
              fromByteOffset: header + (row * width + column) * size, as: Scalar.self))
        }
      }
    }
  }

  @Test(
    "600 days of 80 stocks give the figures that the same steps give in NumPy",
    .enabled(if: SharedMaterial.isPresent, Comment(rawValue: SharedMaterial.reason)))
  func reversal() throws {
    let closes = try Self.corner(
      "bench/us_eq_daily/adjclose.npy", Float.self, width: 421, rows: 600, columns: 80)
    let volume = try Self.corner(
      "bench/us_eq_daily/volume.npy", Double.self, width: 421, rows: 600, columns: 80)
    var settings = SimulationSettings()
    settings.decay = 4
    settings.neutralization = .market
    let alpha = closes.indices.map { row in
      closes[row].indices.map { column in
        row == 0 ? .nan : 1 - closes[row][column] / closes[row - 1][column]
      }
    }
    let result = try SimulationBench.run(
      SimulationBench.panel(closes: closes, volume: volume), settings, alpha, chunk: 64)
    let expected: [(String, Double, Double)] = [
      ("pnl", result.inSample.pnl, 2588607.749986618),
      ("sharpe", result.inSample.sharpe, 0.8353786258356386),
      ("returns", result.inSample.returns, 0.1089030305503552),
      ("turnover", result.inSample.turnover, 0.8057952425623032),
      ("drawdown", result.inSample.drawdown, 0.141277503276503),
      ("fitness", result.inSample.fitness, 0.3071079028653815),
      ("margin", result.inSample.margin, 0.00026815427810304823),
      ("largest share", result.series.largestShare.max() ?? 0, 0.13765011802926982),
    ]
    for (name, calculated, reference) in expected {
      #expect(agree(calculated, reference, relative: 1e-11), "\(name)")
    }
  }
}
