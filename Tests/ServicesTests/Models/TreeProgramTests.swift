import Essentials
import Foundation
import Mathematics
import TestKit
import Testing

@testable import Models
@testable import Services

@Suite("Trees that LightGBM grows", .serialized)
struct TreeProgramTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  private static let python = root + "/.venv-lightgbm/bin/python"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: python)
  private static let message: Comment = "Scripts/setup --lightgbm was not run"

  private static func program(
    _ bounds: TreeProgram.Bounds = TreeProgram.Bounds()
  ) throws -> TreeProgram {
    try TreeProgram(above: root + "/program", bounds: bounds)
  }

  /// Normal values, some missing, whose class is that of the product of the first two.
  private static func table(_ count: Int, seed: UInt64) -> TreeTable {
    var generator = SplitMix64(seed: seed)
    func normal() -> Double {
      StandardNormal.quantile((Double(generator.next() >> 12) + 0.5) * 0x1p-52)
    }
    var rows: [[Double]] = []
    var targets: [Double] = []
    for row in 0..<count {
      var values = [normal(), normal(), normal()]
      targets.append(values[0] * values[1] > 0 ? 1 : 0)
      if row % 9 == 4 { values[row % 3] = .nan }
      rows.append(values)
    }
    return TreeTable(
      featureNames: ["ofi", "vpin", "mu_kf"], rows: rows, targets: targets, aim: .chance)
  }

  private static let small = TreeSettings(
    leaves: 6, learningRate: 0.2, rowsPerLeafMin: 10, featureShare: 1, rounds: 12)

  @Test(
    "what the trees say is what LightGBM itself says, missing values included",
    .enabled(if: isInstalled, message))
  func oracle() throws {
    let scratch = try ScratchFolder()
    let script = """
      import lightgbm, numpy
      r = numpy.random.default_rng(5)
      x = r.normal(size=(600, 4)); x[r.random(x.shape) < 0.15] = numpy.nan
      x[:, 3] = numpy.where(r.random(600) < 0.4, 0.0, x[:, 3])
      y = (numpy.nan_to_num(x[:, 0]) * numpy.nan_to_num(x[:, 1]) + 0.3 * r.normal(size=600) > 0)
      for name, more in [("chance", {"objective": "binary"}), ("mean", {"objective": "regression"}),
                         ("zero", {"objective": "binary", "zero_as_missing": True})]:
          p = {"num_leaves": 12, "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5, **more}
          b = lightgbm.train(p, lightgbm.Dataset(x, label=y.astype(float), params=p), 40)
          open(name + ".txt", "w").write(b.model_to_string())
          numpy.savetxt(name + ".said", b.predict(x, raw_score=True), fmt="%.17g")
      numpy.savetxt("x.txt", x, fmt="%.17g")
      """
    let run = try ShellRun(Self.python, "-I", "-c", script, folder: scratch.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    func lines(_ name: String) throws -> [[Double]] {
      try String(contentsOf: scratch.url.appendingPathComponent(name), encoding: .utf8)
        .split(separator: "\n").map { $0.split(separator: " ").map { Double($0) ?? .nan } }
    }
    let rows = try lines("x.txt")
    #expect(rows.joined().contains { $0.isNaN } && rows.count == 600)
    for name in ["chance", "mean", "zero"] {
      let text = try String(
        contentsOf: scratch.url.appendingPathComponent(name + ".txt"), encoding: .utf8)
      let trees = try BoostedTrees(text: text, document: name)
      #expect(trees.count == 40 && trees.isChance == (name != "mean"))
      // What a document keeps of the text says the same.
      let kept = try BoostedTrees(text: trees.text, document: name)
      #expect(kept == trees && kept.text.utf8.count < text.utf8.count)
      for (row, said) in zip(rows, try lines(name + ".said")) {
        #expect(abs(try #require(trees.score(row)) - said[0]) <= 1e-12)
      }
    }
  }

  @Test(
    "the same table gives the same trees, and the first of many are what fewer would have been",
    .enabled(if: isInstalled, message))
  func determinism() throws {
    let table = Self.table(400, seed: 1)
    var fewer = Self.small
    fewer.rounds = 5
    let tasks = [
      TreeTask(Self.small, on: Array(0..<300)), TreeTask(fewer, on: Array(0..<300)),
      TreeTask(Self.small, on: Array(100..<400)),
    ]
    let grown = try Self.program().grower.grow(table, tasks)
    #expect(try Self.program().grower.grow(table, tasks) == grown)
    #expect(grown.map(\.count) == [12, 5, 12] && grown[0] != grown[2])
    #expect(grown[0].trees.prefix(5) == grown[1].trees[...])
    for row in table.rows {
      let sums = try #require(grown[0].scores(row, after: [5, 12]))
      #expect(sums[0] == grown[1].score(row) && sums[1] == grown[0].score(row))
    }
  }

  /// Rows whose direction is that of the product of two features, or of chance.
  private static func rows(_ count: Int, seed: UInt64, strength: Double) throws -> LabeledRows {
    var generator = SplitMix64(seed: seed)
    func normal() -> Double {
      StandardNormal.quantile((Double(generator.next() >> 12) + 0.5) * 0x1p-52)
    }
    let rows = try (0..<count).map { minute in
      let values = [normal(), normal(), normal()]
      let told = values[0] * values[1] > 0 ? 1.0 : -1.0
      let move = 1e-3 * (strength * told + normal())
      let start = Timestamp(millisecondsSinceEpoch: 60_000 * Int64(minute))
      return LabeledRow(
        values: values, symbol: "A", regime: nil,
        interval: try #require(LabelInterval(from: start, to: start + .minutes(1))),
        target: move, move: move, isUp: move > 0)
    }
    var labeled = LabeledRows(source: .move)
    labeled.rows = rows
    return labeled
  }

  private static func settings(
    _ learning: DirectionStudy.Learning
  ) throws -> DirectionStudy.Settings {
    DirectionStudy.Settings(
      learning: learning, ridges: [1, 10], trees: [small], stops: [4], thresholds: [0.52, 0.6],
      folds: 3,
      common: StudySettings(
        splits: try #require(LabelSplits(embargo: .minutes(2))), samplesMin: 200),
      rules: DirectionScore.Rules(resamples: 200))
  }

  @Test(
    "a direction that no weighted sum says is found by trees, taken, calibrated and written",
    .enabled(if: isInstalled, message))
  func exclusiveOr() throws {
    let rows = try Self.rows(1200, seed: 3, strength: 1)
    let names = ["ofi", "vpin", "mu_kf"]
    let plane = try DirectionStudy(rows, featureNames: names, settings: Self.settings(.logistic))
    #expect(plane.outOfSample.accuracy.interval(confidence: 0.99).contains(0.5) && !plane.earns)
    let study = try DirectionStudy(
      rows, featureNames: names, settings: Self.settings(.all), grower: Self.program().grower)
    guard case .trees(let settings) = study.learner else {
      Issue.record("\(study.learner)")
      return
    }
    #expect([4, 12].contains(settings.rounds) && study.earns)
    // Two ridges and two numbers of trees, each from two chances on.
    #expect(study.trials.count == 8)
    #expect(study.outOfSample.accuracy.interval(confidence: 0.99).lowerBound > 0.6)
    let reliability = try #require(study.outOfSample.brier).reliability
    #expect(reliability < 0.02)
    let document = study.document(rawSamples: 1200, trainedAt: nil)
    let text = document.json.indentedText
    let read = try DirectionDocument(text: text, document: "direction.json")
    #expect(read.model == study.model && read.model.usesTrees && read.json.indentedText == text)
    let forecast = try #require(read.model.forecast([1, 1, 0], regime: nil))
    #expect(forecast.speaker == .trees && forecast.edge > 0.2)
    #expect(try #require(read.model.forecast([1, -1, 0], regime: nil)).edge < -0.2)
  }

  @Test(
    "among noise no model is better than none, whatever was tried",
    .enabled(if: isInstalled, message))
  func noise() throws {
    let study = try DirectionStudy(
      Self.rows(1200, seed: 4, strength: 0), featureNames: ["ofi", "vpin", "mu_kf"],
      settings: Self.settings(.all), grower: Self.program().grower)
    #expect(!study.earns)
    #expect(study.outOfSample.accuracy.interval(confidence: 0.999).contains(0.5))
  }

  @Test(
    "an expected return that no weighted sum says is found by trees, with its slope, or is none",
    .enabled(if: isInstalled, message))
  func drift() throws {
    for (strength, isFound) in [(1.0, true), (0.0, false)] {
      let rows = try Self.rows(1500, seed: 9, strength: strength)
      let study = try DriftStudy(
        rows.rows, featureNames: ["ofi", "vpin", "mu_kf"],
        settings: DriftStudy.Settings(
          trees: [Self.small], stops: [4], folds: 3,
          common: StudySettings(
            splits: try #require(LabelSplits(embargo: .minutes(2))), samplesMin: 200),
          rules: LinearScore.Rules(resamples: 200)), grower: Self.program().grower)
      #expect(study.trials.count == 2)
      let document = study.document(trainedAt: "then")
      #expect(document.shows(.earning) == isFound && document.shows(.explaining) == isFound)
      let read = try LearnedDriftDocument(text: document.json.indentedText, document: "drift")
      #expect(read.drift == study.drift && read.shows(.earning) == isFound)
      let up = try #require(study.drift.expected([1, 1, 0]))
      let down = try #require(study.drift.expected([1, -1, 0]))
      if isFound {
        // A move of 0.001, of which few trees with small steps say a part.
        #expect(up.logReturn > 3e-4 && up.logReturn < 1.5e-3 && down.logReturn < -3e-4)
        #expect(up.error < 0.2 * up.logReturn)
        let linear = try LinearStudy(
          rows.rows, featureNames: ["ofi", "vpin", "mu_kf"],
          settings: LinearStudy.Settings(
            common: study.settings.common, rules: LinearScore.Rules(resamples: 200)))
        #expect(try #require(linear.outOfSample.explainedInterval).lowerBound <= 0)
      } else {
        #expect(abs(up.logReturn) < 2e-4)
      }
      #expect(study.drift.expected([.nan, .nan, 0]) == nil)
      #expect(study.drift.expected([1, .nan, 0]) != nil)
    }
  }

  @Test("what keeps trees from growing is said with its remedy, and nothing is left behind")
  func failures() throws {
    let scratch = try ScratchFolder()
    func fails(_ body: () throws -> Void) throws -> TreeFailure {
      try #require(#expect(throws: TreeFailure.self) { try body() })
    }
    let away = try fails { _ = try TreeProgram(above: scratch.url.path + "/program") }
    #expect(away.key == "no_lightgbm" && away.remedy.contains("Scripts/setup --lightgbm"))
    let python = try fails {
      _ = try TreeProgram(above: Self.root + "/program", python: scratch.url.path + "/python")
    }
    #expect(python.key == "no_python")
    // Programs that stand in for a Python: without the wheel, in a loop, and with nothing to show.
    for (line, key) in [
      ("exit 3", "no_lightgbm"), ("exit 5", "trees_too_large"), ("exit 0", "trees_not_grown"),
      ("echo 'no such objective' >&2; exit 6", "trees_not_grown"),
      ("kill -ALRM $$", "trees_take_too_long"),
      ("echo tree > $4/model-0.txt", "trees_not_grown"),
    ] {
      let stand = scratch.url.appendingPathComponent("stand")
      try "#!/bin/sh\n\(line)\n".write(to: stand, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o700], ofItemAtPath: stand.path)
      let program = TreeProgram(python: stand.path, script: "grow.py")
      let failure = try fails {
        _ = try program.grower.grow(
          Self.table(20, seed: 1), [TreeTask(Self.small, on: Array(0..<20))])
      }
      #expect(failure.key == key, "\(line): \(failure.explanation)")
      if line.contains("objective") {
        #expect(failure.explanation.contains("no such objective"))
      }
    }
    let left = try FileManager.default.contentsOfDirectory(
      atPath: FileManager.default.temporaryDirectory.path)
    #expect(left.allSatisfy { !$0.hasPrefix("athanor-trees-") })
  }

  @Test(
    "growing ends at its bounds of time and memory", .enabled(if: isInstalled, message))
  func bounds() throws {
    let table = Self.table(200, seed: 2)
    let tasks = [TreeTask(Self.small, on: Array(0..<200))]
    for (bounds, key) in [
      (TreeProgram.Bounds(time: TimeSpan(milliseconds: 1)), "trees_take_too_long"),
      (TreeProgram.Bounds(megabytes: 40), "trees_too_large"),
    ] {
      let failure = #expect(throws: TreeFailure.self) {
        try Self.program(bounds).grower.grow(table, tasks)
      }
      #expect(failure?.key == key, "\(failure?.explanation ?? "")")
    }
  }
}
