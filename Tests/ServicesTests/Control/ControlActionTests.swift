import Backtesting
import Essentials
import Testing

@testable import Services

@Suite("Actions")
struct ControlActionTests {
  @Test("every parameter has one name, a range or a default that its own check lets pass")
  func parameters() throws {
    for action in ControlAction.all {
      let names = action.parameters.map(\.name)
      #expect(Set(names).count == names.count, "\(action.name)")
      #expect(names.contains(ControlAction.run) && names.contains(ControlAction.timeLimit))
      for parameter in action.parameters {
        #expect(!parameter.isRequired || parameter.standard == nil)
        #expect(!parameter.meaning.english.isEmpty && !parameter.meaning.korean.isEmpty)
        #expect(parameter.schema["description"] != nil)
        guard let standard = parameter.standard else { continue }
        let read = try action.required(besides: [.init(parameter.name, standard)])
        #expect(read.contains(.init(parameter.name, standard)))
      }
    }
  }

  @Test("no parameter of any action is a path, an address or a key")
  func harmless() {
    let suspicious = [
      "path", "file", "dir", "folder", "url", "key", "recording", "cache", "journal",
    ]
    for action in ControlAction.all {
      for parameter in action.parameters {
        #expect(!suspicious.contains { parameter.name.contains($0) }, "\(parameter.name)")
      }
    }
  }

  @Test("arguments are one word for each option, so that no value can be an option")
  func arguments() throws {
    for action in ControlAction.all {
      let members = try action.required(besides: [])
      let order = JobOrder(
        parameters: .object(members), runID: "r", isRunBegun: false, hasKnowledge: false,
        knowledgeFolder: "/k", store: "/s", budget: "/b")
      for step in action.steps(order) {
        let options = step.arguments.drop { !$0.hasPrefix("--") }
        #expect(options.allSatisfy { $0.hasPrefix("--") }, "\(step.arguments)")
        #expect(options.contains("--json"))
      }
    }
  }
}

extension ControlAction {
  /// Reads parameters with something for each that is required.
  fileprivate func required(
    besides members: [JSONValue.Member]
  ) throws -> [JSONValue.Member] {
    let given = parameters.filter { $0.isRequired }.map { parameter in
      if case .document = parameter.kind { return JSONValue.Member(parameter.name, ["a": 1]) }
      return JSONValue.Member(parameter.name, "r1")
    }
    return try read(.object(given + members))
  }
}
