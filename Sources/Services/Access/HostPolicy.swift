import Glibc

/// By which names the server may be called.
///
/// A foreign page can let its own name stand for the server's address (DNS rebinding) and then counts
/// as the server's own page; but the requests still carry that name in `Host`.
package struct HostPolicy: Hashable, Sendable {
  /// A name or address and a port, as `Host` and the rest of an origin have them.
  struct Authority: Hashable, Sendable {
    /// In small letters, an address of IPv6 without brackets.
    let host: String
    let port: Int?

    /// Nil where the text is none (RFC 3986, section 3.2, without a user).
    init?(_ text: String) {
      var rest = text[...]
      if rest.first == "[" {
        guard let end = rest.firstIndex(of: "]") else { return nil }
        host = rest[rest.index(after: rest.startIndex)..<end].lowercased()
        guard Self.isAddress(host, AF_INET6) else { return nil }
        rest = rest[rest.index(after: end)...]
      } else {
        let name = rest.prefix { $0 != ":" }
        host = name.lowercased()
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(Self.isNameByte) else {
          return nil
        }
        rest = rest[name.endIndex...]
      }
      guard !rest.isEmpty else {
        port = nil
        return
      }
      let digits = rest.dropFirst()
      guard rest.first == ":", (1...5).contains(digits.utf8.count),
        digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
        number <= 65_535
      else { return nil }
      port = number
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }

    static func isAddress(_ text: String, _ family: Int32) -> Bool {
      var bytes = in6_addr()
      return inet_pton(family, text, &bytes) == 1
    }

    /// An address stands for itself: nobody can make it point elsewhere.
    var isAddress: Bool { Self.isAddress(host, AF_INET) || Self.isAddress(host, AF_INET6) }

    var isLoopback: Bool {
      host == "localhost" || host == "::1"
        || (host.hasPrefix("127.") && Self.isAddress(host, AF_INET))
    }
  }

  private let names: Set<String>
  private let takesAddresses: Bool

  /// - Parameters:
  ///   - boundAddress: the address that the server listens on. Where it listens on all, every
  ///     address may be its own.
  ///   - names: further names, without a port.
  package init(boundAddress: String, names: [String] = []) {
    self.names = Set((names + [boundAddress]).map { Self.bare($0.lowercased()) })
    takesAddresses = ["0.0.0.0", "::", ""].contains(Self.bare(boundAddress))
  }

  /// Whether the server may be called so.
  func admits(_ authority: Authority) -> Bool {
    authority.isLoopback || names.contains(authority.host)
      || (takesAddresses && authority.isAddress)
  }

  private static func bare(_ name: String) -> String {
    name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
  }
}
