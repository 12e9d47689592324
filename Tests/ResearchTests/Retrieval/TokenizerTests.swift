import Testing

@testable import Research

@Suite("Tokenizer")
struct TokenizerTests {
  @Test(
    "text is cut into the words that are searched for",
    arguments: [
      ("act_q_eps_surprisemean", "act_q_eps_surprisemean act q eps surprisemean"),
      ("adv20", "adv20 adv 20"),
      ("epsMean2", "epsmean2 eps mean 2"),
      ("CLOSE", "close"),
      ("Prices, returns & companies' taxes", "price return company tax"),
      ("analysis bonus loss gas", "analysis bonus loss gas"),
      ("the mean of the window", "mean window"),
      ("close__open_", "close__open_ close open"),
      ("___ - +", ""),
      ("거래량이 급증하면", "거래 래량 급증"),
      ("모멘텀은", "모멘 멘텀"),
      ("주가의 변동성", "주가 변동 동성"),
      ("volume거래량", "volume 거래 래량"),
      ("저평가 저평가가 평가는", "저평 평가 저평 평가 평가"),
      ("수익률로 투자를", "수익 익률 투자"),
      ("동", "동"),
      ("市場価格", "市場 場価 価格"),
      ("", ""),
    ])
  func words(_ text: String, _ expected: String) {
    #expect(
      Tokenizer.words(of: text) == expected.split(separator: " ").map(String.init))
  }

  @Test("Korean that arrives as separate letters is the same word")
  func decomposed() {
    #expect(
      Tokenizer.words(of: "\u{1100}\u{1165}\u{1105}\u{1162}\u{1105}\u{1163}\u{11BC}")
        == Tokenizer.words(of: "거래량"))
  }

  @Test("every English word of the synonym table is one that the tokenizer gives")
  func table() {
    for family in Synonyms.families {
      for word in family.english {
        #expect(Tokenizer.words(of: word) == [word], "\(word)")
      }
      for word in family.points {
        #expect(Tokenizer.words(of: word).first == word, "\(word)")
      }
    }
  }

  @Test("a Korean compound counts for the longest words within it")
  func compounds() {
    let returns = Synonyms.expansion(ofKorean: "누적수익률은")
    #expect(returns.same.contains("return") && !returns.same.contains("income"))
    let both = Synonyms.expansion(ofKorean: "거래량변동성")
    #expect(both.same.contains("volume") && both.same.contains("volatility"))
    #expect(Synonyms.expansion(ofKorean: "바나나") == Synonyms.Expansion())
  }

  @Test(
    "a Korean query finds English documents",
    arguments: [
      ("거래량이 급증한 종목의 반전", "volume"), ("모멘텀 추세", "momentum"),
      ("변동성이 낮은", "volatility"), ("가치 저평가", "valuation"), ("배당수익률", "dividend"),
    ])
  func korean(_ query: String, _ word: String) {
    let index = SearchIndex(
      documents: ["volume", "momentum", "volatility", "valuation", "dividend"].map { [$0] })
    let hits = index.search(SearchQuery(query), limit: 9)
    let names = ["volume", "momentum", "volatility", "valuation", "dividend"]
    #expect(hits.first.map { names[$0.position] } == word)
  }
}
