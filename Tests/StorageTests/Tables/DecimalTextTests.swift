import Essentials
import Mathematics
import Storage
import Testing

@Suite("Decimal text")
struct DecimalTextTests {
  @Test(
    "texts of numbers are read like the standard library reads them",
    arguments: [
      "0", "-0", "1", "+1", "-1.5", "0.1", ".5", "5.", "1e3", "1E-3", "123456789012345678",
      "12345678901234567890123", "0.000000000000000000000000000001", "9007199254740993",
      "1.7976931348623157e308", "4.9e-324", "2.2250738585072014e-308", "1e22", "1e23", "1e-22",
      "00000000000000000000001.5", "1e-400", "102941.9",
    ])
  func numbers(text: String) throws {
    let expected = try #require(Double(text.hasSuffix(".") ? text + "0" : text))
    #expect(DecimalText.parse(text)?.bitPattern == expected.bitPattern)
  }

  @Test("random numbers survive being written and read")
  func random() {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<5000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(DecimalText.parse("\(value)")?.bitPattern == value.bitPattern)
      let price = (generator.nextUniform() * 1e6).rounded() / 1e2
      #expect(DecimalText.parse("\(price)")?.bitPattern == price.bitPattern)
    }
  }

  @Test("missing values are NaN", arguments: ["", " ", "nan", "NaN", "NA", "n/a", "null", "None"])
  func missing(text: String) {
    #expect(DecimalText.parse(text)?.isNaN == true)
  }

  @Test(
    "anything else is no number",
    arguments: [
      "abc", "1,5", "1.2.3", "1e", "e5", "-", "+", ".", "0x10", "inf", "1e400", "1 2", "--1", "1e+",
      "nanx", "12%",
    ])
  func garbage(text: String) {
    #expect(DecimalText.parse(text) == nil)
  }
}

@Suite("Stamp text")
struct StampTextTests {
  @Test(
    "dates and instants are read in every spelling",
    arguments: [
      ("2024-02-29", "2024-02-29", true), ("2024/02/29", "2024-02-29", true),
      ("20240229", "2024-02-29", true), ("2024-02-29T14:30:05Z", "2024-02-29T14:30:05Z", false),
      ("2024-02-29 14:30", "2024-02-29T14:30:00Z", false),
      ("2024-02-29T14:30:05.25+09:00", "2024-02-29T05:30:05.250Z", false),
      ("2024-02-29T23:30:00-0130", "2024-03-01T01:00:00Z", false),
      ("1746835200", "2025-05-10", false), ("1746835200001", "2025-05-10T00:00:00.001Z", false),
      ("1746835200001999", "2025-05-10T00:00:00.001Z", false),
      ("1746835200001000000", "2025-05-10T00:00:00.001Z", false),
      (" 2024-02-29 ", "2024-02-29", true),
    ])
  func spellings(text: String, expected: String, isDay: Bool) throws {
    let parsed = try #require(StampText.parse(text))
    #expect(parsed.stamp.description == expected)
    #expect(parsed.isDay == isDay)
  }

  @Test(
    "anything else is no instant",
    arguments: [
      "", "2023-02-29", "2024-13-01", "2024-1-1", "24-01-01", "2024-01/01", "2024-01-01T25:00",
      "2024-01-01T10:60", "2024-01-01T10:00:00.", "2024-01-01T10:00:00X", "12345", "nan",
      "99999999999999999999", "2024-01-01T10:00+25:00",
    ])
  func garbage(text: String) {
    #expect(StampText.parse(text) == nil)
  }
}
