/// The last elements of a series, at most so many.
struct RecentPoints<Element: Sendable>: Sendable {
  let capacity: Int
  /// A ring once it is full.
  private var storage: [Element] = []
  private var oldest = 0

  init(capacity: Int) {
    precondition(capacity > 0, "a series of no points")
    self.capacity = capacity
  }

  /// Adds an element; where there is no room the oldest one goes.
  mutating func append(_ element: Element) {
    if storage.count < capacity {
      storage.append(element)
    } else {
      storage[oldest] = element
      oldest = (oldest + 1) % capacity
    }
  }

  /// From the oldest to the newest.
  var elements: [Element] { Array(storage[oldest...] + storage[..<oldest]) }

  var last: Element? {
    storage.isEmpty ? nil : storage[(oldest + storage.count - 1) % storage.count]
  }
}

extension RecentPoints: Equatable where Element: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    left.capacity == right.capacity && left.elements == right.elements
  }
}

extension RecentPoints: Hashable where Element: Hashable {
  func hash(into hasher: inout Hasher) { hasher.combine(elements) }
}
