package import Essentials
import Storage

/// Answers kept below a folder by the content of their calls, so that the same call is paid once.
///
/// A file for every answer, named by the fingerprint of the call, written whole or not at all, and
/// readable by its owner alone. A file that is not what was written is no answer, and is reported.
package struct ResponseCache: Hashable, Sendable {
  package let folder: String

  package init(folder: String) {
    self.folder = folder
  }

  /// What the cache has for a call.
  package enum Find: Hashable, Sendable {
    case answer(ModelAnswer)
    case nothing
    case damaged(CacheDefect)
  }

  /// Counts upwards when what a fingerprint covers changes.
  private static let version = 1

  /// The fingerprint of everything that decides about an answer: provider, model, tuning, texts,
  /// schema, ceiling and seed.
  package static func fingerprint(
    _ identity: ModelIdentity, _ tuning: ModelTuning, _ call: ModelCall
  ) -> Fingerprint {
    let document: JSONValue = [
      "version": .integer(version), "provider": .string(identity.provider),
      "model": .string(identity.model), "tuning": tuning.json ?? .null,
      "stage": .string(call.stage.rawValue), "instructions": .string(call.instructions),
      "prompt": .string(call.prompt), "schema_name": .string(call.schemaName),
      "schema": call.schema, "max_output_tokens": .integer(call.maxOutputTokens),
      "seed": .string(String(call.seed)),
    ]
    return Fingerprint(of: document.compactText)
  }

  /// The file of a fingerprint. Folders of two digits keep listings short.
  package func path(of fingerprint: Fingerprint) -> String {
    "\(folder)/\(fingerprint.hexadecimal.prefix(2))/\(fingerprint.hexadecimal).json"
  }

  /// Looks an answer up.
  package func find(_ fingerprint: Fingerprint) -> Find {
    let path = path(of: fingerprint)
    func damaged(_ reason: String) -> Find { .damaged(CacheDefect(path: path, reason: reason)) }
    let bytes: [UInt8]
    do throws(FileFailure) {
      guard let found = try WholeFile.read(path) else { return .nothing }
      bytes = found
    } catch {
      return damaged(error.explanation)
    }
    guard let text = String(validating: bytes, as: UTF8.self),
      let document = try? JSONValue(parsing: text)
    else { return damaged("it is no JSON") }
    guard document.text("call") == fingerprint.hexadecimal, let answer = document["answer"],
      document.text("digest") == Self.digest(fingerprint, answer).hexadecimal
    else { return damaged("its digest does not match") }
    guard let words = answer.text("text") else { return damaged("it holds no text") }
    return .answer(
      ModelAnswer(
        text: words, usage: nil, responseID: answer.text("response_id"), isComplete: true,
        isFromCache: true))
  }

  /// Keeps an answer, in the place of one that may be there.
  package func keep(_ answer: ModelAnswer, as fingerprint: Fingerprint) throws(CacheDefect) {
    let kept: JSONValue = [
      "text": .string(answer.text), "usage": answer.usage ?? .null,
      "response_id": answer.responseID.map(JSONValue.string) ?? .null,
    ]
    let document: JSONValue = [
      "call": .string(fingerprint.hexadecimal), "answer": kept,
      "digest": .string(Self.digest(fingerprint, kept).hexadecimal),
    ]
    let path = path(of: fingerprint)
    do throws(FileFailure) {
      try WholeFile.write(
        Array(document.indentedText.utf8) + [0x0A], to: path, for: .owner)
    } catch {
      throw CacheDefect(path: path, reason: error.explanation)
    }
  }

  private static func digest(_ call: Fingerprint, _ answer: JSONValue) -> Fingerprint {
    Fingerprint(of: call.hexadecimal + answer.compactText)
  }
}

/// A file of the cache that cannot be used or written. The call it belongs to is made all the same.
package struct CacheDefect: ExplainedFailure, Hashable {
  package let path: String
  package let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var key: String { "response_cache_defect" }
  package var explanation: String { "The cached answer \(path) cannot be used: \(reason)." }
  package var remedy: String { "Remove the file; the answer is asked for again and kept anew." }
  package var outcome: FailureOutcome { .integrityViolated }
}
