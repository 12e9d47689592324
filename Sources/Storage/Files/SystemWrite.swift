internal import Glibc

/// Writes all bytes to an open file, in however many pieces the system takes them; returns 0, or the
/// `errno` value of its refusal.
func systemWrite(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var rest = bytes[...]
  while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
    let count = Glibc.write(descriptor, base, rest.count)
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}
