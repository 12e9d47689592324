import Testing

@testable import Research

@Suite("The last points of a series")
struct RecentPointsTests {
  @Test("it holds the last ones in order, whatever came before")
  func order() {
    var points = RecentPoints<Int>(capacity: 3)
    #expect(points.last == nil && points.elements == [])
    for number in 0..<10 {
      points.append(number)
      #expect(points.elements == Array(max(0, number - 2)...number))
      #expect(points.last == number)
    }
    var same = RecentPoints<Int>(capacity: 3)
    for number in 7..<10 { same.append(number) }
    #expect(same == points)
  }
}
