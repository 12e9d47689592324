/// One run of a command: its arguments, and what of the world it may touch.
struct Invocation: Sendable {
  let arguments: ParsedArguments
  let surroundings: Surroundings

  /// The value of an option, its default where it was not given.
  subscript<Value>(option: Option<Value>) -> Value { option.value(in: arguments) }

  /// The value of a positional argument.
  subscript<Value>(positional: Positional<Value>) -> Value { positional.value(in: arguments) }

  /// Runs `work` while a progress line on standard error shows how far it is.
  ///
  /// Nothing is shown for work that ends within a second. The line is gone afterwards, also where
  /// `work` throws.
  /// - Parameters:
  ///   - title: what is being done, such as `Evaluating`.
  ///   - total: how many units there are to do.
  ///   - unit: the plural of what is counted, such as `rows`.
  func withProgress<Result>(
    _ title: String, total: Int, unit: String, _ work: (ProgressReporter) throws -> Result
  ) rethrows -> Result {
    let reporter = ProgressReporter(
      ProgressLine(
        title: title, total: total, unit: unit, terminal: surroundings.errors.terminal,
        startedAt: surroundings.elapsed()),
      surroundings: surroundings)
    defer { reporter.finish() }
    return try work(reporter)
  }
}
