extension Array where Element: BitwiseCopyable {
  /// Calls `body` with the bytes of the elements; unlike the standard library's method it keeps the
  /// type of the error.
  func withRawBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { elements throws(Failure) in
      try body(UnsafeRawBufferPointer(elements))
    }
  }
}
