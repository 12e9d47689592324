import Essentials

/// A model that asks another one only what the cache does not know.
///
/// Answers that are whole are kept. One from the cache says so, has no usage and costs nothing. Since
/// the seed belongs to a call's content, whoever wants another answer asks with another seed.
package struct CachedLanguageModel: LanguageModel {
  private let model: any LanguageModel
  private let tuning: ModelTuning
  private let cache: ResponseCache
  private let report: @Sendable (CacheDefect) -> Void

  /// Puts a cache before a model; `report` is told of files that cannot be read or written.
  package init(
    _ model: any LanguageModel, tuning: ModelTuning, cache: ResponseCache,
    report: @escaping @Sendable (CacheDefect) -> Void
  ) {
    self.model = model
    self.tuning = tuning
    self.cache = cache
    self.report = report
  }

  package var identity: ModelIdentity { model.identity }

  /// Answers from the cache, else asks the model and keeps what it says.
  package func answer(_ call: ModelCall) async -> ModelOutcome {
    let fingerprint = ResponseCache.fingerprint(identity, tuning, call)
    switch cache.find(fingerprint) {
    case .answer(let answer): return .answered(answer)
    case .damaged(let defect): report(defect)
    case .nothing: break
    }
    let outcome = await model.answer(call)
    if case .answered(let answer) = outcome, answer.isComplete {
      do throws(CacheDefect) {
        try cache.keep(answer, as: fingerprint)
      } catch {
        report(error)
      }
    }
    return outcome
  }
}
