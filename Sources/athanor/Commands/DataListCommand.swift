import Essentials
import Services
import Storage

/// `athanor data list`: the panels there are.
enum DataListCommand {
  static let command: Command = Command(
    "list", summary: "List the panels there are",
    discussion: [
      "Bundled panels that nobody has asked for yet are listed as well; their first use imports them."
    ],
    options: [PanelOptions.store.definition],
    examples: [Command.Example("athanor data list", "Lists the panels of the store")]
  ) { invocation in
    let library = try invocation.library()
    let listings = try library.store.list()
    let held = Set(listings.map(\.name))
    let waiting =
      library.folders.examples == nil ? [] : BundledData.names.filter { !held.contains($0) }
    return Answer(
      json: [
        "store": .string(library.store.folder),
        "panels": .array(listings.map(\.json)),
        "bundled": .strings(waiting),
      ]
    ) { PanelList(store: library.store.folder, listings: listings, waiting: waiting).text($0) }
  }
}

extension PanelStore.Listing {
  fileprivate var json: JSONValue {
    switch manifest {
    case .success(let manifest): manifest.json
    case .failure(let failure):
      ["name": .string(name), "error": .string(failure.key), "explanation": .string("\(failure)")]
    }
  }
}
