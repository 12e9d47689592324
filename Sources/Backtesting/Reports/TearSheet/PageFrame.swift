/// What all pages have around their sections: the head with the policy, the bar with the switches,
/// and the two languages.
struct PageFrame: Sendable {
  /// What the page is called.
  let title: BilingualText
  /// What kind of page it is.
  let kind: BilingualText
  let style: String
  let script: String

  /// Returns a page: what `main` writes into its main part, what `end` writes below, and the script.
  ///
  /// - Parameter language: what is shown first; nil for Korean where the reader's browser prefers
  ///   it and English otherwise. The reader can switch at any time.
  func html(
    language: TearSheet.Language?, main: (inout HTMLMarkup) -> Void,
    end: (inout HTMLMarkup) -> Void
  ) -> String {
    let first = language ?? .english
    var page = HTMLMarkup()
    page.insert("<!DOCTYPE html>\n")
    page.element(
      "html",
      [
        "lang": first.rawValue, "data-language": first.rawValue,
        "data-follows": language == nil ? "reader" : "author",
        "data-title-en": title.english, "data-title-ko": title.korean,
      ]
    ) { page in
      page.element("head") { writeHead(to: &$0, first: first) }
      page.insert("\n")
      page.element("body") { page in
        page.element("a", ["class": "skip", "href": "#main"]) {
          $0.write(BilingualText("Skip to the figures", "본문으로 건너뛰기"))
        }
        writeMasthead(to: &page)
        page.element("main", ["id": "main"], main)
        page.insert("\n")
        end(&page)
        page.insert("\n")
        page.element("script") { $0.insert(script) }
      }
    }
    page.insert("\n")
    return page.text
  }

  private func writeHead(to page: inout HTMLMarkup, first: TearSheet.Language) {
    page.void("meta", ["charset": "utf-8"])
    page.void(
      "meta",
      [
        "http-equiv": "Content-Security-Policy",
        "content": ContentPolicy.admitting(style: style, script: script),
      ])
    page.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
    page.void("meta", ["name": "color-scheme", "content": "light dark"])
    page.void("meta", ["name": "referrer", "content": "no-referrer"])
    page.void("meta", ["name": "generator", "content": "Athanor"])
    page.element("title", first == .korean ? title.korean : title.english)
    page.element("style") { $0.insert(style) }
  }

  /// The bar at the top: whose page it is, and the switches, which appear once the script runs.
  private func writeMasthead(to page: inout HTMLMarkup) {
    page.element("div", ["class": "masthead"]) { page in
      page.element("p", ["class": "brand"]) { page in
        // The alchemists' sign of fire.
        page.insert("<svg width=\"18\" height=\"18\" viewBox=\"0 0 18 18\" aria-hidden=\"true\">")
        page.shape("path", ["d": "M9 2.2 16.4 15.4H1.6Z"])
        page.insert("</svg>")
        page.element("b", "Athanor")
        page.element("span", ["class": "kind"], kind)
      }
      page.element("div", ["class": "switches", "hidden": ""]) { page in
        page.element("div", ["class": "choice", "role": "group", "aria-label": "Language, 언어"]) {
          page in
          page.element(
            "button", ["type": "button", "data-choose": "en", "lang": "en-US"], "English")
          page.element(
            "button", ["type": "button", "data-choose": "ko", "lang": "ko-KR"], "한국어")
        }
        page.element("button", ["type": "button", "class": "theme", "data-theme-switch": ""]) {
          page in
          page.insert(
            "<svg width=\"16\" height=\"16\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">")
          page.shape("circle", ["cx": "8", "cy": "8", "r": "6.2"])
          page.shape("path", ["d": "M8 1.8a6.2 6.2 0 0 1 0 12.4Z"])
          page.insert("</svg>")
          page.element("span", ["class": "spoken"], BilingualText("Light or dark", "밝게 또는 어둡게"))
        }
      }
    }
  }
}

extension HTMLMarkup {
  /// Writes a section with its heading and the sample that its figures cover.
  mutating func section(
    _ id: String, _ title: BilingualText, _ explanation: BilingualText? = nil,
    sample: BilingualText? = nil, _ body: (inout HTMLMarkup) -> Void
  ) {
    element("section", ["id": id, "aria-labelledby": "\(id)-heading"]) { page in
      page.element("header", ["class": "section-head"]) { page in
        page.element("h2", ["id": "\(id)-heading"], title)
        if let explanation { page.element("p", ["class": "lead"], explanation) }
        if let sample { page.element("p", ["class": "sample"], sample) }
      }
      body(&page)
    }
  }
}
