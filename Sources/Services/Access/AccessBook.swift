package import Essentials
package import Networking

/// Who may come in: the tokens that were given out, by what is kept of them.
///
/// A value. A token that was revoked stays in the book, so that its name remains with what it did.
package struct AccessBook: Hashable, Sendable {
  /// What is kept of a token.
  package struct Entry: Hashable, Sendable {
    package let id: String
    /// What its owner calls it.
    package let name: String
    package let role: CallerRole
    package let hash: PasswordHash
    /// The last four characters of the token.
    package let ending: String
    package let createdAt: Timestamp
    /// From when on it is of no use, nil for never.
    package let expiresAt: Timestamp?
    package fileprivate(set) var revokedAt: Timestamp?

    /// Whether it lets anybody in at an instant.
    package func isValid(at now: Timestamp) -> Bool {
      revokedAt == nil && expiresAt.map { now < $0 } ?? true
    }

    /// `active`, `expired` or `revoked`.
    package func state(at now: Timestamp) -> String {
      revokedAt != nil ? "revoked" : isValid(at: now) ? "active" : "expired"
    }
  }

  /// What a token is made for.
  package struct Grant: Hashable, Sendable {
    package var name: String
    package var role: CallerRole
    package var expiresAt: Timestamp?

    package init(name: String, role: CallerRole, expiresAt: Timestamp? = nil) {
      self.name = name
      self.role = role
      self.expiresAt = expiresAt
    }
  }

  /// In the order in which they were made.
  package private(set) var entries: [Entry] = []

  /// The most tokens of a book.
  package static let entriesMax = 1000
  /// The most characters of a name.
  package static let nameLengthMax = 64

  package init() {}

  /// The entry of an id.
  package func entry(_ id: String) -> Entry? { entries.first { $0.id == id } }

  /// Enters a token that was made for a grant; `salt` is by chance. Takes the time of `cost`.
  @discardableResult
  package mutating func enter(
    _ token: AccessToken, for grant: Grant, salt: [UInt8], cost: PasswordHash.Cost,
    at now: Timestamp
  ) throws(AccessFailure) -> Entry {
    guard Self.isName(grant.name) else { throw .unusableName(grant.name) }
    if let expiry = grant.expiresAt, expiry <= now { throw .expiryPassed(expiry) }
    guard !entries.contains(where: { $0.name == grant.name && $0.isValid(at: now) }) else {
      throw .nameTaken(grant.name)
    }
    guard entries.count < Self.entriesMax else { throw .bookFull(entries: entries.count) }
    guard entry(token.id) == nil else { throw .idTaken }
    guard let hash = PasswordHash(of: token.secret, salt: salt, cost: cost) else {
      throw .noMemory(kibibytes: cost.memoryKiB)
    }
    let entry = Entry(
      id: token.id, name: grant.name, role: grant.role, hash: hash, ending: token.ending,
      createdAt: now, expiresAt: grant.expiresAt)
    entries.append(entry)
    return entry
  }

  /// Revokes the token of an id, or the one of a name that is not revoked yet.
  package mutating func revoke(
    _ label: String, at now: Timestamp
  ) throws(AccessFailure) -> Entry {
    guard
      let place = entries.firstIndex(where: { $0.id == label })
        ?? entries.lastIndex(where: { $0.name == label && $0.revokedAt == nil })
    else {
      throw .noSuchToken(label, known: entries.filter { $0.revokedAt == nil }.map(\.name))
    }
    guard entries[place].revokedAt == nil else { throw .revokedAlready(label) }
    entries[place].revokedAt = now
    return entries[place]
  }

  /// A name is printable, not of spaces alone, and not that of callers without a token.
  private static func isName(_ name: String) -> Bool {
    (1...nameLengthMax).contains(name.count) && name != DeskGuard.loopbackName
      && name.utf8.count <= 4 * nameLengthMax && name.first != " " && name.last != " "
      && name.unicodeScalars.allSatisfy {
        !$0.properties.isDefaultIgnorableCodePoint
          && ![.control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate]
            .contains($0.properties.generalCategory)
      }
  }
}

// MARK: - As a document

extension AccessBook: ReadableDocument {
  private static let version = 1

  /// Reads a book; what is wrong is noted, and an entry that cannot be used is left out.
  package init(reading reader: inout DocumentReader) {
    reader.requireMember("version")
    _ = reader.whole("version", in: Self.version...Self.version)
    reader.requireMember("tokens")
    entries = reader.objects("tokens") { Self.entry(&$0) } ?? []
    if Set(entries.map(\.id)).count != entries.count {
      reader.noteContradiction("tokens", "has an id twice", remedy: "Restore a copy of the file.")
    }
    if entries.count > Self.entriesMax {
      reader.noteContradiction(
        "tokens", "has more than \(Self.entriesMax) entries", remedy: "Remove revoked tokens.")
    }
    reader.finish()
  }

  private static func entry(_ reader: inout DocumentReader) -> Entry? {
    let id = reader.requiredText("id")
    let name = reader.requiredText("name")
    reader.requireMember("role")
    let role: CallerRole? = reader.word("role")
    let encoded = reader.requiredText("hash")
    let ending = reader.requiredText("ending")
    reader.requireMember("created_ms")
    let instants = ["created_ms", "expires_ms", "revoked_ms"].map { name in
      reader.whole(name, in: 0...Int(Int64.max >> 20)).map {
        Timestamp(millisecondsSinceEpoch: Int64($0))
      }
    }
    guard AccessToken.isHexadecimal(id, digits: 16) else {
      reader.noteContradiction("id", "is no id of a token", remedy: "Restore a copy of the file.")
      return nil
    }
    guard let hash = PasswordHash(encoded: encoded) else {
      reader.noteContradiction(
        "hash", "is no Argon2id hash that may be tried", remedy: "Restore a copy of the file.")
      return nil
    }
    guard isName(name) else {
      reader.noteContradiction("name", "cannot be a name", remedy: "Write another.")
      return nil
    }
    guard let role, let createdAt = instants[0] else { return nil }
    return Entry(
      id: id, name: name, role: role, hash: hash, ending: ending, createdAt: createdAt,
      expiresAt: instants[1], revokedAt: instants[2])
  }

  /// The book as it is stored, with the hashes: for its file alone.
  package var json: JSONValue {
    [
      "version": .integer(Self.version),
      "tokens": .array(
        entries.map { entry in
          func instant(_ time: Timestamp?) -> JSONValue {
            time.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null
          }
          return [
            "id": .string(entry.id), "name": .string(entry.name),
            "role": .string(entry.role.rawValue), "hash": .string(entry.hash.encoded),
            "ending": .string(entry.ending), "created_ms": instant(entry.createdAt),
            "expires_ms": instant(entry.expiresAt), "revoked_ms": instant(entry.revokedAt),
          ]
        }),
    ]
  }
}
