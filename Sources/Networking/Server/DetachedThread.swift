import CListener

/// Runs work on a thread of its own, which hears no signals. False where there is no thread to be
/// had.
func startDetachedThread(_ work: @escaping @Sendable () -> Void) -> Bool {
  let box = Unmanaged.passRetained(ThreadWork(work))
  let code = listener_start_thread(runThreadWork, box.toOpaque())
  if code != 0 { box.release() }
  return code == 0
}

private final class ThreadWork: Sendable {
  let work: @Sendable () -> Void

  init(_ work: @escaping @Sendable () -> Void) {
    self.work = work
  }
}

@Sendable private func runThreadWork(_ pointer: UnsafeMutableRawPointer?) {
  guard let pointer else { return }
  Unmanaged<ThreadWork>.fromOpaque(pointer).takeRetainedValue().work()
}
