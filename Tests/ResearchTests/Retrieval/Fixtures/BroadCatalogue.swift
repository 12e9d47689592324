import Foundation
import Markets
import Mathematics

@testable import AlphaLanguage
@testable import Research

/// A catalogue of the size and shape of a provider's: many subcategories, crowded datasets, three
/// kinds of fields, and ids that are joined words.
enum BroadCatalogue {
  static let subjects = [
    "earnings", "revenue", "price", "volume", "sentiment", "news", "option", "short", "insider",
    "estimate", "dividend", "debt",
  ]
  private static let measures = [
    "surprisemean", "surprisestd", "growth", "revision", "dispersion", "level", "change", "ratio",
    "score", "count",
  ]

  static func make(fields: Int, seed: UInt64) -> MetadataCatalogue {
    var generator = SplitMix64(seed: seed)
    let datasets = (0..<max(1, fields / 40)).map { number in
      let subject = subjects[number % subjects.count]
      return MetadataCatalogue.Dataset(
        id: "\(subject)\(number)", name: "\(subject.capitalized) set \(number)",
        meaning: "Everything about \(subject).",
        subcategory: ("\(subject)-basics", "\(subject.capitalized) basics"),
        category: (subject, subject.capitalized), coverage: generator.nextUniform(),
        valueScore: Double(number % 7), fieldCount: 40,
        alphaCount: Int(generator.nextUniform() * 5_000), userCount: number)
    }
    let rows = (0..<fields).map { number in
      let dataset = datasets[number % datasets.count]
      let measure = measures[Int(generator.nextUniform() * Double(measures.count))]
      let kind: FieldDescription.Kind =
        number % 10 == 0 ? .group : number % 4 == 0 ? .vector : .matrix
      return MetadataCatalogue.Field(
        id: "\(dataset.categoryID)_\(measure)_\(number)", datasetID: dataset.id, kind: kind,
        meaning: "The \(measure) of \(dataset.categoryID), variant \(number % 13).",
        coverage: generator.nextUniform(), alphaCount: Int(generator.nextUniform() * 300))
    }
    return MetadataCatalogue(
      origin: "broad", target: SimulationTarget(), datasets: datasets, fields: rows,
      operators: OperatorCatalog.fastexpr.usable())
  }
}
