import Markets
import Mathematics
import Storage
import Testing

@Suite("Npy array")
struct NpyArrayTests {
  /// A version 1.0 or 2.0 file with the given dictionary.
  private func file(_ dictionary: String, data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let prefix = version == 1 ? 10 : 12
    var body = Array(dictionary.utf8)
    while (prefix + body.count + 1) % 64 != 0 { body.append(0x20) }
    body.append(0x0a)
    let length = [UInt8(body.count & 255), UInt8(body.count >> 8)] + (version == 1 ? [] : [0, 0])
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + body + data
  }

  private func bytes<Number>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }

  @Test("a mapped file is a column without a copy, for both precisions and versions")
  func mapped() throws {
    let folder = TemporaryFolder()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    let singles: [Float] = [1, 2.5, .nan, -4, .infinity, 6]
    for version: UInt8 in [1, 2] {
      let path = folder.write(
        file(header, data: bytes(singles), version: version), to: "\(version).npy")
      let array = try NpyArray(mapping: path)
      let column = try array.matrix(rows: 2, columns: 3)
      #expect(column.scalar == .float32)
      #expect(column.base == array.contents.baseAddress)
      #expect(column[0, 1] == 2.5)
      #expect(column[0, 2].isNaN)
      #expect(column[1, 1].isNaN, "an infinite value is missing")
    }
    let doubles = "{'shape': (1, 2), 'fortran_order': False, 'descr': \"<f8\"}"
    let path = folder.write(file(doubles, data: bytes([0.1, 0.2])), to: "d.npy")
    #expect(try NpyArray(mapping: path).matrix(rows: 1, columns: 2).values() == [0.1, 0.2])
  }

  @Test("the column outlives the array it was made from")
  func lifetime() throws {
    let folder = TemporaryFolder()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }"
    let path = folder.write(file(header, data: bytes([1.0, 2, 3])), to: "a.npy")
    let column = try NpyArray(mapping: path).matrix(rows: 1, columns: 3)
    #expect(column.values() == [1, 2, 3])
  }

  @Test("a written header is read back, aligned to 64 bytes", arguments: NpyScalar.allCases)
  func roundTrip(scalar: NpyScalar) throws {
    for shape in [[7], [3, 5], [4822, 421], [0]] {
      let header = NpyHeader.bytes(scalar: scalar, shape: shape)
      #expect(header.count % 64 == 0)
      let data = [UInt8](repeating: 0, count: shape.reduce(scalar.byteCount, *))
      let parsed = try (header + data).withUnsafeBytes { try NpyHeader(parsing: $0, path: "x") }
      #expect(parsed == NpyHeader(scalar: scalar, shape: shape, dataOffset: header.count))
    }
  }

  @Test(
    "what is not a plain little-endian array in C order is refused with a remedy",
    arguments: [
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "fortran_order"),
      ("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }", "unsupported_array_type"),
      ("{'descr': '<c16', 'fortran_order': False, 'shape': (1, 1), }", "unsupported_array_type"),
      (
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "unsupported_array_type"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", "wrong_array_size"),
      ("{'descr': '<f4', 'fortran_order': False}", "malformed_array_header"),
      ("{'descr': '<f4', 'shape': (1, -1), }", "malformed_array_header"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "malformed_array_header"
      ),
      (
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }",
        "malformed_array_header"
      ), ("not a dictionary", "malformed_array_header"),
      ("{'descr': '<f4", "malformed_array_header"),
    ])
  func refused(dictionary: String, key: String) {
    let folder = TemporaryFolder()
    let path = folder.write(file(dictionary, data: [0, 0, 0, 0]), to: "x.npy")
    let failure = #expect(throws: ArrayFailure.self) { try NpyArray(mapping: path) }
    #expect(failure?.key == key)
    #expect(failure?.remedy.isEmpty == false)
  }

  @Test("other files, other versions and other shapes are refused")
  func others() throws {
    let folder = TemporaryFolder()
    let text = folder.write("date,close\n2024-01-01,1\n", to: "a.npy")
    #expect(throws: ArrayFailure.notAnArray(path: text)) { try NpyArray(mapping: text) }
    let empty = folder.write("", to: "e.npy")
    #expect(throws: ArrayFailure.notAnArray(path: empty)) { try NpyArray(mapping: empty) }
    let version = folder.write(file("{}", data: [], version: 3), to: "v.npy")
    #expect(throws: ArrayFailure.self) { try NpyArray(mapping: version) }
    let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 1), }"
    let integers = folder.write(file(header, data: [1, 0, 0, 0]), to: "i.npy")
    let wrong = #expect(throws: ArrayFailure.self) {
      try NpyArray(mapping: integers).matrix(rows: 1, columns: 1)
    }
    #expect(wrong?.key == "wrong_array_type")
    let shape = #expect(throws: ArrayFailure.self) {
      try NpyArray(mapping: integers).matrix(rows: 2, columns: 1)
    }
    #expect(shape?.key == "wrong_array_shape")
  }

  @Test("mutated headers never crash")
  func fuzz() {
    var generator = SplitMix64(seed: 3)
    let sample =
      file(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
        data: bytes([Float](repeating: 1, count: 4)))
    for _ in 0..<2000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        if Bool.random(using: &generator) {
          bytes[position] = UInt8.random(in: 0...255, using: &generator)
        } else {
          bytes.remove(at: position)
        }
      }
      _ = bytes.withUnsafeBytes { try? NpyHeader(parsing: $0, path: "x") }
    }
  }
}
