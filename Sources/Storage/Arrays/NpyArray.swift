package import Markets

/// The numbers of an `.npy` file, mapped into memory and not copied.
package struct NpyArray: Sendable {
  package let file: MappedFile
  package let header: NpyHeader

  /// Maps the file and checks its header and its size.
  package init(mapping path: String) throws(ArrayFailure) {
    do throws(FileFailure) {
      file = try MappedFile(path: path)
    } catch {
      throw .file(error)
    }
    header = try NpyHeader(parsing: file.bytes, path: path)
  }

  package var path: String { file.path }
  package var shape: [Int] { header.shape }
  package var scalar: NpyScalar { header.scalar }

  /// The bytes of the numbers, aligned for their type.
  package var contents: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[header.dataOffset...])
  }

  /// Returns the array as a column of a panel without copying it; the mapping lives as long as the
  /// column. Only two-dimensional arrays of floats are columns.
  package func matrix(rows: Int, columns: Int) throws(ArrayFailure) -> MatrixColumn {
    guard shape == [rows, columns] else {
      throw .wrongShape(path: path, found: shape, expected: [rows, columns])
    }
    guard let kind = MatrixColumn.Scalar(rawValue: scalar.rawValue) else {
      throw .wrongScalar(path: path, found: scalar.rawValue, expected: "<f4 or <f8")
    }
    // A header was parsed, so the file is not empty and its memory has an address.
    let base = file.bytes.baseAddress! + header.dataOffset
    return MatrixColumn(scalar: kind, rows: rows, columns: columns, base: base, owner: file)
  }

  /// Copies the numbers of an array of exactly this type.
  func copied<Number: BitwiseCopyable>(
    as scalar: NpyScalar, _: Number.Type
  ) throws(ArrayFailure) -> [Number] {
    guard scalar == self.scalar else {
      throw .wrongScalar(path: path, found: self.scalar.rawValue, expected: scalar.rawValue)
    }
    precondition(MemoryLayout<Number>.size == scalar.byteCount)
    return Array(contents.bindMemory(to: Number.self))
  }
}
