package import Backtesting
import Dispatch
import Essentials
import Synchronization
package import Tactics

/// Replays of one market under settings that differ in what is asked, side by side.
///
/// All begin with the same capital, meet the same events and draw their chance from the same seed, by the
/// symbol and the number of the decision, so two that decide alike simulate alike. The market is read
/// once. How many threads there are changes nothing but the time: they replay side by side, and where
/// the base asked for several, each simulation stays on its own.
package struct ReplayVariants: Sendable {
  /// Settings under a name.
  package struct Variant: Sendable {
    package let name: String
    package let configuration: TacticsConfiguration

    package init(_ name: String, _ configuration: TacticsConfiguration) {
      self.name = name
      self.configuration = configuration
    }
  }

  /// What the differences are differences of.
  package enum Question: String, Hashable, Sendable, CaseIterable {
    /// Each variant less the base: what changing the settings would bring.
    case variants
    /// The base less each variant: whether the base does well to differ from it.
    case base
  }

  package let desk: ReplayDesk
  package let variants: [Variant]
  package let question: Question

  package init(_ desk: ReplayDesk, _ variants: [Variant], asking question: Question) {
    self.desk = desk
    self.variants = variants
    self.question = question
  }

  /// Every named option that restores an old rule, one at a time over the base, and at last the whole
  /// profile of the seed. What the base itself says is left out.
  ///
  /// - Parameter documents: the layers of the base.
  package static func seedOptions(
    over documents: [SettingDocument]
  ) throws(ConfigurationFailure) -> [Variant] {
    let base = try TacticsConfiguration(documents)
    var variants: [Variant] = []
    for rule in SeedOptions.all {
      let restored = try TacticsConfiguration(
        documents + [SettingDocument(.commandLine, named: rule.path, text: rule.line)])
      guard restored.fingerprint != base.fingerprint else { continue }
      variants.append(Variant(rule.assignment, restored))
    }
    let whole = SettingDocument(
      .commandLine, named: "profile seed", text: ShippedProfiles.seed.text)
    variants.append(
      Variant("the whole seed profile", try TacticsConfiguration(documents + [whole])))
    return variants
  }

  /// Replays base and variants on so many threads; nil where somebody ended it. The first failure in
  /// the order of the variants is thrown.
  ///
  /// - Parameter progress: called from any thread with the slices that are done and all there are.
  package func run(
    threads: Int, settings: PairedReplay.Settings = PairedReplay.Settings(),
    isEnded: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> VariantReport? {
    let desks = ([desk.request.configuration] + variants.map(\.configuration)).map {
      var request = desk.request
      request.configuration = $0
      request.threads = 1
      return ReplayDesk(request, desk.material)
    }
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let all = desks.count * desk.sliceCount
    let tracks = Mutex<[Result<ReplayTrack?, any Error>?]>(
      Array(repeating: nil, count: desks.count))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, desks.count))) { _ in
      while true {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < desks.count else { return }
        var reached = 0
        let track = Result {
          try desks[turn].track(isEnded: isEnded) { slices in
            let now = done.wrappingAdd(slices - reached, ordering: .relaxed).newValue
            reached = slices
            progress(now, all)
          }
        }
        tracks.withLock { $0[turn] = track }
      }
    }
    var found: [ReplayTrack] = []
    for result in tracks.withLock({ $0 }) {
      guard let track = try result?.get() else { return nil }
      found.append(track)
    }
    return VariantReport(self, found, settings: settings)
  }
}
