import Foundation

/// From which pages a socket may be opened and a change be asked for.
package struct OriginPolicy: Hashable, Sendable {
  /// An origin (RFC 6454): a scheme and where it leads.
  private struct Origin: Hashable, Sendable {
    let scheme: String
    let host: String
    let port: Int

    /// Nil where the text is no origin of HTTP, such as `null`.
    init?(_ text: String) {
      guard text.utf8.count <= 300, let mark = text.range(of: "://") else { return nil }
      let scheme = text[..<mark.lowerBound].lowercased()
      guard ["http", "https"].contains(scheme),
        let authority = HostPolicy.Authority(String(text[mark.upperBound...]))
      else { return nil }
      self.init(scheme: scheme, authority)
    }

    init(scheme: String, _ authority: HostPolicy.Authority) {
      self.scheme = scheme
      host = authority.host
      port = authority.port ?? (scheme == "https" ? 443 : 80)
    }
  }

  private let others: Set<Origin>

  /// Admits the server's own pages and those of `others`, such as `https://desk.example.com`. Nil
  /// where one of them is no origin.
  package init?(others: [String] = []) {
    var origins: Set<Origin> = []
    for text in others {
      guard let origin = Origin(text) else { return nil }
      origins.insert(origin)
    }
    self.others = origins
  }

  /// Whether a page of an origin may ask the server that was called by `host`.
  func admits(_ origin: String, calling host: HostPolicy.Authority, isEncrypted: Bool) -> Bool {
    guard let origin = Origin(origin) else { return false }
    return others.contains(origin)
      || origin == Origin(scheme: isEncrypted ? "https" : "http", host)
  }
}
