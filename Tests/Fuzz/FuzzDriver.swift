import AlphaLanguage
import CFuzz
import Essentials
import Foundation
import Markets
import Storage
import Worlds

/// Feeds a parser what libFuzzer invents: `Fuzz TARGET [libFuzzer options] [corpus]`.
///
/// A crash, a trap or a hang is a finding. Bad input must end in an error, and an error must point
/// into the input.
enum FuzzDriver {
  static func main() {
    var arguments = CommandLine.arguments
    guard arguments.count > 1, let target = FuzzTarget(rawValue: arguments.remove(at: 1)) else {
      let targets = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
      FileHandle.standardError.write(Data("usage: Fuzz \(targets) [options] [corpus]\n".utf8))
      exit(4)
    }
    var count = Int32(arguments.count)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let status = words.withUnsafeMutableBufferPointer { buffer in
      var base = buffer.baseAddress
      return switch target {
      case .formula: LLVMFuzzerRunDriver(&count, &base, checkFormula)
      case .csv: LLVMFuzzerRunDriver(&count, &base, readTable)
      case .target: LLVMFuzzerRunDriver(&count, &base, readTarget)
      case .request: LLVMFuzzerRunDriver(&count, &base, readRequests)
      case .frame: LLVMFuzzerRunDriver(&count, &base, readFrames)
      case .server: LLVMFuzzerRunDriver(&count, &base, askServer)
      case .policy: LLVMFuzzerRunDriver(&count, &base, readPolicy)
      }
    }
    exit(status)
  }
}

/// What can be fuzzed.
enum FuzzTarget: String, CaseIterable {
  case formula, csv
  /// The target of a request, requests as bytes, frames of WebSockets, and a whole server.
  case target, request, frame, server
  case policy
}

private let checker = FormulaChecker(
  schema: PanelSchema(
    fields: ["open", "high", "low", "close", "volume", "returns"].map {
      FieldDescription(name: $0, kind: .matrix)
    } + [
      FieldDescription(name: "news", kind: .vector), FieldDescription(name: "sector", kind: .group),
    ]))

/// Checks a text; what is accepted must read back from its canonical text as the same formula.
private func checkFormula(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
  do {
    let formula = try checker.check(text)
    let again = try? checker.check(formula.canonicalText)
    precondition(again?.fingerprint == formula.fingerprint, "its canonical text means another")
  } catch {
    for finding in error.diagnostics {
      precondition(finding.span.end <= text.utf8.count, "a finding points behind the text")
    }
  }
  return 0
}

/// Reads a policy; what is accepted must read back from its canonical form as the same policy.
private func readPolicy(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
  let reading = WorldPolicy.read(text: text, named: "world.yml")
  for finding in reading.findings {
    precondition(
      finding.diagnostic.span.end <= text.utf8.count, "a finding points behind the text")
  }
  if let policy = reading.policy {
    precondition((try? WorldPolicy(json: policy.json)) == policy, "its canonical form is another")
  }
  return 0
}

/// Reads a table to its end or first error.
private func readTable(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let path = NSTemporaryDirectory() + "athanor-fuzz-\(getpid()).csv"
  let bytes = Data(UnsafeBufferPointer(start: data, count: size))
  guard FileManager.default.createFile(atPath: path, contents: bytes) else { return 0 }
  defer { unlink(path) }
  do throws(TableFailure) {
    let reader = try CSVReader(path: path)
    while try reader.next() {
      for column in reader.header.indices {
        _ = reader.text(column)
        _ = DecimalText.parse(reader.bytes(column))
        _ = StampText.parse(reader.bytes(column))
      }
    }
  } catch {
    precondition(!error.explanation.isEmpty && !error.remedy.isEmpty, "an error explains nothing")
  }
  return 0
}
