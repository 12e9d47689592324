import Foundation
import TestKit
import Testing

@testable import Research

@Suite("Index cache")
struct IndexCacheTests {
  @Test("an index is made once, read the second time, and made anew for another catalogue")
  func reuse() throws {
    let folder = try ScratchFolder()
    let cache = IndexCache(path: folder.url.appendingPathComponent("deep/desk.index").path)
    let first = cache.index(of: DeskPanel.catalogue)
    #expect(first.source == .catalogue)
    let second = cache.index(of: DeskPanel.catalogue)
    #expect(second.source == .file)
    #expect(second.index == first.index)
    let other = BroadCatalogue.make(fields: 50, seed: 1)
    #expect(cache.index(of: other).source == .catalogue)
    #expect(cache.index(of: other).source == .file)
    #expect(cache.index(of: DeskPanel.catalogue).source == .catalogue)
  }

  @Test("a file with any byte changed, cut off or foreign is never trusted")
  func damage() throws {
    let folder = try ScratchFolder()
    let place = folder.url.appendingPathComponent("desk.index")
    let cache = IndexCache(path: place.path)
    let index = cache.index(of: DeskPanel.catalogue).index
    let good = try Data(contentsOf: place)
    var copies: [Data] = [Data(), Data("nonsense".utf8), good.prefix(good.count / 2), good + [0]]
    for byte in [0, 30, 90, 200, good.count / 2, good.count - 1] {
      var copy = good
      copy[byte] ^= 1
      copies.append(copy)
    }
    for copy in copies {
      try copy.write(to: place)
      let again = cache.index(of: DeskPanel.catalogue)
      #expect(again.source == .catalogue)
      #expect(again.index == index)
      #expect(try Data(contentsOf: place) == good, "the file is mended")
    }
  }

  @Test("where nothing can be written the index is made all the same")
  func unwritable() throws {
    let cache = IndexCache(path: "/dev/null/desk.index")
    guard case .catalogueUnsaved(let reason) = cache.index(of: DeskPanel.catalogue).source else {
      Issue.record("an index was kept in no folder")
      return
    }
    #expect(!reason.isEmpty)
  }
}
