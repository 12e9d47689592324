import Testing

@testable import Services

@Suite("Progress of programs")
struct ProgressLinesTests {
  private func take(_ text: String, by size: Int) -> (works: [JobProgress.Work], rest: String) {
    var lines = ProgressLines()
    var works: [JobProgress.Work] = []
    var rest: [UInt8] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      bytes[start..<min(start + size, bytes.count)].withUnsafeBytes {
        let (work, passed) = lines.take($0)
        if let work { works.append(work) }
        rest += passed
      }
    }
    rest += lines.finish()
    return (works, String(decoding: rest, as: UTF8.self))
  }

  @Test(
    "lines that tell progress are taken out, others pass byte for byte", arguments: [1, 3, 4096])
  func lines(size: Int) {
    let long = String(repeating: "z", count: 5_000)
    let text = """
      warning: slow
      {"progress":{"work":"Proposing","done":1,"total":4,"unit":"ideas"}}
      {"progress":{"work":7}}
      {"progress":\(long)}

      \(long)
      {"progress":{"work":"Proposing","done":2,"total":4,"unit":"ideas"}}
      {"error":"x"}
      {"prog
      """
    let (works, rest) = take(text, by: size)
    #expect(works.last == JobProgress.Work(title: "Proposing", done: 2, total: 4, unit: "ideas"))
    #expect(
      rest == """
        warning: slow
        {"progress":{"work":7}}
        {"progress":\(long)}

        \(long)
        {"error":"x"}
        {"prog
        """)
  }
}
