import Networking
import Synchronization

/// A subscriber's socket: tells the hub what happens at the other end, and minds the limits.
final class LiveSession: SocketSession {
  private let id: LiveBroadcast.ID
  private let hub: LiveHub
  private let outlet: any SocketOutlet
  private let flag: DrainFlag
  /// Nil when the subscriber was closed for what it sent.
  private let meter: Mutex<MessageMeter?>

  init(id: LiveBroadcast.ID, hub: LiveHub, outlet: any SocketOutlet, flag: DrainFlag) {
    self.id = id
    self.hub = hub
    self.outlet = outlet
    self.flag = flag
    meter = Mutex(MessageMeter(at: hub.clocks.elapsed()))
  }

  func received(_ message: SocketMessage) {
    let byteCount =
      switch message {
      case .text(let text): text.utf8.count
      case .binary(let bytes): bytes.count
      }
    let objection = meter.withLock { meter -> (SocketEnd, String)? in
      guard meter != nil else { return (.policy, "") }
      if byteCount > LiveRequest.bytesMax {
        meter = nil
        return (.tooBig, "a message has at most \(LiveRequest.bytesMax) bytes")
      }
      guard meter?.take(at: hub.clocks.elapsed()) == true else {
        meter = nil
        return (.policy, "at most \(Int(MessageMeter.burst)) messages a second")
      }
      return nil
    }
    if let (end, reason) = objection {
      guard !reason.isEmpty else { return }
      outlet.close(end, reason)
      hub.post(.unruly(id))
      return
    }
    switch message {
    case .text(let text): hub.post(.received(id, text))
    case .binary: hub.post(.receivedBytes(id))
    }
  }

  func drained() {
    if flag.take() { hub.post(.drained(id)) }
  }

  func closed() { hub.post(.closed(id)) }
}
