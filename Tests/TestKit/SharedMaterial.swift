package import Foundation

/// Market data and oracles that lie beside a checkout for its developers and that no user needs.
///
/// Tests that read it are written `@Test(.enabled(if: SharedMaterial.isPresent, SharedMaterial.reason))`.
package enum SharedMaterial {
  /// The folder that holds `data/MANIFEST.md`, named by `ATHANOR_SHARED` or else `../shared`.
  package static let folder: URL? = {
    let checkout = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let candidates = [
      ProcessInfo.processInfo.environment["ATHANOR_SHARED"].map { URL(fileURLWithPath: $0) },
      checkout.deletingLastPathComponent().appendingPathComponent("shared"),
    ]
    return candidates.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("data/MANIFEST.md").path)
    }
  }()

  package static var isPresent: Bool { folder != nil }

  package static let reason: String =
    "the shared market data is not beside this checkout (set ATHANOR_SHARED to its folder)"

  /// Returns a file below the folder's `data`.
  package static func file(_ path: String) -> URL {
    guard let folder else { preconditionFailure("\(reason); the test must be conditional") }
    return folder.appendingPathComponent("data").appendingPathComponent(path)
  }
}

/// The root of the checkout that these tests were built from.
package let checkoutFolder: URL = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
