import Foundation
import Testing

@testable import Storage

@Suite("Whole file")
struct WholeFileTests {
  private let folder = TemporaryFolder()

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func written(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("what is written is read, and nothing else lies beside it")
  func roundTrip() throws {
    let path = folder.path + "/a/b/page.json"
    for text in ["", "one", String(repeating: "two ", count: 100_000)] {
      try WholeFile.write(Array(text.utf8), to: path)
      #expect(try WholeFile.read(path) == Array(text.utf8))
      #expect(folder.names(in: "a/b") == ["page.json"])
    }
  }

  @Test("a writer that is killed before it names its bytes leaves the old ones in their place")
  func killed() throws {
    let path = folder.write("old", to: "page.json")
    let draft = try WholeFile.draft(Array("new".utf8), beside: path, for: .everyone)
    #expect(written(draft) == "new")
    #expect(written(path) == "old")
    #expect(folder.names().filter { !$0.hasPrefix(".") } == ["page.json"])
    try WholeFile.write(Array("newer".utf8), to: path)
    #expect(written(path) == "newer")
  }

  @Test("drafts for one file do not share a name")
  func draftNames() throws {
    let path = folder.path + "/page.json"
    let drafts = try (0..<8).map {
      try WholeFile.draft([UInt8($0)], beside: path, for: .owner)
    }
    #expect(Set(drafts).count == 8)
    #expect(try drafts.map { try WholeFile.read($0) } == (0..<8).map { [UInt8($0)] })
  }

  @Test("a file for its owner is closed to others, and so are the folders made for it")
  func modes() throws {
    let secret = folder.path + "/vault/deep/key"
    try WholeFile.write([1], to: secret, for: .owner)
    #expect(try mode(secret) == 0o600)
    #expect(try mode(folder.path + "/vault/deep") == 0o700)
    #expect(try mode(folder.path + "/vault") == 0o700)
    let log = folder.write("a", to: "log")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: log)
    try WholeFile.append([2], to: log)
    #expect(try mode(log) == 0o644)
    try WholeFile.append([2], to: log, for: .owner)
    #expect(try mode(log) == 0o600)
    let page = folder.path + "/page"
    try WholeFile.write([3], to: page)
    #expect(try mode(page).map { $0 & 0o600 } == 0o600)
    #expect(try mode(page).map { $0 & 0o111 } == 0)
  }

  @Test("additions stand one after the other")
  func appending() throws {
    let path = folder.path + "/new/log"
    for byte in UInt8(0)..<5 { try WholeFile.append([byte, byte], to: path) }
    #expect(try WholeFile.read(path) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  }

  @Test("a folder in the place of the file is a failure that leaves nothing behind")
  func folderInPlace() throws {
    let path = folder.path + "/taken"
    folder.write("inner", to: "taken/file")
    let failure = #expect(throws: FileFailure.self) { try WholeFile.write([1], to: path) }
    #expect(failure == .unwritable(path: path, reason: "is a directory"))
    #expect(failure?.key == "unwritable_file")
    #expect(folder.names() == ["taken"])
    #expect(folder.names(in: "taken") == ["file"])
    #expect(throws: FileFailure.self) { try WholeFile.append([1], to: path) }
    #expect(throws: FileFailure.self) { try WholeFile.prepare(path) }
    #expect(throws: FileFailure.self) { try WholeFile.read(path) }
    #expect(throws: FileFailure.self) { try WholeFile.readPrivate(path) }
    #expect(throws: FileFailure.self) { try WholeFile.remove(path) }
  }

  @Test("a file in the place of a folder is a failure that names the file that was wanted")
  func fileInPlaceOfFolder() {
    let path = folder.write("x", to: "file") + "/page"
    let failure = FileFailure.unwritable(path: path, reason: "its folder cannot be made")
    #expect(throws: failure) { try WholeFile.write([1], to: path) }
    #expect(throws: failure) { try WholeFile.append([1], to: path) }
    #expect(throws: failure) { try WholeFile.prepare(path) }
    #expect(folder.names() == ["file"])
  }

  @Test("a disk without room is a failure that says so")
  func fullDisk() {
    #expect(throws: FileFailure.unwritable(path: "/dev/full", reason: "no space left on device")) {
      try WholeFile.append([1], to: "/dev/full")
    }
  }

  @Test("a link is replaced and never written through by an addition")
  func links() throws {
    let target = folder.write("target", to: "target")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    #expect(throws: FileFailure.self) { try WholeFile.append([1], to: link) }
    #expect(written(target) == "target")
  }

  @Test("what is not there reads as nil and is removed without complaint")
  func missing() throws {
    for path in [folder.path + "/none", folder.path + "/none/at/all"] {
      #expect(try WholeFile.read(path) == nil)
      #expect(try WholeFile.readPrivate(path) == nil)
      try WholeFile.remove(path)
    }
    let path = folder.write("x", to: "file")
    try WholeFile.remove(path)
    #expect(folder.names().isEmpty)
  }

  @Test("a secret that others may read is refused", arguments: [0o640, 0o604, 0o644, 0o601])
  func exposed(mode: Int) throws {
    let path = folder.write("secret", to: "key")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let failure = #expect(throws: FileFailure.self) { try WholeFile.readPrivate(path) }
    #expect(failure == .readableByOthers(path: path, mode: UInt32(mode)))
    #expect(failure?.remedy == "Run `chmod 600 \(path)`.")
  }

  @Test("a secret is read up to its longest length and refused beyond it")
  func secretLength() throws {
    let path = folder.path + "/key"
    try WholeFile.write([UInt8](repeating: 7, count: 100), to: path, for: .owner)
    #expect(try WholeFile.readPrivate(path, bytesMax: 100)?.count == 100)
    #expect(throws: FileFailure.tooLong(path: path, bytesMax: 99)) {
      try WholeFile.readPrivate(path, bytesMax: 99)
    }
  }

  @Test("a place is prepared without making the file")
  func preparing() throws {
    let path = folder.path + "/a/b/page"
    try WholeFile.prepare(path)
    #expect(folder.names(in: "a") == ["b"])
    #expect(folder.names(in: "a/b").isEmpty)
  }
}
