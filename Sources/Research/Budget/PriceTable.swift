package import Essentials

/// The prices of models as they were on a day.
package struct PriceTable: Hashable, Sendable {
  /// When the prices were taken down, as the table says it; empty for a table without models.
  package let date: String
  /// Where they come from.
  package let source: String
  private let prices: [String: ModelPrice]

  /// A table without models: every price but the offline proposer's is unknown.
  package static let empty = PriceTable(date: "", source: "", models: [])

  /// Makes a table. Of two models with one name the dearer counts, so that no bound is too low.
  package init(date: String, source: String, models: [(name: String, price: ModelPrice)]) {
    self.date = date
    self.source = source
    var prices: [String: ModelPrice] = [:]
    for (name, price) in models {
      let name = name.lowercased()
      if let other = prices[name], Self.weight(other) >= Self.weight(price) { continue }
      prices[name] = price
    }
    self.prices = prices
  }

  package var count: Int { prices.count }

  private static func weight(_ price: ModelPrice) -> NanoDollars {
    price.costMax(prompt: 1_000_000, completion: 1_000_000)
  }

  /// Returns the price of a model, nil where it is not known.
  ///
  /// Names match without regard to case. What stands before a slash is a provider and may be missing
  /// or added; a date at the end is a snapshot and costs what the model does; the region and version
  /// that Amazon Bedrock adds count for nothing. Nothing else is guessed: `gpt-5-nano` has no price
  /// because `gpt-5` has one. The offline proposer is free without standing in a table.
  package func price(of model: String) -> ModelPrice? {
    var name = Substring(model.lowercased())
    while true {
      for candidate in Self.spellings(name) {
        if let price = prices[candidate] { return price }
      }
      guard let slash = name.firstIndex(of: "/") else {
        // It asks nobody, so it costs nothing, whatever a table lists.
        return name == OfflineProposer.modelName ? .free : nil
      }
      name = name[name.index(after: slash)...]
    }
  }

  /// The names under which a model may stand in the table, the most exact first.
  private static func spellings(_ name: Substring) -> [String] {
    let plain = withoutBedrockMarks(name)
    let candidates = [name, withoutDate(name), plain, withoutDate(plain)].map(String.init)
    var seen: Set<String> = []
    return candidates.filter { seen.insert($0).inserted }
  }

  /// Drops `-2026-03-05`, `-20260305` or `@20260305` from the end.
  private static func withoutDate(_ name: Substring) -> Substring {
    for (pattern, marks) in [("-dddd-dd-dd", "-"), ("-dddddddd", "-"), ("@dddddddd", "@")] {
      let tail = name.suffix(pattern.count)
      guard tail.count == pattern.count, tail.count < name.count, tail.hasPrefix(marks) else {
        continue
      }
      let fits = zip(tail, pattern).allSatisfy { character, form in
        form == "d" ? character.isASCII && character.isNumber : character == form
      }
      if fits { return name.dropLast(pattern.count) }
    }
    return name
  }

  /// Drops `us.anthropic.` from the beginning and `-v1:0` from the end.
  private static func withoutBedrockMarks(_ name: Substring) -> Substring {
    var name = name
    for region in ["us.", "eu.", "apac.", "jp.", "global."] where name.hasPrefix(region) {
      name = name.dropFirst(region.count)
      break
    }
    for maker in ["anthropic.", "openai.", "deepseek.", "mistral.", "qwen.", "moonshot."]
    where name.hasPrefix(maker) {
      name = name.dropFirst(maker.count)
      break
    }
    if let colon = name.lastIndex(of: ":"),
      name[name.index(after: colon)...].allSatisfy(\.isNumber),
      let mark = name[..<colon].range(of: "-v", backwards: true),
      name[mark.upperBound..<colon].allSatisfy(\.isNumber)
    {
      name = name[..<mark.lowerBound]
    }
    return name
  }
}

extension Substring {
  /// The last occurrence of a text of two characters.
  fileprivate func range(of pair: String, backwards: Bool) -> Range<Index>? {
    var place = endIndex
    while place > startIndex {
      place = index(before: place)
      if self[place...].hasPrefix(pair) { return place..<index(place, offsetBy: pair.count) }
    }
    return nil
  }
}

extension PriceTable {
  /// The highest price of a million tokens that a table may state, in dollars.
  private static let priceMax = 1_000.0

  /// Reads a table such as `configs/llm_prices.json`: its `date`, its `source`, and under `models`
  /// an object for each with `id`, `input` and `output`, and where they are known `provider`,
  /// `cached_input`, `cache_write`, `cache_write_long`, `reasoning_output` and `long_context`. Prices
  /// are in US dollars for a million tokens.
  package init(text: String, path: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      text: text, document: path, unknown: .refused, key: BudgetConfiguration.failureKey,
      Self.init(reading:))
  }

  private init(reading reader: inout DocumentReader) {
    for name in ["date", "source", "models"] { reader.requireMember(name) }
    let date = reader.text("date") ?? ""
    let source = reader.text("source") ?? ""
    _ = reader.text("unit")
    let models = reader.objects("models", Self.model) ?? []
    self.init(date: date, source: source, models: models.flatMap { $0 })
  }

  /// Reads a model: its name alone, and with its provider in front.
  private static func model(
    _ entry: inout DocumentReader
  ) -> [(name: String, price: ModelPrice)]? {
    entry.requireMember("id")
    let id = entry.text("id")
    let provider = entry.text("provider")
    let first = tier(&entry, above: 0, base: nil)
    let longer = entry.objects("long_context") { part in
      part.requireMember("prompt_tokens_above")
      let above = part.whole("prompt_tokens_above", in: 1...TokenUsage.tokensMax) ?? 1
      return tier(&part, above: above, base: first)
    }
    guard let id, let first else { return nil }
    let price = ModelPrice([first] + (longer ?? []))
    return [(id, price)] + (provider.map { [("\($0)/\(id)", price)] } ?? [])
  }

  private static func tier(
    _ entry: inout DocumentReader, above: Int, base: ModelPrice.Tier?
  ) -> ModelPrice.Tier? {
    for name in ["input", "output"] { entry.requireMember(name) }
    func price(_ name: String) -> PicoDollars? {
      entry.number(name, in: 0...priceMax).map { PicoDollars(perMillion: $0) }
    }
    let input = price("input")
    let cached = price("cached_input")
    let write = price("cache_write")
    let writeLong = price("cache_write_long")
    let output = price("output")
    let reasoning = price("reasoning_output")
    guard let input, let output else { return nil }
    // What the prices of longer prompts leave out is no cheaper than for a short one.
    let cacheWrite = write ?? base.map { max($0.cacheWrite, input) }
    let cacheWriteLong = writeLong ?? base.map { max($0.cacheWriteLong, cacheWrite ?? input) }
    return ModelPrice.Tier(
      promptTokensAbove: above, input: input, cachedInput: cached, cacheWrite: cacheWrite,
      cacheWriteLong: cacheWriteLong, output: output, reasoning: reasoning)
  }
}
