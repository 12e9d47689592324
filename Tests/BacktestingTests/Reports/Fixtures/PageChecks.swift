import Foundation
import Testing

@testable import Backtesting

/// What every page must be, whatever it shows.
struct PageChecks {
  let page: String
  let scan: MarkupScanner

  /// A text that would do harm wherever it is taken for markup.
  static let hostile =
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u{202E}\u{0}"

  init(_ page: String) {
    self.page = page
    scan = MarkupScanner(page)
  }

  /// All tags are closed, all references lead somewhere, and nothing that is missing is drawn.
  func expectWellFormed() {
    #expect(scan.faults == [])
    let identifiers = scan.tags.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count, "an identifier stands twice")
    for tag in scan.tags {
      for reference in ["aria-labelledby", "href"] {
        guard let value = tag.attributes[reference] else { continue }
        let target = value.hasPrefix("#") ? String(value.dropFirst()) : value
        #expect(identifiers.contains(target), "\(reference) of \(tag.name) to \(value)")
      }
      for (key, value) in tag.attributes where tag.name != "html" {
        #expect(!value.contains("--"), "\(tag.name) \(key)=\(value)")
        let isDrawn = ["d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "width"].contains(key)
        #expect(
          !isDrawn || !value.contains("nan") && !value.contains("inf"),
          "\(tag.name) \(key)=\(value)")
      }
    }
    #expect(!scan.texts.contains { ["nan", "inf", "-inf"].contains($0) })
  }

  /// The file asks nothing of the network.
  func expectSelfContained() {
    for forbidden in [
      "http:", "https:", "url(", "@import", "fetch(", "import(", "XMLHttp", "eval(", "innerHTML",
    ] {
      #expect(!page.contains(forbidden), "\(forbidden)")
    }
    for tag in scan.tags {
      #expect(tag.attributes["src"] == nil && tag.attributes["style"] == nil)
      #expect(!tag.attributes.keys.contains { $0.hasPrefix("on") })
      if let link = tag.attributes["href"] { #expect(link.hasPrefix("#")) }
      #expect(!["link", "img", "iframe", "object", "form"].contains(tag.name))
    }
  }

  /// The policy admits the style and the script of the page and nothing else.
  func expectStrictPolicy() throws {
    let policy = try #require(
      scan.tags.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?
        .attributes["content"])
    #expect(policy.hasPrefix("default-src &#39;none&#39;; ") && !policy.contains("unsafe"))
    let style = try #require(scan.blocks.first { $0.tag.name == "style" })
    let scripts = scan.blocks.filter { $0.tag.name == "script" && $0.tag.attributes.isEmpty }
    #expect(scripts.count == 1)
    #expect(policy.contains("style-src &#39;sha256-\(ContentPolicy.digest(style.text))&#39;"))
    #expect(policy.contains("script-src &#39;sha256-\(ContentPolicy.digest(scripts[0].text))&#39;"))
  }

  /// The hostile text stands in the page as text: it has the tags of a page of harmless texts.
  func expectEscaped(like plain: String) {
    #expect(scan.faults == [])
    #expect(!scan.tags.contains { $0.name == "img" || $0.name == "b" && !$0.attributes.isEmpty })
    #expect(scan.tags.count == MarkupScanner(plain).tags.count)
    #expect(!page.contains("alert(1)</script>") && !page.contains("<img"))
    #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{0}"))
    #expect(page.contains("&amp;amp;"))
  }

  /// What is said in English, and in Korean beside it; every English text has its Korean one.
  func translations() throws -> [(english: String, korean: String)] {
    var pairs: [(english: String, korean: String)] = []
    for tag in ["span", "tspan"] {
      var rest = page[...]
      while let start = rest.firstRange(of: "<\(tag) lang=\"en\">") {
        rest = rest[start.upperBound...]
        let end = try #require(rest.firstRange(of: "</\(tag)>"))
        let english = String(rest[..<end.lowerBound])
        rest = rest[end.upperBound...]
        let other = "<\(tag) lang=\"ko\">"
        try #require(rest.hasPrefix(other), "no Korean for \(english)")
        rest = rest.dropFirst(other.count)
        let close = try #require(rest.firstRange(of: "</\(tag)>"))
        pairs.append((english, String(rest[..<close.lowerBound])))
        rest = rest[close.upperBound...]
      }
    }
    return pairs
  }

  /// Whether a text is in the letters of Korean.
  static func hasHangul(_ text: String) -> Bool {
    text.unicodeScalars.contains { ("\u{AC00}"..."\u{D7A3}").contains($0) }
  }
}
