extension Double {
  /// The same number, or NaN where it is infinite.
  @inline(__always)
  var finiteOrMissing: Double { self - (self - self) }
}
