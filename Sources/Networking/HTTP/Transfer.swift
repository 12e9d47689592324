import CTransfer

/// One exchange as libcurl sees it; used by the loop's thread only.
final class Transfer {
  /// How much room the header of an answer may take.
  private static let headerBytesMax = 256 << 10
  /// The length of libcurl's error texts, `CURL_ERROR_SIZE`.
  private static let reasonBytes = 256

  let exchange: Exchange
  let handle: UnsafeMutableRawPointer
  private let request: HTTPRequest
  private let reason: UnsafeMutablePointer<CChar>
  private var fields: UnsafeMutablePointer<curl_slist>?
  private var sent = 0
  private var head = HTTPHead(status: 0)
  private var headerBytes = 0
  private var hasHead = false
  private var bodyBytes = 0
  /// What a callback refused, which libcurl reports as a failed write.
  private var refusal: HTTPFailure?
  /// Bytes that had moved when it was last looked, and the time then on libcurl's clock, in
  /// microseconds since the start.
  private var moved = 0
  private var lastMove: Int64 = 0
  private var isPaused = false

  /// Prepares the transfer, or returns nil where libcurl refuses.
  init?(_ request: HTTPRequest, _ exchange: Exchange, _ options: HTTPClient.Options) {
    guard let handle = curl_easy_init() else { return nil }
    self.request = request
    self.exchange = exchange
    self.handle = handle
    reason = .allocate(capacity: Self.reasonBytes)
    reason.initialize(repeating: 0, count: Self.reasonBytes)
    guard isPrepared(with: options) else { return nil }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(fields)
    reason.deallocate()
  }

  // MARK: Preparation

