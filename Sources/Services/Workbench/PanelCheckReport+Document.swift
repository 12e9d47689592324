package import Essentials
package import Storage

extension PanelCheckReport {
  /// The report as a JSON object; `worst` is `null` where nothing was found.
  package var json: JSONValue {
    [
      "subject": .string(subject), "instruments": .integer(instruments), "rows": .integer(rows),
      "bars": .integer(bars), "worst": worst.map { .string($0.name) } ?? .null,
      "findings": .array(
        findings.map { finding in
          [
            "kind": .string(finding.kind.rawValue), "severity": .string(finding.severity.name),
            "count": .integer(finding.count), "meaning": .string(finding.kind.meaning),
            "examples": .array(
              finding.examples.map {
                [
                  "instrument": .string($0.instrument), "at": .string($0.stamp),
                  "detail": .string($0.detail),
                ]
              }),
          ]
        }),
    ]
  }
}
