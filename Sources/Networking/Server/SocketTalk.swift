/// One WebSocket: what it is told by the wire and the clock, and the bytes that it wants sent. Only
/// the thread that moves bytes touches it.
///
/// 1. A close frame is written once; nothing is written behind it.
/// 2. After a fault of the client nothing that it sends is read.
/// 3. Control frames wait in a bounded buffer of their own, ahead of the messages.
final class SocketTalk {
  let session: any SocketSession
  let line: SocketLine
  private let limits: ServerLimits
  private var reader: FrameReader
  /// Pings, pongs and the close frame that wait.
  private var control: [UInt8] = []
  private var isCloseWritten = false
  private var isDeaf = false
  /// The other side has said all it wanted; the connection ends when everything is sent.
  private(set) var isOver = false
  /// Why it was ended by us.
  private(set) var fault: ServerStatistics.Cause?

  private var heardAt: Duration
  private var isPinged = false
  private var closeWrittenAt: Duration?
  /// What the client may still send within the present second, in messages.
  private var allowance: Double
  private var allowanceAt: Duration

  init(
    session: any SocketSession, line: SocketLine, limits: ServerLimits, at now: Duration
  ) {
    self.session = session
    self.line = line
    self.limits = limits
    reader = FrameReader(messageBytesMax: limits.messageBytesMax)
    heardAt = now
    allowanceAt = now
    allowance = Double(limits.messagesPerSecondMax * 2)
  }

  var bytesHeld: Int { reader.bytesHeld }

  // MARK: What it is told

  /// Bytes came. Returns the number of messages in them.
  func hear(_ bytes: UnsafeRawBufferPointer, at now: Duration) -> Int {
    feelPulse(at: now)
    guard !isDeaf else { return 0 }
    reader.take(bytes)
    let rate = Double(limits.messagesPerSecondMax)
    allowance = min(rate * 2, allowance + (now - allowanceAt) / .seconds(1) * rate)
    allowanceAt = now
    var messages = 0
    while !isDeaf {
      do throws(SocketFault) {
        let step = try reader.advance()
        if step == .needsMore { return messages }
        guard spend(step == .fragment ? 1.0 / 16 : 1) else { return messages }
        switch step {
        case .needsMore, .fragment, .pong: break
        case .message(let message):
          messages += 1
          session.received(message)
        case .ping(let payload): FrameText.appendPong(payload, to: &control)
        case .close(let code): answerClose(code)
        }
      } catch {
        end(error.end, error.reason, .badSocket)
      }
    }
    return messages
  }

  /// The other side is there: it sent something, or took what it had not taken for a while.
  func feelPulse(at now: Duration) {
    heardAt = now
    isPinged = false
  }

  /// Looks at the time. False where the connection has to be cut.
  func watch(at now: Duration) -> Bool {
    if let closeWrittenAt { return now - closeWrittenAt < limits.closeTime }
    guard now - heardAt >= limits.pingTime else { return true }
    if isPinged {
      guard now - heardAt < limits.pingTime * 2 else {
        fault = .deadSocket
        return false
      }
    } else if !isCloseWritten {
      isPinged = true
      FrameText.appendPing(to: &control)
    }
    return true
  }

  /// Closes because of something other than what the client sent.
  func end(_ end: SocketEnd, _ reason: String, _ cause: ServerStatistics.Cause) {
    isDeaf = true
    isOver = true
    fault = cause
    guard !isCloseWritten else { return }
    isCloseWritten = true
    FrameText.appendClose(end.rawValue, reason, to: &control)
  }

  // MARK: What it wants sent

  var hasControlFrames: Bool { !control.isEmpty }

  /// Moves frames to `bytes`. Returns how many, and how many bytes of them came through the line.
  func fill(
    _ bytes: inout [UInt8], upTo bytesMax: Int, at now: Duration
  ) -> (frames: Int, lineBytes: Int) {
    bytes += control
    control.removeAll(keepingCapacity: control.capacity <= 1024)
    guard !isCloseWritten else { return (0, 0) }
    let before = bytes.count
    let taken = line.take(into: &bytes, upTo: bytesMax)
    let size = bytes.count - before
    if let ending = taken.ending {
      FrameText.appendClose(ending.end.rawValue, ending.reason, to: &bytes)
      isCloseWritten = true
      closeWrittenAt = now
    }
    return (taken.frames, size)
  }

  // MARK: - Rules

  private func answerClose(_ code: UInt16?) {
    isDeaf = true
    isOver = true
    guard !isCloseWritten else { return }
    isCloseWritten = true
    FrameText.appendClose(code, "", to: &control)
  }

  private func spend(_ cost: Double) -> Bool {
    allowance -= cost
    // Pongs that are not taken must not pile up, however slowly they were asked for.
    guard allowance >= 0, control.count < 16 << 10 else {
      end(.policy, "more than \(limits.messagesPerSecondMax) messages a second", .flood)
      return false
    }
    return true
  }
}
