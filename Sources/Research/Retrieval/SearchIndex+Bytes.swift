// The bytes of an index, whole numbers of 32 bits and little endian:
//
//     documents n, lengths x n | words m, each the number of its bytes and its text |
//     offsets (m + 1) | entries e, documents x e | entries e, counts x e

/// Gathers whole numbers and texts as bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int32) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(counted numbers: [Int32]) {
    write(Int32(numbers.count))
    bytes.reserveCapacity(bytes.count + numbers.count * 4)
    for number in numbers { write(number) }
  }

  mutating func write(_ text: String) {
    write(Int32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// Takes what a ``ByteWriter`` gathered; nil wherever the bytes say otherwise.
struct ByteReader {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number() -> Int32? {
    guard position + 4 <= bytes.count else { return nil }
    defer { position += 4 }
    return bytes.withUnsafeBytes {
      Int32(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int32.self))
    }
  }

  mutating func numbers() -> [Int32]? {
    guard let count = number().map(Int.init), count >= 0, position + count * 4 <= bytes.count
    else { return nil }
    let start = position
    position += count * 4
    return bytes.withUnsafeBytes { raw in
      (0..<count).map {
        Int32(littleEndian: raw.loadUnaligned(fromByteOffset: start + $0 * 4, as: Int32.self))
      }
    }
  }

  mutating func text() -> String? {
    guard let count = number().map(Int.init), count >= 0, position + count <= bytes.count
    else { return nil }
    defer { position += count }
    return String(validating: bytes[position..<position + count], as: UTF8.self)
  }
}

extension SearchIndex {
  func write(to writer: inout ByteWriter) {
    writer.write(counted: lengths)
    writer.write(Int32(vocabulary.count))
    for word in vocabulary { writer.write(word) }
    writer.write(counted: offsets)
    writer.write(counted: entryDocuments)
    writer.write(counted: entryCounts)
  }

  /// Takes an index from bytes; nil unless every number in them keeps to the bounds that a search
  /// relies on.
  init?(reading reader: inout ByteReader) {
    guard let lengths = reader.numbers(), let words = reader.number(), words >= 0 else {
      return nil
    }
    var vocabulary: [String] = []
    for _ in 0..<words {
      guard let word = reader.text() else { return nil }
      vocabulary.append(word)
    }
    guard let offsets = reader.numbers(), let documents = reader.numbers(),
      let counts = reader.numbers(),
      offsets.count == vocabulary.count + 1, offsets.first == 0,
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }),
      offsets.last.map(Int.init) == documents.count, documents.count == counts.count,
      documents.allSatisfy({ $0 >= 0 && $0 < lengths.count }), counts.allSatisfy({ $0 > 0 }),
      lengths.allSatisfy({ $0 >= 0 }),
      zip(vocabulary, vocabulary.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.init(
      lengths: lengths, vocabulary: vocabulary, offsets: offsets, entryDocuments: documents,
      entryCounts: counts)
  }
}
