internal import Glibc

/// Returns the system's sentence for an `errno` value, in lower case and without a period.
func systemReason(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  let status = buffer.withUnsafeMutableBufferPointer { strerrorText(code, $0) }
  guard status, let end = buffer.firstIndex(of: 0), end > 0 else { return "system error \(code)" }
  let text = String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return text.prefix(1).lowercased() + text.dropFirst()
}

private func strerrorText(_ code: Int32, _ buffer: UnsafeMutableBufferPointer<CChar>) -> Bool {
  guard let base = buffer.baseAddress, let text = strerror(code) else { return false }
  // `strerror` of glibc keeps its text in thread-local storage, so the copy cannot be torn.
  strncpy(base, text, buffer.count - 1)
  return true
}
