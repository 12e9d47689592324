package import Essentials

/// What can go wrong with a file of a converted feed.
package enum FeedFileFailure: ExplainedFailure, Hashable {
  case file(FileFailure)
  case notAFeed(path: String)
  case unsupportedVersion(path: String, version: Int32)
  /// It is not what was written; `reason` completes "it".
  case damaged(path: String, reason: String)

  package var key: String {
    switch self {
    case .file(let failure): failure.key
    case .notAFeed: "not_a_feed"
    case .unsupportedVersion: "unsupported_feed_version"
    case .damaged: "damaged_feed"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .notAFeed(let path): "\(path) does not begin like a converted feed."
    case .unsupportedVersion(let path, let version):
      "\(path) is a feed of version \(version); this program reads version \(FeedFileBytes.version)."
    case .damaged(let path, let reason): "The feed \(path) is damaged: it \(reason)."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .notAFeed: "Convert the recording with `athanor data convert`."
    case .unsupportedVersion, .damaged: "Convert the recording again with `athanor data convert`."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
