import Glibc

/// Runs work on a thread of its own, which hears no signals. False where there is no thread to be
/// had.
func startDetachedThread(_ work: @escaping @Sendable () -> Void) -> Bool {
  let box = Unmanaged.passRetained(ThreadWork(work))
  var thread = pthread_t()
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  let code = pthread_create(&thread, &attributes, runThreadWork, box.toOpaque())
  pthread_attr_destroy(&attributes)
  if code != 0 { box.release() }
  return code == 0
}

private final class ThreadWork: Sendable {
  let work: @Sendable () -> Void

  init(_ work: @escaping @Sendable () -> Void) {
    self.work = work
  }
}

@Sendable private func runThreadWork(
  _ pointer: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  var signals = sigset_t()
  sigfillset(&signals)
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  Unmanaged<ThreadWork>.fromOpaque(pointer).takeRetainedValue().work()
  return nil
}
