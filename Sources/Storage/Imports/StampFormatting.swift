internal import Essentials

/// Returns the instant of a bar for messages.
func stampText(_ milliseconds: Int64) -> String {
  Timestamp(millisecondsSinceEpoch: milliseconds).description
}
