package import Essentials
package import Networking
import Storage

extension ProviderConfiguration {
  /// Makes the model that was chosen.
  ///
  /// `offline` makes the offline proposer where it is wanted, and `client` the client where a server is
  /// asked; `now` tells the time. `report` is told what goes wrong beside the answers, such as a
  /// recording that cannot be written any more. Only the answers of a server are kept in a cache.
  package func model(
    offline: () -> any LanguageModel, client: () -> HTTPClient,
    now: @escaping @Sendable () -> Timestamp,
    report: @escaping @Sendable (any ExplainedFailure) -> Void
  ) throws(ProviderConfigurationFailure) -> any LanguageModel {
    switch source {
    case .offline: return offline()
    case .server(let server):
      let model = HTTPLanguageModel(
        server.served, at: server.address, key: server.key, limits: server.limits,
        client: client(), recorder: try server.recorder(report), now: now)
      guard let cache = server.cache else { return model }
      return CachedLanguageModel(model, tuning: tuning, cache: cache, report: report)
    case .replay(let path, let model): return try Self.replayed(path: path, model: model)
    }
  }

  /// What the calls ask of the model beside their texts, for usage points and for the cache.
  package var tuning: ModelTuning {
    if case .server(let server) = source { server.served.tuning } else { .plain }
  }

  private static func replayed(
    path: String, model: String?
  ) throws(ProviderConfigurationFailure) -> ReplayLanguageModel {
    let replay: TrafficReplay
    do throws(TrafficReplayFailure) {
      replay = try TrafficReplay(path: path)
    } catch {
      throw .recording(error)
    }
    let recorded = replay.models
    let wanted = recorded.filter { model == nil || $0.model == model }
    guard let served = wanted.first, wanted.count == 1 || model != nil else {
      throw .modelNotRecorded(named: model, recorded: recorded.map(\.model))
    }
    return ReplayLanguageModel(served, from: replay)
  }
}

extension ProviderConfiguration.Server {
  fileprivate func recorder(
    _ report: @escaping @Sendable (any ExplainedFailure) -> Void
  ) throws(ProviderConfigurationFailure) -> TrafficRecorder? {
    guard let recording else { return nil }
    do throws(FileFailure) {
      return try TrafficRecorder(path: recording) { report($0) }
    } catch {
      throw .recordingUnwritable(path: recording, reason: error.explanation)
    }
  }
}
