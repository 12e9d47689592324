extension LiveStatistics {
  /// The statistics as the page of measures shows them.
  var metrics: [Metric] {
    func counter(_ name: String, _ help: String, _ value: Int) -> Metric {
      Metric("athanor_live_\(name)_total", help, .counter, Double(value))
    }
    func gauge(_ name: String, _ help: String, _ value: Int) -> Metric {
      Metric("athanor_live_\(name)", help, .gauge, Double(value))
    }
    return [
      gauge("subscribers", "Subscribers of the stream.", subscribers),
      gauge("subscribers_behind", "Subscribers that are fed from the journal.", behind),
      gauge("backlog_bytes", "Bytes that wait for subscribers.", backlog),
      gauge("tail", "The last event that was streamed.", Int(tail)),
      counter("frames_sent", "Messages that were handed to sockets.", framesSent),
      counter("sent_bytes", "Bytes of those messages.", bytesSent),
      counter("events_encoded", "Events that were encoded, each once for all.", eventsEncoded),
      counter("snapshots_rendered", "Snapshots of gauges that were rendered.", snapshotsRendered),
      counter("closed_stuck", "Subscribers that took nothing for too long.", closedStuck),
      counter("closed_unruly", "Subscribers that sent too much.", closedUnruly),
      counter("failures", "Times that the journal could not be read.", failures),
    ]
  }
}
