/// Metrics in the text exposition format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
package enum MetricsText {
  /// The media type of the text.
  package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// Renders metrics in their order. Of several metrics of one name the first says what it is, and
  /// the series of all stand together, as the format demands; a name that is none is left out, and so
  /// are labels whose names are none.
  package static func text(_ metrics: [Metric]) -> String {
    var order: [String] = []
    var groups: [String: Metric] = [:]
    for metric in metrics where isName(metric.name, allowsColon: true) {
      if groups[metric.name] == nil {
        order.append(metric.name)
        groups[metric.name] = metric
      } else {
        groups[metric.name]?.samples += metric.samples
      }
    }
    var text = ""
    for name in order {
      guard let metric = groups[name] else { continue }
      text += "# HELP \(name) \(escaped(metric.help, quotes: false))\n"
      text += "# TYPE \(name) \(metric.kind.rawValue)\n"
      for sample in metric.samples { text += lines(of: sample, name) }
    }
    return text
  }

  private static func lines(of sample: Metric.Sample, _ name: String) -> String {
    switch sample.reading {
    case .number(let value):
      return "\(name)\(labels(sample.labels)) \(number(value))\n"
    case .histogram(let histogram):
      var text = ""
      for bucket in histogram.buckets {
        let bound = Metric.Label("le", number(bucket.bound))
        text += "\(name)_bucket\(labels(sample.labels + [bound])) \(bucket.count)\n"
      }
      // The last bucket is that of all values.
      if histogram.buckets.last?.bound != .infinity {
        let all = Metric.Label("le", "+Inf")
        text += "\(name)_bucket\(labels(sample.labels + [all])) \(histogram.count)\n"
      }
      text += "\(name)_sum\(labels(sample.labels)) \(number(histogram.sum))\n"
      return text + "\(name)_count\(labels(sample.labels)) \(histogram.count)\n"
    }
  }

  private static func labels(_ labels: [Metric.Label]) -> String {
    let written = labels.filter { isName($0.name, allowsColon: false) }.map {
      "\($0.name)=\"\(escaped($0.value, quotes: true))\""
    }
    return written.isEmpty ? "" : "{\(written.joined(separator: ","))}"
  }

  /// A number as Go writes and reads it; whole ones without a fraction.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func isName(_ name: String, allowsColon: Bool) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
      (97...122).contains(byte | 0x20) && byte >= 65 || (48...57).contains(byte) || byte == 95
        || allowsColon && byte == 58
    }
  }
}
