import Essentials
import Research
import Testing

@Suite("Complaints of providers")
struct ProviderComplaintTests {
  private static let table:
    [(status: Int, body: String, kind: ProviderComplaint.Kind, isFree: Bool)] = [
      (
        400,
        #"{"error":{"message":"m","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
        .promptTooLong, true
      ),
      (400, #"{"error":{"message":"m","code":"unsupported_parameter"}}"#, .badRequest, true),
      // Azure bills the prompt that its filter read.
      (400, #"{"error":{"message":"m","code":"content_filter"}}"#, .policyViolated, false),
      (401, #"{"error":{"message":"m","code":"invalid_api_key"}}"#, .keyRejected, true),
      (
        402, #"{"type":"error","error":{"type":"billing_error","message":"m"}}"#, .quotaExhausted,
        true
      ),
      (
        400,
        #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
        .promptTooLong, true
      ),
      (
        400,
        #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#,
        .quotaExhausted, true
      ),
      (403, "", .notPermitted, true), (404, "<html>nginx</html>", .modelUnknown, true),
      (404, #"{"error":{"message":"m","code":"model_not_found"}}"#, .modelUnknown, true),
      (408, "{}", .timedOut, false), (409, "{}", .conflicted, true),
      (413, "", .promptTooLong, true),
      (422, #"{"detail":"field required"}"#, .badRequest, true),
      (
        429, #"{"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}}"#,
        .rateLimited, true
      ),
      (
        429, #"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        .quotaExhausted, true
      ),
      (
        429,
        #"{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
        .quotaExhausted, true
      ),
      (429, #"{"error":"slow down"}"#, .rateLimited, true),
      (307, "", .redirected, true), (500, "oops", .serverFailed, false),
      (502, "", .serverFailed, false),
      (
        503, #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
        .overloaded, false
      ),
      (504, "", .timedOut, false),
      (
        529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        .overloaded, false
      ),
      (
        400,
        #"{"error":{"code":400,"type":"exceed_context_size_error","message":"too long","n_ctx":8192}}"#,
        .promptTooLong, true
      ),
      (
        400, #"{"object":"error","message":"m","type":"BadRequestError","code":400}"#, .badRequest,
        true
      ),
    ]

  @Test("follow from code, status and type, and say whether anything can have been billed")
  func kinds() {
    for row in Self.table {
      let complaint = ProviderComplaint(status: row.status, body: row.body)
      #expect(complaint.kind == row.kind, "\(row)")
      #expect(complaint.isCertainlyFree == row.isFree, "\(row)")
      #expect(complaint.status == row.status)
      #expect(!complaint.message.isEmpty)
    }
  }

  @Test("without a status follow from their code, and are never certainly free")
  func midStream() throws {
    let document = try JSONValue(
      parsing: #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#)
    let complaint = ProviderComplaint(status: nil, document: document)
    #expect(complaint.kind == .overloaded)
    #expect(!complaint.isCertainlyFree)
    #expect(complaint.summary == "overloaded_error: Overloaded")
  }

  @Test("show their status, their code and the beginning of a long sentence")
  func summary() {
    let complaint = ProviderComplaint(
      status: 400, code: "c", message: String(repeating: "a", count: 500))
    #expect(complaint.summary == "HTTP 400 c: " + String(repeating: "a", count: 400) + "...")
    #expect(ProviderComplaint(status: 500, body: " a\n b ").summary == "HTTP 500: a b")
    #expect(ProviderComplaint(status: 502, body: "").summary == "HTTP 502: no explanation")
  }

  @Test("each tell what to do", arguments: ProviderComplaint.Kind.allCases)
  func remedies(kind: ProviderComplaint.Kind) {
    let samples = Self.table.map { ProviderComplaint(status: $0.status, body: $0.body) }
    let complaint = samples.first { $0.kind == kind }
    #expect(complaint != nil, "\(kind)")
    let failure = ProviderFailure(
      .init(provider: "openai", model: "gpt-5.2"),
      .complained(complaint ?? ProviderComplaint(message: "")))
    #expect(failure.remedy.hasSuffix("."))
    #expect(failure.key == "openai_provider_error")
    #expect(failure.outcome == .refused)
  }
}
