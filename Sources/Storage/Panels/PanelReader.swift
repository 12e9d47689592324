internal import Essentials
internal import Markets

/// Turns a manifest and the files beside it into a panel, trusting neither.
struct PanelReader {
  let manifest: PanelManifest
  let folder: String

  func read(verify: Bool) throws(StoreFailure) -> Panel {
    guard let fingerprint = Fingerprint(hexadecimal: manifest.fingerprint) else {
      throw damaged("manifest.json", "has no fingerprint")
    }
    guard manifest.rows > 0, manifest.columns > 0,
      manifest.instruments.count == manifest.columns,
      Set(manifest.instruments.map(\.symbol)).count == manifest.columns
    else { throw damaged("manifest.json", "does not describe its instruments") }
    guard manifest.rows <= Int(Int32.max) / manifest.columns else {
      throw damaged("manifest.json", "announces more cells than a panel can have")
    }
    if verify { try verifyFingerprints() }
    let axis = try readAxis()
    var fields: [PanelField] = []
    var names: Set<String> = []
    for field in manifest.fields {
      guard names.insert(field.name).inserted else {
        throw damaged("manifest.json", "has two fields \(field.name)")
      }
      fields.append(try read(field))
    }
    var universes: [String: MembershipColumn] = [:]
    for universe in manifest.universes {
      let array = try map(universe.file)
      let members = try numbers(array, .uint8, UInt8.self, [manifest.rows, manifest.columns])
      universes[universe.name] = MembershipColumn(
        rows: manifest.rows, columns: manifest.columns, members: members)
    }
    return Panel(
      name: manifest.name, fingerprint: fingerprint, axis: axis,
      instruments: manifest.instruments.map { Instrument(symbol: $0.symbol, name: $0.name) },
      fields: fields, universes: universes)
  }

  private func verifyFingerprints() throws(StoreFailure) {
    for file in manifest.files {
      let found: Fingerprint
      do throws(FileFailure) {
        found = try CompressedFile.fingerprint(path: path(file))
      } catch {
        throw damaged(file.name, "cannot be read")
      }
      guard found.hexadecimal == file.fingerprint else {
        throw damaged(file.name, "does not have the fingerprint of the manifest")
      }
    }
  }

  private func readAxis() throws(StoreFailure) -> TimeAxis {
    let array = try map(manifest.stamps)
    let stamps = try numbers(array, .int64, Int64.self, [manifest.rows])
    let ascends = zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 }
    guard ascends else { throw damaged(manifest.stamps.name, "does not ascend") }
    if let seconds = manifest.spacing.barSeconds, seconds <= 0 {
      throw damaged("manifest.json", "has bars of \(seconds) seconds")
    }
    return TimeAxis(
      stamps: stamps.map(Timestamp.init(millisecondsSinceEpoch:)), spacing: manifest.timeSpacing)
  }

  private func read(_ field: PanelManifest.Field) throws(StoreFailure) -> PanelField {
    guard let kind = FieldDescription.Kind(rawValue: field.kind) else {
      throw damaged("manifest.json", "has a field \(field.name) of unknown kind \(field.kind)")
    }
    let description = FieldDescription(
      name: field.name, kind: kind, unit: MeasureUnit(price: field.price, share: field.share),
      summary: field.summary, leadRows: field.leadRows)
    guard field.files.count == (kind == .vector ? 2 : 1) else {
      throw damaged("manifest.json", "has a wrong number of files for field \(field.name)")
    }
    let rows = manifest.rows
    let columns = manifest.columns
    let array = try map(field.files[0])
    switch kind {
    case .matrix:
      do throws(ArrayFailure) {
        let column = try array.matrix(rows: rows, columns: columns)
        return PanelField(description: description, values: .matrix(column))
      } catch {
        throw damaged(field.files[0].name, error)
      }
    case .vector:
      let offsets = try numbers(array, .int32, Int32.self, [rows * columns + 1])
      let valueArray = try map(field.files[1])
      let values = try numbers(valueArray, .float64, Double.self, nil)
      guard offsets[0] == 0, Int(offsets[rows * columns]) == values.count,
        zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
      else { throw damaged(field.files[0].name, "does not hold ascending positions") }
      let column = VectorColumn(rows: rows, columns: columns, offsets: offsets, values: values)
      return PanelField(description: description, values: .vector(column))
    case .group:
      let labels = field.labels ?? []
      let isFixed = array.shape.count == 1
      let codes = try numbers(
        array, .int32, Int32.self, isFixed ? [columns] : [rows, columns])
      guard codes.allSatisfy({ $0 >= -1 && $0 < Int32(labels.count) }) else {
        throw damaged(field.files[0].name, "holds codes without a label")
      }
      let column = GroupColumn(labels: labels, columns: columns, codes: codes)
      return PanelField(description: description, values: .group(column))
    }
  }

  private func map(_ file: PanelManifest.File) throws(StoreFailure) -> NpyArray {
    guard !file.name.contains("/"), !manifest.folder.contains("/"),
      !manifest.folder.hasPrefix(".")
    else { throw damaged("manifest.json", "names a file outside its folder") }
    let array: NpyArray
    do throws(ArrayFailure) {
      array = try NpyArray(mapping: path(file))
    } catch {
      throw damaged(file.name, error)
    }
    guard array.file.bytes.count == file.bytes, array.scalar.rawValue == file.scalar,
      array.shape == file.shape
    else { throw damaged(file.name, "is not the array that the manifest announces") }
    return array
  }

  private func numbers<Number: BitwiseCopyable>(
    _ array: NpyArray, _ scalar: NpyScalar, _ type: Number.Type, _ shape: [Int]?
  ) throws(StoreFailure) -> [Number] {
    if let shape, array.shape != shape {
      throw damaged(array.path, "has the shape \(array.shape) instead of \(shape)")
    }
    do throws(ArrayFailure) {
      return try array.copied(as: scalar, type)
    } catch {
      throw damaged(array.path, error)
    }
  }

  private func path(_ file: PanelManifest.File) -> String {
    "\(folder)/\(manifest.folder)/\(file.name)"
  }

  private func damaged(_ file: String, _ reason: String) -> StoreFailure {
    .damaged(panel: manifest.name, file: file, reason: reason)
  }

  private func damaged(_ file: String, _ failure: ArrayFailure) -> StoreFailure {
    damaged(file, "cannot be used (\(failure.explanation))")
  }
}
