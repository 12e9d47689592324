import Essentials
import Testing

@testable import Models

/// Expects that a model saved at a random point, written as text, read and carried on holds the
/// same bits as one that was never interrupted.
func expectRestarts<Model: Restartable & Hashable>(
  _ settings: Model.Settings, steps: Int, seed: UInt64,
  _ observe: (inout Model, Int) -> Void
) throws {
  var chance = Chance(seed: seed)
  let pauses = [chance.whole(below: 3), chance.whole(below: steps), steps - 1]
  for pause in pauses {
    var model = Model(settings)
    var resumed: Model?
    for step in 0..<steps {
      if step == pause {
        let text = model.savedState.indentedText
        resumed = try Model(settings, resuming: JSONValue(parsing: text))
        #expect(resumed == model, "\(Model.kind) saved before step \(step)")
      }
      observe(&model, step)
      resumed.map { before in
        var after = before
        observe(&after, step)
        resumed = after
      }
    }
    #expect(resumed == model, "\(Model.kind) saved before step \(pause) of \(steps), seed \(seed)")
    #expect(resumed?.savedState.compactText == model.savedState.compactText)
  }
}
