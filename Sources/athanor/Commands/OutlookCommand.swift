import Services

/// `athanor outlook`: what a trade would be worth, long and short.
enum OutlookCommand {
  static let command: Command = Command(
    "outlook", summary: "Tell what a trade would be worth, long and short, before it is made",
    discussion: [
      """
      The price has the drift and the volatility you give; a position is closed at the take-profit, \
      at the stop-loss, or when its time is over. Both sides are shown side by side: how likely each \
      ending is, the expected result after costs, the mean of the worst twentieth, the time in the \
      position, the score, and the best time to hold it, t*.
      """,
      """
      A gaussian price without funding has a closed form, which has no error of sampling. Elsewhere, and \
      with --paths, paths are simulated, every figure has its standard error, and the decision comes \
      with a bound on the probability that infinitely many paths would decide otherwise. None of \
      this tells whether the drift is true.
      """,
    ],
    options: OutlookOptions.definitions,
    examples: [
      Command.Example(
        "athanor outlook --drift 9 --volatility 60% --take-profit 0.6% --stop-loss 0.5%",
        "Tells what ten minutes of a strong drift are worth"),
      Command.Example(
        "athanor outlook --drift 9 --volatility 60% --horizons 1m,10m,1h --fee 2bp --spread 1bp",
        "Chooses the best time to hold a position after costs"),
      Command.Example(
        "athanor outlook --drift 0 --volatility 60% --model student --paths 65536 --seed 7",
        "Simulates fat tails"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let page = OutlookPage(answer: try OutlookAnswer(invocation.outlookRequest()))
    return Answer(json: page.answer.json) { page.text($0) }
  }
}
