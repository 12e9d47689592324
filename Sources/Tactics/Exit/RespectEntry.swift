/// Whether a good entry is left alone by the exits on flip, cash and drawdown.
package enum RespectEntry {
  /// Passes where the entry is respected, so where the exit is not made. Every value must be known
  /// except the edge of the other side, which may be: nothing known of it is nothing against it.
  package static func judge(
    quality: Double, signal: Double, mode: ExitMode, shock: Double, alignment: Double,
    reverseEdge: Double, progress: Double, under settings: ExitSettings.Respect
  ) -> TacticVerdict {
    let holds =
      settings.isEnabled && quality >= settings.qualityMin && signal >= settings.signalMin
      && mode != .shock && !(shock >= settings.shockMax) && alignment > settings.alignmentMin
      && !(reverseEdge >= settings.reverseEdgeMax) && progress < settings.progressMax
    return .passing(
      if: holds, "respect_entry",
      [
        .init("entry_quality", quality, limit: settings.qualityMin),
        .init("leverage_signal", signal, limit: settings.signalMin),
        .init("shock", shock, limit: settings.shockMax),
        .init("alignment", alignment, limit: settings.alignmentMin),
        .init("reverse_edge", reverseEdge, limit: settings.reverseEdgeMax),
        .init("hold_progress", progress, limit: settings.progressMax),
      ])
  }
}
