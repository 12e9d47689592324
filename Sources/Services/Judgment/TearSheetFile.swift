import Backtesting
package import Storage

/// A tear sheet as a file that can be mailed.
package enum TearSheetFile {
  /// Writes the page of an alpha to `path`, whose folder is made where it is not there.
  ///
  /// The file appears whole or not at all, in the place of one that was there. An alpha that was
  /// handed in without a name is called by its identifier.
  package static func write(_ alpha: PricedAlpha, to path: String) throws(FileFailure) {
    let name = alpha.name.hasPrefix("#") ? nil : alpha.name
    let page = TearSheet(result: alpha.result, trust: alpha.trust, name: name).html()
    try WholeFile.write(Array(page.utf8), to: path)
  }
}
