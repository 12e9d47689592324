/// What a table may look like before it is taken for something else.
package struct CSVLimits: Sendable {
  package var fieldBytes = 65_536
  package var rowBytes = 1 << 20
  package var columns = 4096

  package init() {}
}

/// A comma-separated table that is read row by row (RFC 4180), in memory of one row.
///
/// The first row names the columns. Fields may be quoted, a quotation mark inside is doubled; lines
/// end with LF, CR LF or CR; a byte-order mark and empty lines are skipped. Every row has as many
/// fields as the header. About 300 MB/s of plain text.
package final class CSVReader {
  package let file: CompressedFile
  package let limits: CSVLimits
  package private(set) var header: [String] = []
  /// The line of the file on which the row at hand begins, counted from 1.
  package private(set) var row = 0
  /// The number of rows read so far, without the header.
  package private(set) var rowCount = 0

  private struct Field {
    var start: Int
    var end: Int
    var hasDoubledQuotes: Bool
  }

  private var buffer: UnsafeMutableRawBufferPointer
  private var position = 0
  private var end = 0
  private var isAtEnd = false
  private var line = 1
  private var fields: [Field] = []

  /// Opens the table and reads its header.
  package init(path: String, limits: CSVLimits = CSVLimits()) throws(TableFailure) {
    do throws(FileFailure) {
      file = try CompressedFile(path: path)
    } catch {
      throw .file(error)
    }
    self.limits = limits
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
    while end < 3, try refill() {}
    if end >= 3, buffer[0] == 0xef, buffer[1] == 0xbb, buffer[2] == 0xbf { position = 3 }
    guard try scanRow() else { throw .noHeader(path: path) }
    header = fields.indices.map { text($0) }
  }

  deinit { buffer.deallocate() }

  package var path: String { file.path }

  /// Moves to the next row; false after the last one.
  package func next() throws(TableFailure) -> Bool {
    guard try scanRow() else { return false }
    guard fields.count == header.count else {
      throw .raggedRow(
        place(min(fields.count, header.count)), found: fields.count, expected: header.count)
    }
    rowCount += 1
    return true
  }

  // MARK: - The row at hand

  /// The bytes of a field without quotation; they are valid until the next row is asked for.
  package func bytes(_ column: Int) -> UnsafeRawBufferPointer {
    let field = fields[column]
    return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[field.start..<field.end])
  }

  /// The text of a field; bytes that are not UTF-8 become U+FFFD.
  package func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// The number in a field, NaN where it is missing.
  package func decimal(_ column: Int) throws(TableFailure) -> Double {
    guard let value = DecimalText.parse(bytes(column)) else {
      throw .unparsableNumber(place(column), name: header[column], text: excerpt(column))
    }
    return value
  }

  /// The instant in a field.
  package func stamp(_ column: Int) throws(TableFailure) -> StampText.Parsed {
    guard let parsed = StampText.parse(bytes(column)) else {
      throw .unparsableDate(place(column), name: header[column], text: excerpt(column))
    }
    return parsed
  }

  /// The place of a field of the row at hand; columns are counted from 0 here and from 1 in a place.
  package func place(_ column: Int) -> TableFailure.Place {
    TableFailure.Place(path: file.path, row: row, column: column + 1)
  }

  private func excerpt(_ column: Int) -> String {
    let bytes = bytes(column)
    let shown = String(decoding: bytes.prefix(40), as: UTF8.self)
    return bytes.count > 40 ? shown + "..." : shown
  }

  // MARK: - Scanning

  private enum Scan {
    case row(next: Int, lines: Int)
    case needsMoreBytes
  }

  private func scanRow() throws(TableFailure) -> Bool {
    try skipEmptyLines()
    guard position < end else { return false }
    row = line
    while true {
      switch try scan() {
      case .row(let next, let lines):
        position = next
        line += lines
        for index in fields.indices where fields[index].hasDoubledQuotes { undouble(index) }
        return true
      case .needsMoreBytes:
        _ = try refill()
      }
    }
  }

  private func skipEmptyLines() throws(TableFailure) {
    while true {
      if position == end, try !refill() { return }
      let byte = buffer[position]
      if byte == UInt8(ascii: "\n") {
        position += 1
        line += 1
      } else if byte == UInt8(ascii: "\r") {
        if position + 1 == end, !isAtEnd { _ = try refill() }
        position += position + 1 < end && buffer[position + 1] == UInt8(ascii: "\n") ? 2 : 1
        line += 1
      } else {
        return
      }
    }
  }

  /// Finds the fields of the row at `position` without changing a byte, so that it can be repeated
  /// when the row turns out to go on beyond the buffer.
  private func scan() throws(TableFailure) -> Scan {
    let bytes = UnsafeRawBufferPointer(buffer)
    let end = self.end
    var i = position
    var lines = 0
    fields.removeAll(keepingCapacity: true)
    while true {
      guard fields.count < limits.columns else {
        throw .tooManyColumns(place(fields.count), limit: limits.columns)
      }
      var field = Field(start: i, end: i, hasDoubledQuotes: false)
      if i < end, bytes[i] == UInt8(ascii: "\"") {
        i += 1
        field.start = i
        while true {
          guard i < end else {
            if !isAtEnd { return try moreBytes(from: field.start) }
            throw .unterminatedQuote(place(fields.count))
          }
          let byte = bytes[i]
          if byte == UInt8(ascii: "\"") {
            if i + 1 == end, !isAtEnd { return .needsMoreBytes }
            guard i + 1 < end, bytes[i + 1] == UInt8(ascii: "\"") else { break }
            field.hasDoubledQuotes = true
            i += 2
          } else {
            if byte == UInt8(ascii: "\n") { lines += 1 }
            i += 1
          }
        }
        field.end = i
        i += 1
      } else {
        while i < end {
          let byte = bytes[i]
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            break
          }
          guard byte != UInt8(ascii: "\"") else { throw .strayQuote(place(fields.count)) }
          i += 1
        }
        field.end = i
      }
      guard field.end - field.start <= limits.fieldBytes else {
        throw .fieldTooLong(place(fields.count), limit: limits.fieldBytes)
      }
      if i == end, !isAtEnd { return try moreBytes(from: field.start) }
      fields.append(field)
      if i == end { return .row(next: i, lines: lines) }
      switch bytes[i] {
      case UInt8(ascii: ","): i += 1
      case UInt8(ascii: "\n"): return .row(next: i + 1, lines: lines + 1)
      case UInt8(ascii: "\r"):
        if i + 1 == end, !isAtEnd { return .needsMoreBytes }
        let isPair = i + 1 < end && bytes[i + 1] == UInt8(ascii: "\n")
        return .row(next: i + (isPair ? 2 : 1), lines: lines + 1)
      default: throw .strayQuote(place(fields.count - 1))
      }
    }
  }

  private func moreBytes(from start: Int) throws(TableFailure) -> Scan {
    guard end - start <= limits.fieldBytes + 2 else {
      throw .fieldTooLong(place(fields.count), limit: limits.fieldBytes)
    }
    return .needsMoreBytes
  }

  private func undouble(_ index: Int) {
    var target = fields[index].start
    var source = target
    while source < fields[index].end {
      let byte = buffer[source]
      buffer[target] = byte
      target += 1
      source += byte == UInt8(ascii: "\"") ? 2 : 1
    }
    fields[index].end = target
  }

  /// Keeps the bytes from `position` on and appends what the file has next; false at its end.
  private func refill() throws(TableFailure) -> Bool {
    guard !isAtEnd else { return false }
    let kept = end - position
    if kept >= limits.rowBytes {
      throw .rowTooLong(place(fields.count), limit: limits.rowBytes)
    }
    if kept * 2 > buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: buffer.count * 2, alignment: 16)
      // Neither buffer is empty, so both have an address.
      larger.baseAddress!.copyMemory(from: buffer.baseAddress! + position, byteCount: kept)
      buffer.deallocate()
      buffer = larger
    } else if position > 0 {
      // `copyMemory` allows the regions to overlap; the buffer is never empty, so it has an address.
      buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + position, byteCount: kept)
    }
    position = 0
    end = kept
    do throws(FileFailure) {
      let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[kept...]))
      end += count
      isAtEnd = count == 0
      return count > 0
    } catch {
      throw .file(error)
    }
  }
}
