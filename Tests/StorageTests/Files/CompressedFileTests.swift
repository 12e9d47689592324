import Essentials
import Foundation
import Storage
import TestKit
import Testing

@Suite("Compressed file", .ownThread)
struct CompressedFileTests {
  /// The text `hello,world\n` a thousand times, compressed by gzip and by zstd below.
  private static let text = String(repeating: "hello,world\n", count: 1000)

  private func contents(of path: String, chunk: Int = 1000) throws(FileFailure) -> String {
    let file = try CompressedFile(path: path)
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  private func compressed(_ tool: String, in folder: TemporaryFolder) throws -> [UInt8] {
    let path = folder.write(Self.text, to: "text-\(tool)")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool, "-q", "-k", path]
    try process.run()
    process.waitUntilExit()
    let data = try Data(contentsOf: URL(fileURLWithPath: path + (tool == "gzip" ? ".gz" : ".zst")))
    return Array(data)
  }

  @Test("gzip and plain files give the same text, told apart by their bytes and not by their name")
  func formats() throws {
    let folder = TemporaryFolder()
    let plain = folder.write(Self.text, to: "a.gz")
    #expect(try contents(of: plain) == Self.text)
    let gzip = folder.write(try compressed("gzip", in: folder), to: "b.csv")
    #expect(try contents(of: gzip) == Self.text)
    #expect(try contents(of: gzip, chunk: 1) == Self.text)
    #expect(try CompressedFile(path: gzip).format == .gzip)
  }

  @Test("two gzip members in one file are read one after the other, padding included")
  func members() throws {
    let folder = TemporaryFolder()
    let member = try compressed("gzip", in: folder)
    let path = folder.write(member + member + [0, 0, 0], to: "two.gz")
    #expect(try contents(of: path) == Self.text + Self.text)
  }

  @Test("Zstandard frames are read", arguments: [1, 7, 4096])
  func zstandard(chunk: Int) throws {
    let folder = TemporaryFolder()
    let path = folder.write(Self.zstandardFrame + Self.zstandardFrame, to: "c.zst")
    #expect(try contents(of: path, chunk: chunk) == "hello,world\nhello,world\n")
  }

  @Test("a truncated file is named with the byte at which it ends")
  func truncated() throws {
    let folder = TemporaryFolder()
    let gzip = Array(try compressed("gzip", in: folder).dropLast(9))
    let path = folder.write(gzip, to: "cut.gz")
    #expect(throws: FileFailure.truncated(path: path, byte: gzip.count)) {
      try contents(of: path)
    }
    let frame = Array(Self.zstandardFrame.dropLast(6))
    let other = folder.write(frame, to: "cut.zst")
    #expect(throws: FileFailure.truncated(path: other, byte: frame.count)) {
      try contents(of: other)
    }
  }

  @Test("a damaged file is an error that names the file and a byte")
  func corrupt() throws {
    let folder = TemporaryFolder()
    var gzip = try compressed("gzip", in: folder)
    gzip[gzip.count - 6] ^= 0xff
    let path = folder.write(gzip, to: "bad.gz")
    let failure = #expect(throws: FileFailure.self) { try contents(of: path) }
    #expect(failure?.key == "corrupt_file")
    #expect(failure?.explanation.contains(path) == true)
    var frame = Self.zstandardFrame
    frame[5] ^= 0xff
    let other = folder.write(frame, to: "bad.zst")
    #expect(throws: FileFailure.self) { try contents(of: other) }
  }

  @Test("a missing file and a folder are unreadable")
  func unreadable() {
    let folder = TemporaryFolder()
    for path in [folder.path + "/nothing.csv", folder.path] {
      let failure = #expect(throws: FileFailure.self) { try contents(of: path) }
      #expect(failure?.key == "unreadable_file")
      #expect(failure?.remedy.isEmpty == false)
    }
  }

  @Test("the fingerprint is that of the bytes on disk")
  func fingerprint() throws {
    let folder = TemporaryFolder()
    let path = folder.write("abc", to: "abc.txt")
    #expect(try CompressedFile.fingerprint(path: path) == Fingerprint(of: "abc"))
  }

  /// `hello,world\n` as one Zstandard frame with a raw block (RFC 8878, section 3.1.1): magic number,
  /// single segment with a content size of 12, last block of 12 raw bytes.
  private static let zstandardFrame: [UInt8] =
    [0x28, 0xb5, 0x2f, 0xfd, 0x20, 12, 0x61, 0, 0] + Array("hello,world\n".utf8)
}
