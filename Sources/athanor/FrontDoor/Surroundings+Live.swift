import Dispatch
import Essentials
import Foundation
import Glibc

// The one place where the program takes hold of the process: its streams, clock, environment and
// signals. Everything else is handed what is made here.

extension Surroundings {
  /// The surroundings of this process.
  static func live() -> Surroundings {
    let environment = ProcessInfo.processInfo.environment
    let start = ContinuousClock.now
    return Surroundings(
      output: .descriptor(STDOUT_FILENO, environment),
      errors: .descriptor(STDERR_FILENO, environment),
      environment: environment,
      elapsed: { ContinuousClock.now - start },
      input: .standardInput,
      executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? "",
      processors: ProcessInfo.processInfo.activeProcessorCount,
      now: {
        Timestamp(millisecondsSinceEpoch: Int64((Date().timeIntervalSince1970 * 1000).rounded()))
      },
      chance: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
      },
      pause: { duration in
        let (seconds, attoseconds) = duration.components
        Thread.sleep(forTimeInterval: Double(seconds) + Double(attoseconds) * 1e-18)
      }, arrangeEnd: { EndRequests.arrange().wait }, watchForEnd: { EndRequests.arrange().look },
      person: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 ? .atTerminal : nil)
  }
}

extension Questioner {
  /// Asks on standard error, so that a redirected answer stays clean, and reads from standard input.
  fileprivate static let atTerminal = Questioner { question, echo in
    _ = question.utf8CString.withUnsafeBytes {
      Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count - 1)
    }
    var usual = termios()
    let isHidden = echo == .hidden && tcgetattr(STDIN_FILENO, &usual) == 0
    if isHidden {
      var quiet = usual
      quiet.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
    }
    defer {
      if isHidden {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
        _ = Glibc.write(STDERR_FILENO, "\n", 1)
      }
    }
    return readLine()
  }
}

extension ByteInlet {
  fileprivate static let standardInput = ByteInlet(isTerminal: isatty(STDIN_FILENO) == 1) {
    (limit) throws(InletFailure) in
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = part.withUnsafeMutableBytes {
        Glibc.read(STDIN_FILENO, $0.baseAddress, min($0.count, limit - bytes.count))
      }
      if count > 0 {
        bytes += part[..<count]
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw InletFailure(reason: String(cString: strerror(errno)))
      }
    }
    return bytes
  }
}

extension TextOutlet {
  fileprivate static func descriptor(
    _ descriptor: Int32, _ environment: [String: String]
  ) -> TextOutlet {
    var window = winsize()
    let isTerminal = isatty(descriptor) == 1
    let isMeasured = ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0
    return TextOutlet(
      terminal: TerminalFacts(
        isTerminal: isTerminal, windowWidth: isMeasured ? Int(window.ws_col) : nil,
        environment: environment),
      write: { (text) throws(OutletFailure) in
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
          let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
          if written >= 0 {
            rest = rest.dropFirst(written)
          } else if errno == EPIPE {
            throw .readerLeft
          } else if errno != EINTR {
            throw .refused(reason: String(cString: strerror(errno)))
          }
        }
      })
  }
}

/// Lets the process end as its user expects when a pipe closes or a key interrupts it.
///
/// A write into a closed pipe becomes an error of that write. An interruption erases a progress line
/// that may stand on the screen, then ends the process by the same signal, so a shell sees it.
func arrangeSignals() {
  signal(SIGPIPE, SIG_IGN)
  guard isatty(STDERR_FILENO) == 1 else { return }
  for number in [SIGINT, SIGTERM] { signal(number, eraseLineAndEnd) }
}

/// Runs inside a signal handler: only `write`, `signal` and `raise`, which POSIX allows there.
private func eraseLineAndEnd(_ number: Int32) {
  let erasure: StaticString = "\r\u{1B}[K"
  _ = Glibc.write(STDERR_FILENO, erasure.utf8Start, erasure.utf8CodeUnitCount)
  signal(number, SIG_DFL)
  raise(number)
}

/// Requests to end that come by signals.
private final class EndRequests: @unchecked Sendable {
  // Sendable: `sources` is set before the object is shared.
  private let arrived = DispatchSemaphore(value: 0)
  private var sources: [any DispatchSourceSignal] = []

  /// Waits until the first request has come.
  @Sendable func wait() {
    arrived.wait()
    arrived.signal()
  }

  /// Says whether a request has come.
  @Sendable func look() -> Bool {
    guard arrived.wait(timeout: .now()) == .success else { return false }
    arrived.signal()
    return true
  }

  static func arrange() -> EndRequests {
    let requests = EndRequests()
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "end-requests"))
      source.setEventHandler { [weak requests] in
        // The next one is not waited for by anybody, and does what it always did.
        signal(number, SIG_DFL)
        requests?.arrived.signal()
      }
      source.resume()
      requests.sources.append(source)
    }
    return requests
  }
}
