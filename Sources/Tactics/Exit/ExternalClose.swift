import Essentials
package import Markets

/// Why a position vanished at the venue that nobody here closed.
package enum ExternalClose: String, Hashable, Sendable, CaseIterable {
  case manualCleanup = "exchange_close_manual_cleanup"
  case externalSync = "exchange_close_external_sync"
  case riskForced = "exchange_close_risk_forced"

  /// What is known of the position.
  package struct Evidence: Hashable, Sendable {
    package var side: PositionSide
    /// Whether this desk opened it.
    package var isManaged: Bool
    /// Where it came from; positions that were found at the venue begin with `exchange_sync`.
    package var source: String
    package var isInSafetyMode: Bool
    /// How often it was missed before.
    package var missCount: Int
    /// The last mark price; NaN where it is not known.
    package var markPrice: Double
    /// NaN where it is not known.
    package var liquidationPrice: Double

    package init(
      side: PositionSide, isManaged: Bool, source: String, isInSafetyMode: Bool, missCount: Int,
      markPrice: Double, liquidationPrice: Double
    ) {
      self.side = side
      self.isManaged = isManaged
      self.source = source
      self.isInSafetyMode = isInSafetyMode
      self.missCount = missCount
      self.markPrice = markPrice
      self.liquidationPrice = liquidationPrice
    }
  }

  /// Tells the cause: force where the evidence shows it, then whether the position was ours.
  package init(of evidence: Evidence, under settings: ExitSettings.External) {
    let distance =
      evidence.side.direction * (evidence.markPrice / evidence.liquidationPrice - 1)
    let isForced =
      evidence.isInSafetyMode || distance <= settings.liquidationBuffer
      || settings.forcedEvidence == .seed && evidence.missCount + 1 >= settings.missCount
    if isForced {
      self = .riskForced
    } else if !evidence.isManaged || evidence.source.hasPrefix("exchange_sync") {
      self = .externalSync
    } else {
      self = .manualCleanup
    }
  }

  /// Whether a position counts as closed: missed often enough, and old enough to be missed.
  package static func isConfirmed(
    missCount: Int, ageSeconds: Double, under settings: ExitSettings.External
  ) -> Bool {
    missCount >= settings.confirmCount && ageSeconds >= settings.grace.seconds
  }

  /// Whether an empty list of positions is believed, seen so often in a row.
  package static func isEmptyListBelieved(
    seen count: Int, under settings: ExitSettings.External
  ) -> Bool {
    count >= settings.emptyConfirmCount
  }
}
