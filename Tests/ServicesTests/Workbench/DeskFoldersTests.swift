import Foundation
import Services
import TestKit
import Testing

@Suite("The folders of the desk")
struct DeskFoldersTests {
  private func store(_ environment: [String: String], _ store: String? = nil) throws -> String {
    try DeskFolders(environment: environment, executable: "", store: store).store
  }

  @Test("what is said wins over ATHANOR_HOME, that over XDG_DATA_HOME, that over HOME")
  func order() throws {
    var environment = ["ATHANOR_HOME": "/a", "XDG_DATA_HOME": "/x", "HOME": "/h"]
    #expect(try store(environment, "mine") == "mine")
    #expect(try store(environment) == "/a/panels")
    environment["ATHANOR_HOME"] = ""
    #expect(try store(environment) == "/x/athanor/panels")
    environment["XDG_DATA_HOME"] = "relative"
    #expect(try store(environment) == "/h/.local/share/athanor/panels")
    #expect(throws: FolderFailure.noStore) { try store([:]) }
  }

  @Test("the journal is where ATHANOR_JOURNAL says, else beside the panels that no option names")
  func journal() {
    func journal(_ environment: [String: String]) -> String? {
      DeskFolders.journal(environment: environment)
    }
    var environment = ["ATHANOR_JOURNAL": "own.sqlite", "ATHANOR_HOME": "/a", "HOME": "/h"]
    #expect(journal(environment) == "own.sqlite")
    environment["ATHANOR_JOURNAL"] = ""
    #expect(journal(environment) == "/a/journal.sqlite")
    environment["ATHANOR_HOME"] = nil
    #expect(journal(environment) == "/h/.local/share/athanor/journal.sqlite")
    #expect(journal([:]) == nil)
  }

  @Test("examples are found on the way up from the program, or where the environment says")
  func examples() throws {
    let scratch = try ScratchFolder()
    let data = scratch.url.appendingPathComponent("Examples/Data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    let program = scratch.url.appendingPathComponent(".build/release/athanor").path
    let examples = scratch.url.appendingPathComponent("Examples").path
    let environment = ["HOME": "/h"]
    #expect(
      try DeskFolders(environment: environment, executable: program).examples == examples)
    #expect(try DeskFolders(environment: environment, executable: "/x/athanor").examples == nil)
    let named = environment.merging(["ATHANOR_EXAMPLES": examples]) { $1 }
    #expect(try DeskFolders(environment: named, executable: "").examples == examples)
    #expect(throws: FolderFailure.examplesNotThere(path: "/no/such")) {
      try DeskFolders(
        environment: ["HOME": "/h", "ATHANOR_EXAMPLES": "/no/such"], executable: program)
    }
  }
}
