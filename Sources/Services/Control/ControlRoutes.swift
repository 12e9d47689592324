import Essentials
package import Networking

/// What a server answers under `/api/control`: the actions, and the jobs that carry them out.
package struct ControlRoutes: Sendable {
  private let desk: JobDesk

  private static let group = "control"
  private static let limit = RouteParameter<Int>.whole(
    "limit", in: 1...500, default: 50, "How many jobs are listed, the newest first.")
  private static let id = RouteParameter<String>.segment(
    "job_id", "The id of the job, 32 hexadecimal digits.")

  package init(desk: JobDesk) { self.desk = desk }

  /// The routes. Reading is for viewers; starting and cancelling are for operators.
  package var routes: [Route] { [actions, jobs, submit, job, cancel] }

  private var actions: Route {
    Route(
      .get, "/api/control/actions", "Lists what can be started, with every parameter.",
      group: Self.group,
      answers: [
        AnswerContract(
          200, "The actions.",
          schema: ["type": "object", "properties": ["actions": ["type": "array"]]])
      ], place: .loop
    ) { _ in
      .json(["actions": .array(ControlAction.all.map(\.json))])
    }
  }

  private var jobs: Route {
    Route(
      .get, "/api/control/jobs", "Lists the last jobs.", group: Self.group,
      parameters: [Self.limit.contract],
      answers: [
        AnswerContract(
          200, "The jobs, the newest first.",
          schema: [
            "type": "object",
            "properties": [
              "count": ["type": "integer"], "jobs": ["type": "array", "items": Self.schema],
            ],
          ])
      ]
    ) { [desk] call in
      let jobs = desk.documents(limit: call[Self.limit])
      return .json(["count": .integer(jobs.count), "jobs": .array(jobs)])
    }
  }

  private var submit: Route {
    Route(
      .post, "/api/control/jobs", "Starts a job, or queues it behind others.", group: Self.group,
      access: .role(.operator), body: ["oneOf": .array(ControlAction.all.map(\.schema))],
      answers: [AnswerContract(200, "The job.", schema: Self.schema)]
        + Self.refusals(400, 409, 429, 503)
    ) { [desk] call in
      let body: JSONValue
      do throws(JSONMistake) {
        body = try JSONValue(parsing: String(decoding: call.request.body, as: UTF8.self))
      } catch {
        throw JobRefusal.unreadableBody(
          reason: "it is no JSON; \(error.expectation) is expected at byte \(error.offset)")
      }
      let job = try desk.submit(body, by: call.caller?.name ?? "")
      return .json(desk.document(of: job))
    }
  }

  private var job: Route {
    Route(
      .get, "/api/control/jobs/{job_id}", "Tells how far a job is and what it wrote.",
      group: Self.group, parameters: [Self.id.contract],
      answers: [
        AnswerContract(200, "The job, with the last lines of its output.", schema: Self.schema)
      ]
        + Self.refusals(404)
    ) { [desk] call in .json(try desk.document(of: call[Self.id])) }
  }

  private var cancel: Route {
    Route(
      .post, "/api/control/jobs/{job_id}/cancel", "Ends a job that waits or runs.",
      group: Self.group, access: .role(.operator), parameters: [Self.id.contract],
      answers: [
        AnswerContract(
          200, "The job; one that runs is cancelled as soon as its programs have ended.",
          schema: Self.schema)
      ] + Self.refusals(404, 409)
    ) { [desk] call in
      .json(desk.document(of: try desk.cancel(call[Self.id], by: call.caller?.name ?? "")))
    }
  }

  private static func refusals(_ statuses: Int...) -> [AnswerContract] {
    statuses.map { status in
      let meaning =
        switch status {
        case 400: "The action or a parameter cannot be used."
        case 404: "There is no such job."
        case 409: "The request contradicts what there is."
        case 429: "Too many jobs are waiting."
        default: "The server is about to stop."
        }
      return AnswerContract(
        status, meaning,
        schema: [
          "type": "object", "required": .strings(["error", "detail", "help"]),
          "properties": [
            "error": ["type": "string"], "detail": ["type": "string"], "help": ["type": "string"],
          ],
        ])
    }
  }

  /// The JSON Schema of a job.
  private static var schema: JSONValue {
    let text: JSONValue = ["type": .strings(["string", "null"])]
    return [
      "type": "object", "title": "ControlJob",
      "properties": [
        "job_id": ["type": "string", "pattern": "^[0-9a-f]{32}$"], "action": ["type": "string"],
        "state": ["type": "string", "enum": .strings(JobState.allCases.map(\.rawValue))],
        "run_id": ["type": "string"], "params": ["type": "object"], "queued_at": text,
        "started_at": text, "ended_at": text, "attempts": ["type": "integer"],
        "return_code": ["type": .strings(["integer", "null"])], "result": [:],
        "artifacts": [
          "type": "array",
          "items": [
            "type": "object",
            "properties": ["name": ["type": "string"], "bytes": ["type": "integer"]],
          ],
        ],
        "error": text, "progress": ["type": .strings(["object", "null"])],
        "requested_by": ["type": "string"],
        "output": ["type": "array", "items": ["type": "string"]],
      ],
    ]
  }
}
