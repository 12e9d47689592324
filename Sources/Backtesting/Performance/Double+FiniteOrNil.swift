extension Double {
  /// The number itself, or nil where it is infinite or NaN: a measure that does not exist.
  var finiteOrNil: Double? { isFinite ? self : nil }
}
