package import Essentials
import Foundation
import Glibc
package import Models
import Storage

/// LightGBM of the Python Package Index, which grows trees as a program of its own: an optional part
/// that `Scripts/setup --lightgbm` installs.
///
/// 1. The program is given a folder that only this user may read, with a table of numbers; the folder
///    is removed at the end, whatever happened.
/// 2. Its environment is fixed, it has one thread, a seed and bounds of time and memory.
/// 3. What comes back is text, read by ``BoostedTrees`` like any other; nothing of it is run. A text
///    that is missing or defective fails the whole.
package struct TreeProgram: Hashable, Sendable {
  /// How far the program may go.
  package struct Bounds: Hashable, Sendable {
    /// After so long it is ended, all that it was asked for counted together.
    package var time: TimeSpan
    /// Of address space; half of it is more than millions of rows need.
    package var megabytes: Int
    /// Names the chance that rows and features are drawn by.
    package var seed: UInt64

    package init(time: TimeSpan = .minutes(15), megabytes: Int = 4096, seed: UInt64 = 42) {
      precondition(time > .zero && megabytes > 0, "bounds that nothing fits in")
      self.time = time
      self.megabytes = megabytes
      self.seed = seed
    }
  }

  /// The file of the Python that has lightgbm.
  package let python: String
  /// The file of the script that it runs.
  package let script: String
  package var bounds: Bounds

  package init(python: String, script: String, bounds: Bounds = Bounds()) {
    self.python = python
    self.script = script
    self.bounds = bounds
  }

  /// Finds the script and its Python on the way up from a program; another Python may be named.
  package init(
    above executable: String, python: String? = nil, bounds: Bounds = Bounds()
  ) throws(TreeFailure) {
    guard let script = Self.file(Self.scriptPlace, above: executable) else { throw Self.notThere }
    if let python {
      guard FileManager.default.isExecutableFile(atPath: python) else {
        throw TreeFailure(
          key: "no_python", explanation: "\(python) is no program that can be run.",
          remedy: "Name the python of an environment that has lightgbm.")
      }
      self.init(python: python, script: script, bounds: bounds)
      return
    }
    guard let found = Self.file(Self.pythonPlace, above: executable) else { throw Self.notThere }
    self.init(python: found, script: script, bounds: bounds)
  }

  /// Where script and Python lie below the folder of the checkout.
  private static let scriptPlace = "Scripts/lightgbm/grow.py"
  private static let pythonPlace = ".venv-lightgbm/bin/python"

  private static let notThere = TreeFailure(
    key: "no_lightgbm", explanation: "LightGBM, which grows the trees, is not installed.",
    remedy: "Run `Scripts/setup --lightgbm`, or name a Python that has it with --python.")

  private static func file(_ name: String, above executable: String) -> String? {
    var folder = executable[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      let place = "\(folder)/\(name)"
      if FileManager.default.fileExists(atPath: place) { return place }
    }
    return nil
  }

  /// Has the program grow what is asked for.
  package var grower: TreeGrower {
    TreeGrower { (table, tasks) throws(TreeFailure) in try self.grow(table, tasks) }
  }

  private func grow(
    _ table: TreeTable, _ tasks: [TreeTask]
  ) throws(TreeFailure) -> [BoostedTrees] {
    let folder = try Self.privateFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do throws(FileFailure) {
      try write(table, tasks, to: folder)
    } catch {
      throw TreeFailure(
        key: error.key, explanation: error.explanation, remedy: error.remedy,
        outcome: error.outcome)
    }
    try run(in: folder)
    var grown: [BoostedTrees] = []
    for number in tasks.indices {
      let path = "\(folder)/model-\(number).txt"
      guard let bytes = try? WholeFile.read(path) else {
        throw broken("it left no model \(number + 1) of \(tasks.count)")
      }
      let trees: BoostedTrees
      do throws(DocumentFailure) {
        trees = try BoostedTrees(
          text: String(decoding: bytes, as: UTF8.self), document: "model-\(number).txt")
      } catch {
        throw broken(error.explanation)
      }
      guard trees.featureNames == table.featureNames else {
        throw broken("it left a model of other features")
      }
      grown.append(trees)
    }
    return grown
  }

  private static func privateFolder() throws(TreeFailure) -> String {
    let parent = FileManager.default.temporaryDirectory.path
    var template = Array("\(parent)/athanor-trees-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw TreeFailure(
        key: "no_folder",
        explanation: "No folder could be made in \(parent): \(String(cString: strerror(errno))).",
        remedy: "Set TMPDIR to a folder with room.", outcome: .failed)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func write(
    _ table: TreeTable, _ tasks: [TreeTask], to folder: String
  ) throws(FileFailure) {
    func bytes(_ numbers: some Sequence<Double>) -> [UInt8] {
      var bytes: [UInt8] = []
      for number in numbers {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
      return bytes
    }
    func put(_ bytes: [UInt8], _ name: String) throws(FileFailure) {
      try WholeFile.write(bytes, to: "\(folder)/\(name)", for: .owner)
    }
    try put(bytes(table.rows.lazy.joined()), "values.f64")
    try put(bytes(table.targets), "targets.f64")
    for (number, task) in tasks.enumerated() {
      var places: [UInt8] = []
      for place in task.places {
        withUnsafeBytes(of: Int32(place).littleEndian) { places.append(contentsOf: $0) }
      }
      try put(places, "places-\(number).i32")
    }
    let order: JSONValue = [
      "objective": .string(table.aim.rawValue), "feature_names": .strings(table.featureNames),
      "seed": .integer(Int(truncatingIfNeeded: bounds.seed & 0x7FFF_FFFF)),
      "seconds": .number(bounds.time.seconds), "megabytes": .integer(bounds.megabytes),
      "tasks": .array(tasks.map(\.settings.json)),
    ]
    try put(Array(order.compactText.utf8), "order.json")
  }

  private func run(in folder: String) throws(TreeFailure) {
    let child: ChildProgram
    do throws(ChildFailure) {
      child = try ChildProgram(
        ChildProgram.Order(
          program: python, arguments: ["-I", "-B", script, folder],
          environment: [
            "HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
          ], folder: folder, listening: .heard))
    } catch {
      throw TreeFailure(
        key: error.key, explanation: error.explanation, remedy: error.remedy,
        outcome: error.outcome)
    }
    var told: [UInt8] = []
    func hear(_ stream: ChildProgram.Stream, _ piece: UnsafeRawBufferPointer) {
      // What a program says last is why it ended.
      if stream == .errors { told = (told + piece).suffix(Self.toldMax) }
    }
    while true {
      child.listen(milliseconds: 100, hear)
      guard let exit = child.exit(hear) else { continue }
      if exit != .code(0) { throw failure(exit, String(decoding: told, as: UTF8.self)) }
      return
    }
  }

  /// So many bytes of what the program says are kept.
  private static let toldMax = 2000

  private func failure(_ exit: ChildProgram.Exit, _ told: String) -> TreeFailure {
    switch exit {
    case .code(3): return Self.notThere
    case .signal(SIGALRM):
      return TreeFailure(
        key: "trees_take_too_long",
        explanation: "The trees were not grown within \(bounds.time).",
        remedy: "Give them longer with --time-limit, or fewer bars with --lookback.",
        outcome: .failed)
    case .code(5):
      return TreeFailure(
        key: "trees_too_large",
        explanation: "The trees could not be grown within \(bounds.megabytes) MB of memory.",
        remedy: "Give fewer bars with --lookback, or fewer files.", outcome: .failed)
    default:
      let reason = told.split(whereSeparator: \.isNewline).last.map(String.init)
      return broken(reason ?? "it ended with \(exit.returnCode)")
    }
  }

  private func broken(_ reason: String) -> TreeFailure {
    TreeFailure(
      key: "trees_not_grown", explanation: "LightGBM grew no trees: \(reason).",
      remedy: "Run `Scripts/setup --lightgbm` again; \(python) is the Python that was asked.",
      outcome: .failed)
  }
}
