import Essentials
import Research
import Storage

/// Puts the documents of a request into the folder of its job, so that a job reads nothing else.
struct JobDocuments {
  /// The folder of all jobs.
  let jobs: String

  /// Makes the folder and writes every document of the request into it. Returns the parameters as
  /// they are recorded: the run is named, and for a document stands its file, size and fingerprint.
  func place(
    _ request: JobRequest, in folder: JobFolder, run: String
  ) throws -> JSONValue {
    var documents: [(parameter: String, file: String, document: JSONValue)] = []
    var members = request.parameters
    for (place, member) in members.enumerated() {
      guard case .document(let file, let rule, _)? = request.kind(of: member.name) else { continue }
      let document = try document(member.value, of: member.name)
      do throws(DocumentFailure) {
        try rule.check(document)
      } catch {
        throw JobRefusal.badDocument(
          parameter: member.name, reason: error.explanation, remedy: error.remedy)
      }
      let text = document.indentedText
      members[place].value = [
        "file": .string(file), "bytes": .integer(text.utf8.count),
        "fingerprint": .string(Fingerprint(of: text).hexadecimal),
      ]
      documents.append((member.name, file, document))
    }
    members.removeAll { $0.name == ControlAction.run }
    members.append(.init(ControlAction.run, .string(run)))
    try folder.create()
    do throws(FileFailure) {
      for document in documents { try folder.write(document.document, as: document.file) }
    } catch {
      folder.remove()
      throw error
    }
    return .object(members)
  }

  /// The document itself: as it was given, or from the file that was named.
  private func document(
    _ value: JSONValue, of parameter: String
  ) throws(JobRefusal) -> JSONValue {
    guard case .string(let text) = value else { return value }
    guard let reference = JobReference(text) else {
      throw .badDocument(
        parameter: parameter, reason: "\"\(text.prefix(128))\" names no file of a job.",
        remedy: "Write the document itself, or jobs/<job_id>/<file>.")
    }
    guard let document = JobFolder(jobs, job: reference.jobID).document(reference.parts) else {
      throw .badDocument(
        parameter: parameter, reason: "There is no JSON document \(text).",
        remedy: "GET /api/control/jobs/<job_id> lists the files of a job.")
    }
    return document
  }
}