  private func isPrepared(with options: HTTPClient.Options) -> Bool {
    let limits = request.limits
    var codes = [
      transfer_set_text(handle, CURLOPT_URL, request.address.text),
      transfer_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
      transfer_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1),
      transfer_set_long(handle, CURLOPT_HTTP09_ALLOWED, 0),
      transfer_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
      transfer_set_long(handle, CURLOPT_NOSIGNAL, 1),
      transfer_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
      transfer_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
      transfer_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      transfer_set_text(handle, CURLOPT_ACCEPT_ENCODING, "gzip"),
      transfer_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, limits.connecting.wholeMilliseconds),
      transfer_set_long(handle, CURLOPT_TIMEOUT_MS, limits.total.wholeMilliseconds),
      transfer_set_pointer(handle, CURLOPT_ERRORBUFFER, reason),
      transfer_set_writer(handle, CURLOPT_HEADERFUNCTION, headerLineCame),
      transfer_set_pointer(handle, CURLOPT_HEADERDATA, itself),
      transfer_set_writer(handle, CURLOPT_WRITEFUNCTION, bodyCame),
      transfer_set_pointer(handle, CURLOPT_WRITEDATA, itself),
      transfer_set_reader(handle, CURLOPT_READFUNCTION, bodyIsWanted),
      transfer_set_pointer(handle, CURLOPT_READDATA, itself),
    ]
    if let file = options.certificateFile {
      codes.append(transfer_set_text(handle, CURLOPT_CAINFO, file))
    }
    switch options.proxy {
    case .none: codes.append(transfer_set_text(handle, CURLOPT_PROXY, ""))
    case .ofEnvironment: break
    case .at(let address): codes.append(transfer_set_text(handle, CURLOPT_PROXY, address.text))
    }
    return codes.allSatisfy { $0 == CURLE_OK } && hasMethod() && hasFields()
  }

  /// libcurl holds this pointer only while the transfer is among those under way.
  private var itself: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Chooses the method. The body is read by a callback that cannot be rewound, so that libcurl
  /// reports a dead connection instead of sending a request a second time that may have been
  /// received; a request without a body that must not be repeated gets a connection of its own.
  private func hasMethod() -> Bool {
    var codes: [CURLcode] = []
    switch request.method {
    case .get: codes.append(transfer_set_long(handle, CURLOPT_HTTPGET, 1))
    case .head: codes.append(transfer_set_long(handle, CURLOPT_NOBODY, 1))
    case .post, .put, .patch, .delete, .options: break
    }
    if !request.body.isEmpty || [.post, .put, .patch].contains(request.method) {
      codes += [
        transfer_set_long(handle, CURLOPT_POST, 1),
        transfer_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)),
      ]
    }
    if ![.get, .head, .post].contains(request.method) || request.method == .get && hasBody {
      codes.append(transfer_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
    }
    if !request.method.isSafe, request.body.isEmpty {
      codes.append(transfer_set_long(handle, CURLOPT_FRESH_CONNECT, 1))
    }
    return codes.allSatisfy { $0 == CURLE_OK }
  }

  private var hasBody: Bool { !request.body.isEmpty }

  private func hasFields() -> Bool {
    var lines = request.headers.fields.map { Self.line($0.name, $0.value) }
    lines += request.secrets.map { Self.line($0.name, $0.value.revealed) }
    // Without these, libcurl would wait for leave to send a large body, and name a form.
    for name in ["Expect", "Content-Type"] where request.headers[name] == nil {
      lines.append(name + ":")
    }
    for line in lines {
      guard let longer = curl_slist_append(fields, line) else { return false }
      fields = longer
    }
    return transfer_set_pointer(handle, CURLOPT_HTTPHEADER, fields) == CURLE_OK
  }

  /// A field as libcurl wants it; one that ends with a colon would be removed instead of sent.
  private static func line(_ name: String, _ value: String) -> String {
    value.isEmpty ? name + ";" : "\(name): \(value)"
  }

  // MARK: Progress

  /// Whether anything of the request has gone out.
  var mayHaveBeenReceived: Bool {
    var requestBytes = 0
    _ = transfer_get_long(handle, CURLINFO_REQUEST_SIZE, &requestBytes)
    return requestBytes > 0
  }

  func resume() {
    isPaused = false
    lastMove = elapsed
    curl_easy_pause(handle, CURLPAUSE_CONT)
  }

  enum Patience {
    case milliseconds(Int64)
    case ended(HTTPFailure)
  }

  /// Says for how long the server may go on being silent.
  func patience() -> Patience {
    let now = elapsed
    let uploaded = offset(CURLINFO_SIZE_UPLOAD_T)
    let isConnected = offset(CURLINFO_PRETRANSFER_TIME_T) > 0
    let movedNow = headerBytes + bodyBytes + Int(uploaded) + (isConnected ? 1 : 0)
    if movedNow != moved {
      moved = movedNow
      lastMove = now
    }
    guard isConnected, !isPaused else { return .milliseconds(1000) }
    let limit = headerBytes == 0 ? request.limits.firstByte : request.limits.silence
    let left = Int64(limit.wholeMilliseconds) * 1000 - (now - lastMove)
    guard left <= 0 else { return .milliseconds(left / 1000 + 1) }
    return .ended(
      .timedOut(
        headerBytes == 0 ? .firstByte : .nextByte, host: request.address.host, limit: limit,
        mayHaveBeenReceived: true))
  }

  private var elapsed: Int64 { offset(CURLINFO_TOTAL_TIME_T) }

  private func offset(_ fact: CURLINFO) -> Int64 {
    var value: curl_off_t = 0
    _ = transfer_get_offset(handle, fact, &value)
    return Int64(value)
  }

  // MARK: The end

  /// Says how the transfer ended, given libcurl's word for it.
  func end(for code: CURLcode) -> Result<Void, HTTPFailure> {
    if let refusal { return .failure(refusal) }
    if code == CURLE_OK { return .success(()) }
    let host = request.address.host
    let said = String(cString: reason)
    let why = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return .failure(.hostNotFound(host: host))
    case CURLE_COULDNT_CONNECT:
      return .failure(.couldNotConnect(to: "\(host):\(request.address.port)", reason: why))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return .failure(.notTrusted(host: host, reason: why))
    case CURLE_OPERATION_TIMEDOUT:
      let isConnected = offset(CURLINFO_PRETRANSFER_TIME_T) > 0
      return .failure(
        .timedOut(
          isConnected ? .wholeAnswer : .connection, host: host,
          limit: isConnected
            ? request.limits.total : min(request.limits.connecting, request.limits.total),
          mayHaveBeenReceived: mayHaveBeenReceived))
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
      CURLE_URL_MALFORMAT:
      return .failure(.malformedAnswer(host: host, reason: why))
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
      return .failure(.couldNotStart(reason: why))
    default:
      return .failure(
        .brokenOff(host: host, reason: why, mayHaveBeenReceived: mayHaveBeenReceived))
    }
  }

  // MARK: What libcurl calls

  /// Takes a line of a header: of the answer, of an interim one before it, or of a trailer, which
  /// nobody asked for.
  fileprivate func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.headerBytesMax else {
      refusal = .tooLarge(host: request.address.host, limitBytes: Self.headerBytesMax)
      return false
    }
    if hasHead { return true }
    var text = Substring(String(decoding: line, as: UTF8.self))
    while let last = text.unicodeScalars.last, last == "\r" || last == "\n" {
      text.unicodeScalars.removeLast()
    }
    if text.isEmpty { return receiveHead() }
    if text.hasPrefix("HTTP/") {
      head = HTTPHead(status: text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...]
      head.headers.add(Self.trimmed(text[..<colon]), Self.trimmed(value))
    }
    return true
  }

  private func receiveHead() -> Bool {
    if (100...199).contains(head.status), head.status != 101 { return true }
    hasHead = true
    exchange.receive(head)
    let announced = head.headers["Content-Length"].flatMap { Int($0) } ?? 0
    guard announced <= request.limits.bodyBytes || request.method == .head else {
      refusal = .tooLarge(host: request.address.host, limitBytes: request.limits.bodyBytes)
      return false
    }
    return true
  }

  private static func trimmed(_ text: Substring) -> String {
    let spaces: Set<Character> = [" ", "\t"]
    var kept = text.drop { spaces.contains($0) }
    while let last = kept.last, spaces.contains(last) { kept.removeLast() }
    return String(kept)
  }

  /// Takes a piece of the body, nil to have it again later, or false to end the transfer.
  fileprivate func receiveBody(_ chunk: UnsafeRawBufferPointer) -> Bool? {
    guard bodyBytes + chunk.count <= request.limits.bodyBytes else {
      refusal = .tooLarge(host: request.address.host, limitBytes: request.limits.bodyBytes)
      return false
    }
    guard exchange.receive(chunk) else {
      isPaused = true
      return nil
    }
    bodyBytes += chunk.count
    return true
  }

  /// Gives libcurl the next bytes of the request's body.
  fileprivate func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(room.count, request.body.count - sent)
    request.body.withUnsafeBytes { body in
      room.copyMemory(from: UnsafeRawBufferPointer(rebasing: body[sent..<sent + count]))
    }
    sent += count
    return count
  }
}

