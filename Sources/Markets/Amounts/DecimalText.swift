/// Writes a count of the decimal place `places` behind the point exactly, without trailing zeros:
/// -1,500,000 millionths are `-1.5`.
package func decimalText(_ count: Int64, places: Int) -> String {
  let digits = String(count.magnitude)
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  let fraction = padded.suffix(places).reversed().drop { $0 == "0" }.reversed()
  let sign = count < 0 ? "-" : ""
  return "\(sign)\(padded.dropLast(places))\(fraction.isEmpty ? "" : "." + String(fraction))"
}
