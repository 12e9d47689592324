import Storage

/// Returns what `work` returns; what fails with a file fails with BRAIN, and a secret that others may
/// read is called by its name.
func brainFile<Value>(
  _ work: @autoclosure () throws(FileFailure) -> Value
) throws(BrainFailure) -> Value {
  do throws(FileFailure) {
    return try work()
  } catch {
    guard case .readableByOthers(let path, let mode) = error else { throw .file(error) }
    throw .credentialsExposed(path: path, mode: String(mode, radix: 8))
  }
}
