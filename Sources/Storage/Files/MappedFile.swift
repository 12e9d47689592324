internal import Glibc

/// A whole file as read-only memory; the mapping ends with the last reference to this object.
///
/// The file must not be shortened while it is mapped: a read past its new end stops the process.
/// Files of the panel store are never written again after they got their name.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  // Sendable: the memory is mapped read-only and unmapped only in `deinit`.
  package let bytes: UnsafeRawBufferPointer

  package init(path: String) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    self.path = path
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw .system(path, errno) }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }
}
