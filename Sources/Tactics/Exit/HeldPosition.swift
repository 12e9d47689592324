package import Essentials
package import Markets

/// A position that exits are asked about. NaN is what is not known.
package struct HeldPosition: Hashable, Sendable {
  package var side: PositionSide
  package var openedAt: Timestamp
  package var entryPrice: Double
  package var markPrice: Double
  package var leverage = 1.0
  /// Where the venue liquidates it.
  package var liquidationPrice = Double.nan
  /// The stop that rests at the venue; see ``ProtectiveStop``.
  package var stopPrice = Double.nan
  /// The quality of its entry, from 0 to 1.
  package var entryQuality = Double.nan
  /// The leverage signal of its entry, from 0 to 1.
  package var leverageSignal = Double.nan
  /// The unified score when it was entered.
  package var entryScore = Double.nan
  /// The floor of that score then.
  package var entryFloor = Double.nan
  /// The intended hold when it was entered, in seconds.
  package var entryHoldSeconds = Double.nan
  /// The intended hold, from the entry, as it was last judged, in seconds.
  package var currentHoldSeconds = Double.nan

  package init(
    side: PositionSide, openedAt: Timestamp, entryPrice: Double, markPrice: Double
  ) {
    self.side = side
    self.openedAt = openedAt
    self.entryPrice = entryPrice
    self.markPrice = markPrice
  }

  /// The return of the price in favor of the side; NaN where a price is not positive.
  package var priceReturn: Double {
    guard entryPrice > 0, markPrice > 0 else { return .nan }
    return side.direction * (markPrice / entryPrice - 1)
  }

  /// Returns the seconds since it was opened.
  package func age(at now: Timestamp) -> Double { (now - openedAt).seconds }

  /// Returns the least hold in seconds: the configured one, or a share of the intended hold.
  package func holdMin(under settings: ExitSettings.General) -> Double {
    let share = settings.holdRatio * intendedHold.known(or: 0)
    return max(settings.holdMin.seconds, min(share, settings.holdRatioMax.seconds))
  }

  /// Returns the age as a share of the intended hold; where none is known, of the least hold.
  package func progress(
    at now: Timestamp, targetMin: TimeSpan = .zero, under settings: ExitSettings.General
  ) -> Double {
    let target = max(intendedHold.known(or: holdMin(under: settings)), targetMin.seconds)
    return target > 0 ? age(at: now) / target : 1
  }

  /// The intended hold in seconds as it was judged last; NaN where it never was.
  package var intendedHold: Double {
    currentHoldSeconds > 0 && currentHoldSeconds.isFinite ? currentHoldSeconds : entryHoldSeconds
  }
}
