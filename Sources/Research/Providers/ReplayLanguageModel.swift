import Essentials

/// A model whose answers come from a recording. It asks nobody and owes nothing.
///
/// The recorded bytes go through the reader that read the live ones, so failures, usage and broken
/// streams are what they were. A request that is not in the recording is refused, with what differs.
package struct ReplayLanguageModel: LanguageModel {
  package let served: ServedModel
  private let replay: TrafficReplay

  package init(_ served: ServedModel, from replay: TrafficReplay) {
    self.served = served
    self.replay = replay
  }

  package var identity: ModelIdentity { served.identity }

  /// Returns what became of the recorded request, which is taken out of the recording.
  package func answer(_ call: ModelCall) async -> ModelOutcome {
    if let refusal = served.refusal(of: call) { return .refused(refusal) }
    switch replay.take(served, request: served.body(call)) {
    case .nothing(let differences):
      let origin = ProviderFailure.Origin(provider: served.provider.rawValue, model: served.model)
      return .refused(ProviderFailure(origin, .notRecorded(differences: differences)))
    case .exchange(let exchange):
      var reader = AnswerAssembly(served, key: nil)
      if let head = exchange.head { reader.receive(head, at: exchange.at) }
      for chunk in exchange.chunks { reader.receive(chunk) }
      return reader.finish(exchange.breakage)
    }
  }
}
