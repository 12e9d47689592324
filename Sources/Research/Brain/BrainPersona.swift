package import Networking

/// The demand of BRAIN that the owner of an account shows a face in a browser.
///
/// After that the session is begun by ``BrainSession/confirm(_:)`` with the same value.
package struct BrainPersona: Hashable, Sendable {
  /// What the person opens; the session is begun by a POST to the same address.
  package let address: HTTPAddress

  package init(address: HTTPAddress) {
    self.address = address
  }

  /// The whole address, with the inquiry that the person needs.
  package var actionURL: String { address.text }
  /// What the person does, in one sentence.
  package var hint: String {
    "Open the address in a browser, finish the check, and run the command again."
  }
}
