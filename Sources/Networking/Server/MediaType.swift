/// The media types of the files that pages are made of.
enum MediaType {
  static func of(fileName: String) -> String {
    let ending = fileName.lastIndex(of: ".").map { fileName[$0...].lowercased() } ?? ""
    return byEnding[ending] ?? "application/octet-stream"
  }

  /// Whether contents of a type are text, which is worth packing.
  static func isText(_ type: String) -> Bool {
    let name = type.prefix { $0 != ";" && $0 != " " }
    return name.hasPrefix("text/") || texts.contains(String(name))
  }

  private static let byEnding = [
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json", ".map": "application/json", ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8",
    ".wasm": "application/wasm", ".woff2": "font/woff2", ".png": "image/png",
    ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
  ]

  private static let texts: Set<String> = [
    "application/json", "image/svg+xml", "application/wasm", "application/manifest+json",
    "application/openapi+json",
  ]
}
