/// How long an exchange may take and how much it may bring. Each has an end.
package struct HTTPLimits: Hashable, Sendable {
  /// From the start until the connection stands, names resolved and TLS agreed.
  package var connecting: Duration
  /// From then until the first byte of the answer; a model that thinks is silent for this long.
  package var firstByte: Duration
  /// Between two bytes of the answer. A reader that is slow itself does not count.
  package var silence: Duration
  /// From the start to the last byte.
  package var total: Duration
  /// The most bytes that a body may have once it is unpacked.
  package var bodyBytes: Int

  package init(
    connecting: Duration = .seconds(10), firstByte: Duration = .seconds(60),
    silence: Duration = .seconds(30), total: Duration = .seconds(120), bodyBytes: Int = 16 << 20
  ) {
    self.connecting = connecting
    self.firstByte = firstByte
    self.silence = silence
    self.total = total
    self.bodyBytes = bodyBytes
  }
}
