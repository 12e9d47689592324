import Markets

// A unit whose exponents leave the range of its storage is not known: nil.

extension MeasureUnit {
  func multiplied(by other: MeasureUnit) -> MeasureUnit? {
    let (price, priceOverflows) = price.addingReportingOverflow(other.price)
    let (share, shareOverflows) = share.addingReportingOverflow(other.share)
    return priceOverflows || shareOverflows ? nil : MeasureUnit(price: price, share: share)
  }

  func divided(by other: MeasureUnit) -> MeasureUnit? {
    let (price, priceOverflows) = price.subtractingReportingOverflow(other.price)
    let (share, shareOverflows) = share.subtractingReportingOverflow(other.share)
    return priceOverflows || shareOverflows ? nil : MeasureUnit(price: price, share: share)
  }

  /// The unit raised to a constant power, known only where the exponents stay whole.
  func raised(to power: Double) -> MeasureUnit? {
    let price = Double(price) * power
    let share = Double(share) * power
    guard let wholePrice = Int8(exactly: price), let wholeShare = Int8(exactly: share) else {
      return nil
    }
    return MeasureUnit(price: wholePrice, share: wholeShare)
  }
}
