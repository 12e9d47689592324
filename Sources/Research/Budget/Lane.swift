/// Which kind of search a call serves.
package enum Lane: String, Hashable, Sendable, CaseIterable {
  /// More of what has worked.
  case exploit
  /// What has not been tried. A share of every budget is kept for it.
  case explore
  /// A prompt that carries candidates of both lanes, the explore minimum among them, or that comes
  /// before the lanes part, as the search for an idea does.
  case both
}
