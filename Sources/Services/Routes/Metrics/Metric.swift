/// Something that is measured, with all its series.
package struct Metric: Hashable, Sendable {
  /// What kind of figure it is, in the words of the Prometheus text format.
  package enum Kind: String, Hashable, Sendable {
    /// A count that only rises, from 0 when the process began.
    case counter
    /// A value that rises and falls.
    case gauge
    case histogram
  }

  /// A name and a value that tell one series of a metric from another.
  package struct Label: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What was counted of a quantity below each of some bounds.
  package struct Histogram: Hashable, Sendable {
    /// Bounds in ascending order, and how many values were at most so large, each with all below it.
    package var buckets: [Bucket]
    /// The sum and the number of all values.
    package var sum: Double
    package var count: Int

    package init(buckets: [Bucket], sum: Double, count: Int) {
      self.buckets = buckets
      self.sum = sum
      self.count = count
    }
  }

  /// How many values were at most so large.
  package struct Bucket: Hashable, Sendable {
    package var bound: Double
    package var count: Int

    package init(bound: Double, count: Int) {
      self.bound = bound
      self.count = count
    }
  }

  /// What a series reads: a number, or for a histogram its buckets.
  package enum Reading: Hashable, Sendable {
    case number(Double)
    case histogram(Histogram)
  }

  /// One series of a metric.
  package struct Sample: Hashable, Sendable {
    package var labels: [Label]
    package var reading: Reading

    package init(_ labels: [Label] = [], _ reading: Reading) {
      self.labels = labels
      self.reading = reading
    }
  }

  /// Letters, digits, `_` and `:`, in base units such as seconds and bytes; counters end in `_total`.
  package var name: String
  /// What is measured, in one sentence.
  package var help: String
  package var kind: Kind
  package var samples: [Sample]

  package init(_ name: String, _ help: String, _ kind: Kind, _ samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A metric of one series without labels.
  package init(_ name: String, _ help: String, _ kind: Kind, _ value: Double) {
    self.init(name, help, kind, [Sample([], .number(value))])
  }

  /// A count of things that happened.
  package static func counter(_ name: String, _ help: String, _ value: Int) -> Metric {
    Metric(name, help, .counter, Double(value))
  }

  /// A number of things that there are at present.
  package static func gauge(_ name: String, _ help: String, _ value: Int) -> Metric {
    Metric(name, help, .gauge, Double(value))
  }
}
