import Essentials
import Foundation
import Glibc
import Research
import Storage

/// Carries out the steps of one job, each in a program of its own, one after the other.
struct JobRun {
  let active: ActiveJob
  let steps: [JobStep]
  let folder: JobFolder
  let settings: JobDeskSettings
  let effects: JobDeskEffects
  let secrets: SecretWords
  /// The environment of the programs.
  let environment: [String: String]
  let secondsMax: Int

  /// The first bytes of a stream that are kept, and the last ones, into which a result has to fit.
  private static let firstMax = 1 << 16
  private static let outputLastMax = 1 << 20
  private static let errorsLastMax = 1 << 16
  /// A larger result is written into a file, and the journal says which.
  private static let resultBytesMax = 1 << 17
  private static let errorBytesMax = 2_000
  /// How long a program is listened to before it is asked whether it has ended.
  private static let roundMilliseconds: Int32 = 50
  /// While a job runs, its output is shown anew after so long.
  private static let showing = Duration.seconds(1)

  private struct StepOutcome {
    let step: JobStep
    let exit: ChildProgram.Exit
    let output: String
    let errors: String
    let result: JSONValue?
  }

  /// Runs the steps; `started` is told of the first process before anything is heard of it, and what
  /// it throws ends the job.
  func run(started: (ProcessIdentity?) throws -> Void) throws -> JobEnding {
    let beginning = effects.elapsed()
    var outcomes: [StepOutcome] = []
    for (place, step) in steps.enumerated() {
      if let wish = active.wish { return ending(wish, outcomes) }
      active.tell(JobProgress(step: step.name, number: place + 1, steps: steps.count))
      let child: ChildProgram
      do throws(ChildFailure) {
        child = try ChildProgram(
          ChildProgram.Order(
            program: settings.executable, arguments: step.arguments, environment: environment,
            folder: folder.path, listening: .heard))
      } catch {
        if outcomes.isEmpty { try started(nil) }
        return failed(reason: error.key, error.explanation, code: nil, outcomes)
      }
      if place == 0 { try started(ProcessIdentity(of: child.pid)) }
      let outcome = follow(child, step, since: beginning, log: log(outcomes))
      outcomes.append(outcome)
      keep(log(outcomes))
      if outcome.exit != .code(0) {
        if let wish = active.wish { return ending(wish, outcomes) }
        return failed(
          reason: "failed", complaint(outcome), code: outcome.exit.returnCode, outcomes)
      }
    }
    var ending = JobEnding(outcome: .completed, returnCode: 0)
    ending.result = result(of: outcomes)
    ending.artifacts = folder.artifacts
    return ending
  }

  // MARK: - One step

  private func follow(
    _ child: ChildProgram, _ step: JobStep, since beginning: Duration, log: String
  ) -> StepOutcome {
    var output = CapturedOutput(firstMax: Self.firstMax, lastMax: Self.outputLastMax)
    var errors = CapturedOutput(firstMax: Self.firstMax, lastMax: Self.errorsLastMax)
    var lines = ProgressLines()
    var stopping: Duration?
    var shown = effects.elapsed()
    func receive(_ stream: ChildProgram.Stream, _ bytes: UnsafeRawBufferPointer) {
      switch stream {
      case .output: output.take(bytes)
      case .errors:
        let (work, rest) = lines.take(bytes)
        if !rest.isEmpty { errors.take(rest) }
        if let work { tell(work) }
      }
    }
    while true {
      child.listen(milliseconds: Self.roundMilliseconds, receive)
      if let exit = child.exit(receive) {
        errors.take(lines.finish())
        let text = output.text(masking: secrets)
        return StepOutcome(
          step: step, exit: exit, output: text, errors: errors.text(masking: secrets),
          result: LastValue(of: text).json)
      }
      let now = effects.elapsed()
      if now - beginning > .seconds(secondsMax) { active.want(.timeOut) }
      if now - shown > Self.showing {
        active.show(log + Self.heading(step) + errors.text(masking: secrets))
        shown = now
      }
      guard active.wish != nil else { continue }
      if let stopping {
        if now - stopping > settings.grace { child.signal(SIGKILL) }
      } else {
        child.signal(SIGTERM)
        stopping = now
      }
    }
  }

