extension TearSheet {
  /// The Content Security Policy of every page, as it stands in its head: whoever serves pages sends
  /// it as a header too, so that the page is also obeyed where a server has a policy of its own.
  package static var contentPolicy: String {
    ContentPolicy.admitting(style: style, script: script)
  }
}
