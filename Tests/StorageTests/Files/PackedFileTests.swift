import Essentials
import Testing

@testable import Storage

@Suite("Packed files")
struct PackedFileTests {
  @Test("what is written in pieces of any size is read back whole", arguments: ["", ".gz", ".zst"])
  func roundTrip(suffix: String) throws {
    let folder = TemporaryFolder()
    let long = String(repeating: "long ", count: 100_000)
    for (place, pieces) in [[], [""], ["a"], ["", "bc", long, "d"]].enumerated() {
      let path = "\(folder.path)/file-\(place)\(suffix)"
      let file = try PackedFile(path: path)
      for piece in pieces { try file.write(piece) }
      let (fingerprint, byteCount) = try file.finish()
      let read = try CompressedFile(path: path)
      #expect(read.byteCount == byteCount)
      var bytes: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 70_000)
      while case let count = try part.withUnsafeMutableBytes({ try read.read(into: $0) }), count > 0
      {
        bytes += part[..<count]
      }
      #expect(bytes == Array(pieces.joined().utf8))
      #expect(try CompressedFile.fingerprint(path: path) == fingerprint)
    }
  }

  @Test("a file that is there already is not written over")
  func existing() throws {
    let folder = TemporaryFolder()
    let path = folder.write("precious", to: "a.gz")
    #expect(throws: FileFailure.self) { try PackedFile(path: path) }
  }
}
