import CTransfer

/// The transfers that are under way; used by the loop's thread only.
struct Transfers {
  private let multi: UnsafeMutableRawPointer
  private let options: HTTPClient.Options
  private var running: [UnsafeMutableRawPointer: Transfer] = [:]
  private var handles: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]

  init(multi: UnsafeMutableRawPointer, options: HTTPClient.Options) {
    self.multi = multi
    self.options = options
  }

  mutating func begin(_ request: HTTPRequest, _ exchange: Exchange) {
    guard let transfer = Transfer(request, exchange, options) else {
      return exchange.finish(
        .failure(.couldNotStart(reason: "libcurl refused an option, or memory is short")))
    }
    let code = curl_multi_add_handle(multi, transfer.handle)
    guard code == CURLM_OK else {
      return exchange.finish(
        .failure(.couldNotStart(reason: String(cString: curl_multi_strerror(code)))))
    }
    running[transfer.handle] = transfer
    handles[ObjectIdentifier(exchange)] = transfer.handle
  }

  func resume(_ exchange: Exchange) {
    guard let handle = handles[ObjectIdentifier(exchange)], let transfer = running[handle]
    else { return }
    transfer.resume()
  }

  mutating func end(_ exchange: Exchange) {
    guard let handle = handles[ObjectIdentifier(exchange)], let transfer = running[handle]
    else { return exchange.finish(.failure(.cancelled(mayHaveBeenReceived: false))) }
    finish(
      transfer, .failure(.cancelled(mayHaveBeenReceived: transfer.mayHaveBeenReceived)))
  }

  mutating func endAll() {
    for transfer in running.values {
      finish(
        transfer, .failure(.cancelled(mayHaveBeenReceived: transfer.mayHaveBeenReceived)))
    }
  }

  /// Moves what can be moved, ends what has ended, and returns for how many milliseconds the thread
  /// may sleep unless something happens.
  mutating func advance() -> Int32 {
    var count: Int32 = 0
    _ = curl_multi_perform(multi, &count)
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let transfer = running[handle]
      else { continue }
      finish(transfer, transfer.end(for: message.pointee.data.result))
    }
    var patience: Int64 = 3_600_000
    for transfer in running.values {
      switch transfer.patience() {
      case .ended(let failure): finish(transfer, .failure(failure))
      case .milliseconds(let milliseconds): patience = min(patience, milliseconds)
      }
    }
    return Int32(patience)
  }

  private mutating func finish(_ transfer: Transfer, _ end: Result<Void, HTTPFailure>) {
    curl_multi_remove_handle(multi, transfer.handle)
    running[transfer.handle] = nil
    handles[ObjectIdentifier(transfer.exchange)] = nil
    transfer.exchange.finish(end)
  }
}
