extension LiveStatistics {
  /// The statistics as the page of measures shows them.
  var metrics: [Metric] {
    return [
      .gauge("athanor_live_subscribers", "Subscribers of the stream.", subscribers),
      .gauge(
        "athanor_live_subscribers_behind", "Subscribers that are fed from the journal.", behind),
      .gauge("athanor_live_backlog_bytes", "Bytes that wait for subscribers.", backlog),
      .gauge("athanor_live_tail", "The last event that was streamed.", Int(tail)),
      .counter(
        "athanor_live_frames_sent_total", "Messages that were handed to sockets.", framesSent),
      .counter("athanor_live_sent_bytes_total", "Bytes of those messages.", bytesSent),
      .counter(
        "athanor_live_events_encoded_total", "Events that were encoded, each once for all.",
        eventsEncoded),
      .counter(
        "athanor_live_snapshots_rendered_total", "Snapshots of gauges that were rendered.",
        snapshotsRendered),
      .counter(
        "athanor_live_closed_stuck_total", "Subscribers that took nothing for too long.",
        closedStuck),
      .counter("athanor_live_closed_unruly_total", "Subscribers that sent too much.", closedUnruly),
      .counter(
        "athanor_live_failures_total", "Times that the journal could not be read.", failures),
    ]
  }
}
