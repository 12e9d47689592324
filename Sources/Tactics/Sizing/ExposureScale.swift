/// What poison and doubt leave of an exposure.
package enum ExposureScale {
  /// Returns a share within the configured bounds; what is not known takes nothing.
  package static func share(
    toxicity: Double, confidence: Double, under settings: SizingSettings.Exposure
  ) -> Double {
    let excess = clip01((toxicity - settings.toxicitySoft) / (1 - settings.toxicitySoft))
    let doubt = clip01((settings.confidenceReference - confidence) / settings.confidenceReference)
    var share =
      (1 - settings.toxicityGain * excess.known(or: 0))
      * (1 - settings.confidenceGain * doubt.known(or: 0))
    if toxicity >= settings.toxicityHard, confidence < settings.confidenceReference {
      share *= settings.hardScale
    }
    return clip(share, settings.scaleMin, settings.scaleMax)
  }
}
