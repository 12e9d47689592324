import Foundation
import Models

/// Estimating models by maximum likelihood: GARCH(1,1) with zero mean and hidden Markov chains of two
/// and three states.
///
/// A series is a file of doubles in the order of this machine, so that other programs read the same.
struct EstimationSuite {
  private let series: [[Double]]
  private let rounds = 3

  /// `RETURNS.f64...`.
  init(arguments: [String]) throws {
    series = try arguments.map { path in
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      return bytes.withUnsafeBytes { raw in
        (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
      }
    }
  }

  func run() {
    var figures: [(String, String)] = [
      ("series", "\(series.count)"), ("returns", "\(series.reduce(0) { $0 + $1.count })"),
    ]
    let garch = timed { GARCHEstimate.fit($0) }
    figures += row("garch", garch, \.logLikelihood)
    for states in 2...3 {
      let settings = HiddenMarkovEstimate.Settings(states: states)
      let chains = timed { HiddenMarkovEstimate.fit($0, settings) }
      figures += row("hmm\(states)", chains, \.logLikelihood)
    }
    Benchmark.answer(figures)
  }

  /// The median time of estimating all series, and what came of the last time.
  private func timed<Estimate>(
    _ fit: ([Double]) -> Fit<Estimate>
  ) -> (seconds: Double, fits: [Fit<Estimate>]) {
    var times: [Double] = []
    var fits: [Fit<Estimate>] = []
    for _ in 0..<rounds {
      times.append(Benchmark.seconds { fits = series.map(fit) })
    }
    return (Benchmark.median(times), fits)
  }

  private func best<Estimate>(of fit: Fit<Estimate>) -> Estimate? {
    switch fit {
    case .converged(let estimate), .unsettled(let estimate, _): estimate
    case .impossible: nil
    }
  }

  private func row<Estimate>(
    _ name: String, _ result: (seconds: Double, fits: [Fit<Estimate>]),
    _ logLikelihood: (Estimate) -> Double
  ) -> [(String, String)] {
    let likelihoods = result.fits.map { fit in
      best(of: fit).map { "\(logLikelihood($0))" } ?? "null"
    }
    return [
      ("\(name)_seconds", "\(result.seconds)"),
      ("\(name)_converged", "\(result.fits.count { $0.estimate != nil })"),
      ("\(name)_log_likelihoods", "[\(likelihoods.joined(separator: ", "))]"),
    ]
  }
}
