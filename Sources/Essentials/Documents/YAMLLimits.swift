/// How large a YAML document may be, so that no text can exhaust memory, time or the stack.
package enum YAMLLimits {
  /// Bytes of UTF-8; the longest document that people write is a thousandth of it.
  package static let bytesMax = 1 << 20
  /// Sequences and mappings within each other.
  package static let depthMax = 64
  /// Keys, scalars, sequences and mappings, those that aliases repeat counted each time.
  package static let nodesMax = 100_000
}
