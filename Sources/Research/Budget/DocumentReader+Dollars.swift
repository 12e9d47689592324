package import Essentials

extension DocumentReader {
  /// Reads an amount of US dollars above zero.
  package mutating func dollars(_ name: String) -> NanoDollars? {
    number(name, in: 1e-9...Double(NanoDollars.dollarsMax)).flatMap { NanoDollars(dollars: $0) }
  }
}
