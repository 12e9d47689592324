import Services

/// Shows how far a campaign is, one line for each kind of work.
final class CampaignBoard: @unchecked Sendable {
  // Sendable: `work` is only changed by the campaign's own task, which tells of each kind of work
  // with nothing done before it counts; counting threads read no more than the reporter.
  private let reporter: ProgressReporter
  private var work = ""

  init(_ reporter: ProgressReporter) {
    self.reporter = reporter
  }

  func show(_ progress: Campaign.Progress) {
    if progress.done == 0, progress.work != work {
      work = progress.work
      reporter.turn(to: work, total: progress.total, unit: progress.unit)
    } else {
      reporter.advance(to: progress.done)
    }
  }
}
