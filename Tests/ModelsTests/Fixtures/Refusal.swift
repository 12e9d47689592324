import Testing

/// Expects that a model does not take an observation and is left as it was.
func expectRefused<Model: Equatable>(
  _ model: inout Model, sourceLocation: SourceLocation = #_sourceLocation,
  _ observe: (inout Model) -> Bool
) {
  let before = model
  let isTaken = observe(&model)
  #expect(!isTaken, sourceLocation: sourceLocation)
  #expect(model == before, sourceLocation: sourceLocation)
}
