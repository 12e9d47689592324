/// The types of number that `.npy` files are read and written with, by their NumPy spelling.
package enum NpyScalar: String, Hashable, Sendable, CaseIterable {
  case float32 = "<f4"
  case float64 = "<f8"
  case int32 = "<i4"
  case int64 = "<i8"
  case uint8 = "|u1"

  /// The bytes of one number.
  package var byteCount: Int {
    switch self {
    case .uint8: 1
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }
}
