import Mathematics
import Storage
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
  private func table(
    _ bytes: [UInt8], limits: CSVLimits = CSVLimits()
  ) throws -> [[String]] {
    let folder = TemporaryFolder()
    let reader = try CSVReader(path: folder.write(bytes, to: "t.csv"), limits: limits)
    var rows = [reader.header]
    while try reader.next() { rows.append(reader.header.indices.map { reader.text($0) }) }
    return rows
  }

  private func table(_ text: String) throws -> [[String]] { try table(Array(text.utf8)) }

  @Test(
    "fields, quotes and line ends are read as RFC 4180 writes them",
    arguments: [
      ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
      ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
      ("\u{feff}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
      ("\n\r\na,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
      ("a,\"b,c\"\n\"1\n2\",3", [["a", "b,c"], ["1\n2", "3"]]),
      ("a,b\n\"say \"\"hi\"\"\",\"\"\n", [["a", "b"], ["say \"hi\"", ""]]),
      ("a,b\n\"\"\"\",x\n", [["a", "b"], ["\"", "x"]]),
      ("a,b\n,\n", [["a", "b"], ["", ""]]),
      ("a\n\"x\"", [["a"], ["x"]]),
    ])
  func forms(text: String, expected: [[String]]) throws {
    #expect(try table(text) == expected)
  }

  @Test(
    "a malformed table is an error with its row and column",
    arguments: [
      ("a,b\n1,\"2", "unterminated_quote", 2, 2), ("a,b\n1,2\n3\"4,5", "stray_quote", 3, 1),
      ("a,b\n\"1\"x,2", "stray_quote", 2, 1), ("a,b\n1,2,3\n", "ragged_row", 2, 3),
      ("a,b\n\n\n1\n", "ragged_row", 4, 2),
    ])
  func failures(text: String, key: String, row: Int, column: Int) {
    let failure = #expect(throws: TableFailure.self) { try table(text) }
    #expect(failure?.key == key)
    #expect(failure?.place?.row == row)
    #expect(failure?.place?.column == column)
    #expect(failure?.explanation.contains(":\(row):\(column):") == true)
  }

  @Test("an empty file has no header")
  func empty() {
    for text in ["", "\n\n", "\u{feff}"] {
      let failure = #expect(throws: TableFailure.self) { try table(text) }
      #expect(failure?.key == "no_header")
    }
  }

  @Test("fields, rows and columns beyond their limits are refused")
  func limits() {
    var limits = CSVLimits()
    limits.fieldBytes = 10
    limits.columns = 3
    let long = #expect(throws: TableFailure.self) {
      try table(Array("a,b\n1,\(String(repeating: "x", count: 11))\n".utf8), limits: limits)
    }
    #expect(long?.key == "field_too_long")
    let wide = #expect(throws: TableFailure.self) {
      try table(Array("a,b,c,d\n".utf8), limits: limits)
    }
    #expect(wide?.key == "too_many_columns")
    limits = CSVLimits()
    limits.rowBytes = 300_000
    limits.fieldBytes = 1 << 30
    let huge = #expect(throws: TableFailure.self) {
      try table(Array("a\n\(String(repeating: "x", count: 400_000))".utf8), limits: limits)
    }
    #expect(huge?.key == "row_too_long")
  }

  @Test("numbers and dates that cannot be read name their row, column and text")
  func values() throws {
    let folder = TemporaryFolder()
    let reader = try CSVReader(path: folder.write("day,price\n2024-13-01,12a\n", to: "v.csv"))
    #expect(try reader.next())
    let number = #expect(throws: TableFailure.self) { try reader.decimal(1) }
    #expect(
      number?.explanation.hasSuffix("v.csv:2:2: \"12a\" in column price is not a number.") == true)
    let date = #expect(throws: TableFailure.self) { try reader.stamp(0) }
    #expect(date?.key == "unparsable_date")
  }

  @Test("rows that straddle the buffer are read whole")
  func straddling() throws {
    var text = "n,text\n"
    for i in 0..<20_000 { text += "\(i),\"row \"\"\(i)\"\" and more\"\n" }
    let folder = TemporaryFolder()
    let reader = try CSVReader(path: folder.write(text, to: "long.csv"))
    var count = 0
    while try reader.next() {
      if count % 997 == 0 {
        #expect(reader.text(0) == "\(count)")
        #expect(reader.text(1) == "row \"\(count)\" and more")
        #expect(reader.row == count + 2)
      }
      count += 1
    }
    #expect(count == 20_000)
  }

  @Test("random bytes and mutated tables never crash, and their errors have a place")
  func fuzz() throws {
    var generator = SplitMix64(seed: 20_240_229)
    let folder = TemporaryFolder()
    let sample = Array(
      "date,ticker,open,high,low,close,volume\r\n2024-01-02,\"A,\"\"B\",1,2,0.5,1.5,100\n2024-01-03,C,1e3,nan,,-0,7\n"
        .utf8)
    let alphabet: [UInt8] = Array(",\"\r\n\n\"\"0123.e-xNaN\u{feff}\0".utf8)
    for round in 0..<400 {
      var bytes: [UInt8]
      if round % 3 == 0 {
        bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
      } else if round % 3 == 1 {
        bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
      } else {
        bytes = sample
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
          let position = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[position] = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
          case 1: bytes.remove(at: position)
          default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
          }
        }
      }
      let path = folder.write(bytes, to: "fuzz.csv")
      do throws(TableFailure) {
        let reader = try CSVReader(path: path)
        while try reader.next() {
          for column in reader.header.indices {
            _ = DecimalText.parse(reader.bytes(column))
            _ = StampText.parse(reader.bytes(column))
          }
        }
      } catch {
        switch error {
        case .file, .noHeader: break
        default:
          let place = try #require(error.place, "round \(round)")
          #expect(place.row >= 1 && place.column >= 1, "round \(round)")
        }
      }
    }
  }
}
