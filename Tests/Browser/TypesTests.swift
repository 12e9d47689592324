import Foundation
import TestKit
import Testing

/// The types of the pages' modules.
@Suite("Types of the pages", .ownThread)
struct TypeTests {
  private static let hasChecker = Result { try ShellRun("sh", "-c", "command -v tsc") }

  @Test(
    "the modules of the pages pass the checker of types",
    .enabled(
      if: (try? hasChecker.get().exitCode) == 0,
      "there is no tsc on the path (Scripts/setup --tests installs it)"))
  func types() throws {
    let run = try ShellRun(checkoutFolder.appendingPathComponent("Scripts/check-web").path)
    #expect(run.exitCode == 0)
    #expect(run.output == "")
  }
}