extension HTTPMethod {
  /// Whether asking twice is the same as asking once and changes nothing (RFC 9110 section 9.2.1).
  fileprivate var isSafe: Bool {
    switch self {
    case .get, .head, .options: true
    case .post, .put, .patch, .delete: false
    }
  }
}

extension Duration {
  /// At least one, because libcurl takes zero for no limit.
  fileprivate var wholeMilliseconds: Int {
    let whole = components.seconds.multipliedReportingOverflow(by: 1000)
    let rest = components.attoseconds / 1_000_000_000_000_000
    return whole.overflow ? Int.max / 2 : max(1, Int(whole.partialValue + rest))
  }
}

// libcurl calls these on the loop's thread, with the pointer that `Transfer.itself` gave it.

@Sendable private func headerLineCame(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let transfer else { return 0 }
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  let isTaken = Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().receiveHeader(line)
  return isTaken ? line.count : refused
}

@Sendable private func bodyCame(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let transfer else { return 0 }
  let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
  switch Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().receiveBody(chunk) {
  case true?: return chunk.count
  case false?: return refused
  case nil: return Int(CURL_WRITEFUNC_PAUSE)
  }
}

@Sendable private func bodyIsWanted(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let transfer else { return 0 }
  let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
  return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().giveBody(room)
}

/// Any count but that of the bytes offered ends a transfer; this one can be no count.
private let refused = Int(bitPattern: UInt.max)
