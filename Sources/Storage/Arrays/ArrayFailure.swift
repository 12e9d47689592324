package import Essentials

/// What can go wrong with an `.npy` file.
package enum ArrayFailure: ExplainedFailure, Hashable {
  case file(FileFailure)
  case notAnArray(path: String)
  case unsupportedVersion(path: String, version: String)
  case malformedHeader(path: String, reason: String)
  case fortranOrder(path: String)
  case unsupportedScalar(path: String, scalar: String)
  case wrongScalar(path: String, found: String, expected: String)
  case wrongShape(path: String, found: [Int], expected: [Int])
  case wrongSize(path: String, found: Int, expected: Int)

  package var key: String {
    switch self {
    case .file(let failure): failure.key
    case .notAnArray: "not_an_array"
    case .unsupportedVersion: "unsupported_array_version"
    case .malformedHeader: "malformed_array_header"
    case .fortranOrder: "fortran_order"
    case .unsupportedScalar: "unsupported_array_type"
    case .wrongScalar: "wrong_array_type"
    case .wrongShape: "wrong_array_shape"
    case .wrongSize: "wrong_array_size"
    }
  }

  package var explanation: String {
    switch self {
    case .file(let failure): failure.explanation
    case .notAnArray(let path): "\(path) does not begin like an .npy file."
    case .unsupportedVersion(let path, let version):
      "\(path) has version \(version) of the .npy format."
    case .malformedHeader(let path, let reason): "The header of \(path) is malformed: \(reason)."
    case .fortranOrder(let path): "\(path) is stored column by column (Fortran order)."
    case .unsupportedScalar(let path, let scalar): "\(path) holds numbers of type \(scalar)."
    case .wrongScalar(let path, let found, let expected):
      "\(path) holds numbers of type \(found) where \(expected) was expected."
    case .wrongShape(let path, let found, let expected):
      "\(path) has the shape \(found) where \(expected) was expected."
    case .wrongSize(let path, let found, let expected):
      "\(path) has \(found) bytes where its header announces \(expected)."
    }
  }

  package var remedy: String {
    switch self {
    case .file(let failure): failure.remedy
    case .notAnArray: "Write it with numpy.save."
    case .unsupportedVersion: "Save it again with numpy.save, which writes version 1.0."
    case .malformedHeader: "Save it again with numpy.save."
    case .fortranOrder: "Save numpy.ascontiguousarray(a) instead."
    case .unsupportedScalar, .wrongScalar:
      "Convert it with a.astype('<f4') or '<f8' for numbers, '<i4' for codes, 'u1' for flags."
    case .wrongShape: "Save one row for each date and one column for each instrument."
    case .wrongSize: "Copy the file again; it is incomplete."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