  private func tell(_ work: JobProgress.Work) {
    guard var progress = active.progress else { return }
    progress.work = work
    progress.work?.title = String(secrets.masking(work.title).prefix(100))
    progress.work?.unit = String(secrets.masking(work.unit).prefix(40))
    active.tell(progress)
  }

  // MARK: - What came out

  private func ending(_ wish: ActiveJob.Wish, _ outcomes: [StepOutcome]) -> JobEnding {
    var ending =
      switch wish {
      case .cancel(let requester): JobEnding(outcome: .cancelled(by: requester))
      case .interrupt: JobEnding(outcome: .interrupted)
      case .timeOut:
        JobEnding(
          outcome: .failed(reason: JobEnding.timedOutReason),
          error: "The job did not end within \(secondsMax) s.")
      }
    ending.returnCode = outcomes.last?.exit.returnCode
    ending.result = outcomes.isEmpty ? nil : .object([codes(outcomes)])
    ending.artifacts = folder.artifacts
    return ending
  }

  private func failed(
    reason: String, _ error: String, code: Int?, _ outcomes: [StepOutcome]
  ) -> JobEnding {
    var ending = JobEnding(outcome: .failed(reason: reason), returnCode: code)
    ending.error = error
    ending.result = result(of: outcomes)
    ending.artifacts = folder.artifacts
    return ending
  }

  /// The value of the last step, with what became of every step where there are several.
  private func result(of outcomes: [StepOutcome]) -> JSONValue? {
    guard let last = outcomes.last else { return nil }
    let whole = bounded(last.result)
    guard steps.count > 1 else { return whole }
    guard outcomes.count == steps.count, case .object(let members)? = whole else {
      return .object([codes(outcomes)])
    }
    return .object(members + [codes(outcomes)])
  }

  private func codes(_ outcomes: [StepOutcome]) -> JSONValue.Member {
    .init(
      "steps",
      .array(
        outcomes.map {
          ["step": .string($0.step.name), "return_code": .integer($0.exit.returnCode)]
        }))
  }

  private func bounded(_ result: JSONValue?) -> JSONValue? {
    guard let result else { return nil }
    let text = result.compactText
    guard text.utf8.count > Self.resultBytesMax else { return result }
    do throws(FileFailure) {
      try folder.write(result, as: JobFolder.resultName)
      return ["artifact": .string(JobFolder.resultName), "bytes": .integer(text.utf8.count)]
    } catch {
      effects.report(error.description)
      return nil
    }
  }

  /// What the program says of its failure: the sentence of its report, or its last line.
  private func complaint(_ outcome: StepOutcome) -> String {
    let what: String
    if case .object? = LastValue(of: outcome.errors).json,
      case .string(let text)? = LastValue(of: outcome.errors).json?["explanation"]
    {
      what = text
    } else if let line = JobFolder.lastLines(outcome.errors, 1).first {
      what = line
    } else if case .signal(let number) = outcome.exit {
      what = "The program was ended by the signal \(number)."
    } else {
      what = "The program ended with the code \(outcome.exit.returnCode)."
    }
    let text = steps.count > 1 ? "\(outcome.step.name): \(what)" : what
    return String(decoding: text.utf8.prefix(Self.errorBytesMax), as: UTF8.self)
  }

  private static func heading(_ step: JobStep) -> String {
    "$ athanor \(step.arguments.joined(separator: " "))\n"
  }

  /// What the steps wrote, one after the other.
  private func log(_ outcomes: [StepOutcome]) -> String {
    var text = ""
    for outcome in outcomes {
      text += Self.heading(outcome.step)
      for part in [outcome.output, outcome.errors] where !part.isEmpty {
        text += part.hasSuffix("\n") ? part : part + "\n"
      }
      text += "[exit code \(outcome.exit.returnCode)]\n"
    }
    return text
  }

  /// Writes what the steps wrote into the folder.
  private func keep(_ log: String) {
    active.show(log)
    do throws(FileFailure) {
      try WholeFile.write(
        Array(log.utf8), to: "\(folder.path)/\(JobFolder.outputName)", for: .owner)
    } catch {
      effects.report(error.description)
    }
  }
}
