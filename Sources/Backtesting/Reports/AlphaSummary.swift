import Essentials

extension SimulationResult {
  /// The result for people: what was run, the metrics by block and year, the checks, the warnings,
  /// and in the last line the fingerprint that two equal runs share.
  package var summary: String {
    var text = """
      alpha     \(alpha.text)
      panel     \(panelName) (\(panelFingerprint.short))
      settings  \(settingsLine)
      grade     \(grade.rawValue)

      """
    text += "\n" + metricsTable.text
    text += "\n" + checksTable.text
    let notes = checks.compactMap { check in
      check.note.map { "\(check.name.rawValue): \($0)" }
    }
    let remarks = notes + warnings.map { "\($0.code): \($0.message)" }
    if !remarks.isEmpty { text += "\n" + remarks.joined(separator: "\n") + "\n" }
    text += "\nresult \(fingerprint)\n"
    return text
  }

  private var settingsLine: String {
    var parts = [
      settings.universe, "delay \(settings.delay)", "decay \(settings.decay)",
      settings.neutralization.rawValue, "truncation \(settings.truncation)",
    ]
    if settings.maxTrade == .on { parts.append("maxTrade") }
    if settings.nanHandling == .on { parts.append("nanHandling") }
    if settings.pasteurization == .off { parts.append("no pasteurization") }
    if settings.stepOrder != .neutralizeLast { parts.append(settings.stepOrder.rawValue) }
    if settings.costRate > 0 {
      parts.append("cost \(TextTable.decimal(settings.costRate * 1e4, digits: 1)) bp")
    }
    return parts.joined(separator: ", ")
  }

  private var metricsTable: TextTable {
    var table = TextTable(header: [
      "block", "Sharpe", "Fitness", "Turnover [%/day]", "Returns [%/year]", "Drawdown [%]",
      "Margin [bp]", "PnL", "Long", "Short", "Coverage [%]",
    ])
    func add(_ name: String, _ metrics: AlphaMetrics) {
      table.append([
        name, TextTable.decimal(metrics.sharpe, digits: 2),
        TextTable.decimal(metrics.fitness, digits: 2),
        TextTable.decimal(metrics.turnover * 100, digits: 2),
        TextTable.decimal(metrics.returns * 100, digits: 2),
        TextTable.decimal(metrics.drawdown * 100, digits: 2),
        TextTable.decimal(metrics.margin * 1e4, digits: 2),
        TextTable.decimal(metrics.pnl, digits: 0),
        TextTable.decimal(metrics.longCount, digits: 0),
        TextTable.decimal(metrics.shortCount, digits: 0),
        TextTable.decimal(metrics.coverage * 100, digits: 1),
      ])
    }
    add("IS \(inSample.firstStamp.date) to \(inSample.lastStamp.date)", inSample)
    if let train { add("train to \(train.lastStamp.date)", train) }
    if let test { add("test from \(test.firstStamp.date)", test) }
    for year in yearly {
      add(
        year.stage == .inSample ? "\(year.year)" : "\(year.year) \(year.stage.rawValue)",
        year.metrics)
    }
    return table
  }

  private var checksTable: TextTable {
    var table = TextTable(header: ["check", "result", "value", "limit"])
    for check in checks {
      table.append([
        check.name.rawValue, check.verdict.rawValue,
        check.value.map { TextTable.decimal($0, digits: 4) } ?? "--",
        check.limit.map { TextTable.decimal($0, digits: 4) } ?? "--",
      ])
    }
    return table
  }
}
