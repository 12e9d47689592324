/// What goes wrong between a test and its browser.
package enum BrowserFailure: Error, CustomStringConvertible {
  /// The program could not be started.
  case notStarted(reason: String)
  /// The program has ended, or said nothing for a minute while an answer was due.
  case ended(reason: String)
  /// The browser refused a command.
  case refused(method: String, reason: String)
  /// A script of the test threw, with its message and place.
  case threw(script: String, message: String)
  /// An answer lacks what the protocol promises.
  case unreadable(method: String)

  package var description: String {
    switch self {
    case .notStarted(let reason): "The browser was not started: \(reason)"
    case .ended(let reason): "The browser is gone: \(reason)"
    case .refused(let method, let reason): "The browser refused \(method): \(reason)"
    case .threw(let script, let message): "The script threw: \(message)\n  in: \(script)"
    case .unreadable(let method): "The browser's answer to \(method) cannot be read."
    }
  }
}
