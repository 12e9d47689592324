import Backtesting
import Essentials
import Research
import Storage

extension ControlAction {
  /// Everything that the desk can be asked to do.
  package static let all: [ControlAction] = [
    quickLoop, retrieval, knowledge, idea, alpha, validation, campaign, resumption,
  ]

  /// The action that begins a campaign; resuming one goes by the parameters of its beginning.
  static let campaign = ControlAction(
    "research-run",
    BilingualText(
      "Runs a campaign over ideas: proposals within the budget, validation, simulation, mutation and "
        + "judgment.",
      "아이디어마다 예산 안에서 제안, 검증, 시뮬레이션, 변이, 판정을 하는 캠페인을 돌린다."),
    spends: true, isResumable: true,
    parameters: [
      JobParameter(
        "ideas",
        .document(
          file: "ideas.json",
          JobParameter.DocumentRule(types: ["array", "object"], check: checkIdeas), standard: nil),
        BilingualText(
          "The ideas; otherwise those that come with the program.",
          "아이디어. 없으면 프로그램에 딸린 것을 쓴다.")),
      JobParameter(
        "take", .whole(1...IdeaFile.ideasMax, standard: nil),
        BilingualText("Only the first of the ideas.", "앞에서부터 이만큼의 아이디어만 쓴다.")),
      JobParameter(
        "proposals", .whole(1...64, standard: 12),
        BilingualText(
          "Formulas asked for in one call for an idea.", "아이디어 하나의 호출에서 요청하는 수식의 수.")),
      JobParameter(
        "generations", .whole(0...20, standard: 1),
        BilingualText("How many times the best are mutated.", "가장 나은 것을 변이하는 횟수.")),
      JobParameter(
        "children", .whole(1...500, standard: 12),
        BilingualText("Children of an idea in a generation.", "세대마다 한 아이디어가 낳는 자식의 수.")),
      JobParameter(
        "pace", .whole(0...60_000, standard: 0),
        BilingualText(
          "Milliseconds of rest after each step, so that people can follow.",
          "사람이 따라볼 수 있도록 단계마다 쉬는 시간(밀리초).")),
    ] + shared(.seed, .panel, .run) + asking(),
    seconds: 43_200
  ) { order in
    [
      JobStep(
        "campaign", ["research", "run"],
        [
          order.file("ideas", of: "ideas", named: "ideas.json"), order.option("take", of: "take"),
          order.option("seed", of: "seed"), order.option("proposals", of: "proposals"),
          order.option("generations", of: "generations"),
          order.option("children", of: "children"), order.option("pace", of: "pace"), order.panel,
          order.asking, order.budget.map { ["--budget=\($0)"] } ?? [],
          order.isRunBegun ? ["--resume=\(order.runID)"] : ["--run-id=\(order.runID)"],
        ])
    ]
  }

  /// Goes on with a campaign that a job began and that did not come to its end.
  static let resumption = ControlAction(
    "research-resume",
    BilingualText(
      "Goes on with a campaign where it stopped, by the parameters that it was begun with.",
      "멈춘 캠페인을 시작할 때의 설정 그대로 이어서 돌린다."),
    spends: true, isResumable: true,
    parameters: [
      JobParameter(
        run, .text(.name, standard: nil),
        BilingualText("The run of the campaign.", "캠페인의 실행 이름."), isRequired: true)
    ], seconds: 43_200, steps: campaign.steps)

  private static let quickLoop = ControlAction(
    "run-quick-validation-loop",
    BilingualText(
      "Turns notes into an idea, retrieves for it, proposes one formula, repairs it until it checks, "
        + "simulates and judges it.",
      "메모를 아이디어로 바꾸고, 필요한 자료를 찾고, 수식 하나를 제안해 고치고 시뮬레이션해 판정한다."),
    spends: true,
    parameters: [
      JobParameter(
        "input",
        .document(
          file: "notes.json", JobParameter.DocumentRule(types: ["object"], check: checkNotes),
          standard: [
            "idea_id": "control",
            "hypothesis": "Prices that rise on unusual volume keep rising for some days.",
          ]),
        BilingualText(
          "The notes, such as category, hypothesis, idea_id.",
          "메모. category, hypothesis, idea_id 등."))
    ] + shared(.panel, .seed, .run) + repairing
      + asking(provider: "mock", ceiling: 1_200, verbosity: "low", summary: "concise")
      + regenerations(1),
    seconds: 1_800
  ) { order in
    [ideaStep(order), retrievalStep(order, idea: "idea_out.json")] + knowledgeStep(order)
      + [validationStep(order, idea: "idea_out.json")]
  }

  private static let retrieval = ControlAction(
    "build-retrieval-pack",
    BilingualText(
      "Chooses the fields and operators that an idea may use.",
      "아이디어가 쓸 필드와 연산자를 고른다."),
    spends: false,
    parameters: [
      ideaDocument, ideaID,
      JobParameter(
        "query", .text(.line, standard: nil),
        BilingualText(
          "What to search for in place of the idea's keywords.", "아이디어의 핵심어 대신 찾을 말.")),
      JobParameter(
        "scoring",
        .choice(
          SearchIndex.Scoring.allCases.map(\.rawValue),
          standard: SearchIndex.Scoring.bm25.rawValue),
        BilingualText("How texts are scored.", "글에 점수를 매기는 법.")),
    ] + shared(.panel, .seed, .run), seconds: 600
  ) { order in [retrievalStep(order, idea: "idea.json")] }

  private static let knowledge = ControlAction(
    "build-knowledge-pack",
    BilingualText(
      "Writes down the formula language for models: signatures, examples, mistakes and rules.",
      "모델에게 알려 줄 수식 언어를 적는다. 서명, 예, 흔한 잘못, 규칙."),
    spends: false, parameters: shared(.panel, .run), seconds: 600
  ) { order in [buildKnowledge(order)] }

  private static let idea = ControlAction(
    "run-idea-agent",
    BilingualText(
      "Turns notes into an idea that alphas can be made for.",
      "메모를 알파를 만들 수 있는 아이디어로 바꾼다."),
    spends: true,
    parameters: [
      JobParameter(
        "input",
        .document(
          file: "notes.json", JobParameter.DocumentRule(types: ["object"], check: checkNotes),
          standard: nil),
        BilingualText(
          "The notes, such as category, hypothesis, idea_id.",
          "메모. category, hypothesis, idea_id 등."), isRequired: true)
    ] + shared(.seed, .run) + asking() + regenerations(), seconds: 600
  ) { order in [ideaStep(order)] }

  private static let alpha = ControlAction(
    "run-alpha-maker",
    BilingualText(
      "Asks a model for one formula for an idea.", "아이디어에 맞는 수식 하나를 모델에게 묻는다."),
    spends: true,
    parameters: [ideaDocument, ideaID, packDocument] + shared(.panel, .seed, .run)
      + asking() + regenerations(), seconds: 600
  ) { order in
    knowledgeStep(order) + [
      JobStep(
        "alpha", ["run-alpha-maker"],
        [
          ["--idea=idea.json"], order.option("idea-id", of: "idea_id"),
          ["--retrieval-pack=retrieval_pack.json", "--knowledge-pack-dir=\(order.knowledge)"],
          ["--output=candidate_alpha.json"], order.proposing,
        ])
    ]
  }

  private static let validation = ControlAction(
    "run-validation-loop",
    BilingualText(
      "Asks for one formula, repairs it until it checks, simulates and judges it.",
      "수식 하나를 묻고, 맞을 때까지 고치고, 시뮬레이션해 판정한다."),
    spends: true,
    parameters: [ideaDocument, ideaID, packDocument] + shared(.panel, .seed, .run) + repairing
      + asking() + regenerations(), seconds: 1_800
  ) { order in knowledgeStep(order) + [validationStep(order, idea: "idea.json")] }

  // MARK: - Steps

  private static func ideaStep(_ order: JobOrder) -> JobStep {
    JobStep(
      "idea", ["run-idea-agent"],
      [["--input=notes.json", "--output=idea_out.json"], order.proposing])
  }

  private static func retrievalStep(_ order: JobOrder, idea: String) -> JobStep {
    JobStep(
      "retrieval", ["build-retrieval-pack"],
      [
        ["--idea=\(idea)", "--output=retrieval_pack.json", "--run-id=\(order.runID)"],
        order.option("idea-id", of: "idea_id"), order.option("query", of: "query"),
        order.option("scoring", of: "scoring"), order.option("seed", of: "seed"), order.panel,
      ])
  }

  private static func knowledgeStep(_ order: JobOrder) -> [JobStep] {
    order.hasKnowledge ? [] : [buildKnowledge(order)]
  }

  private static func buildKnowledge(_ order: JobOrder) -> JobStep {
    JobStep(
      "knowledge", ["build-knowledge-pack"], [["--output-dir=\(order.knowledge)"], order.panel])
  }

  private static func validationStep(_ order: JobOrder, idea: String) -> JobStep {
    JobStep(
      "validation", ["run-validation-loop"],
      [
        ["--idea=\(idea)"], order.option("idea-id", of: "idea_id"),
        ["--retrieval-pack=retrieval_pack.json", "--knowledge-pack-dir=\(order.knowledge)"],
        ["--output=validated_candidates.json", "--report-output=validation_report.json"],
        ["--recordsets-dir=recordsets"],
        order.option("max-repair-attempts", of: "max_repair_attempts"),
        order.flag("stop-on-repeated-error", where: "stop_on_repeated_error"),
        order.flag("no-stop-on-repeated-error", where: "stop_on_repeated_error", is: false),
        order.flag("skip-simulation", where: "skip_simulation"), order.panel, order.proposing,
      ])
  }

  // MARK: - Parameters

  private static let ideaDocument = JobParameter(
    "idea",
    .document(
      file: "idea.json",
      JobParameter.DocumentRule(types: ["object", "array"], check: checkIdeas), standard: nil),
    BilingualText(
      "The idea, or a list of them, or the file of a job, such as jobs/<job_id>/idea_out.json.",
      "아이디어나 그 목록, 또는 jobs/<job_id>/idea_out.json 같은 작업의 파일."), isRequired: true)

  private static let ideaID = JobParameter(
    "idea_id", .text(.line, standard: nil),
    BilingualText(
      "Which idea of a list; otherwise the first.", "목록에서 쓸 아이디어. 없으면 첫째."))

  private static let packDocument = JobParameter(
    "retrieval_pack",
    .document(
      file: "retrieval_pack.json",
      JobParameter.DocumentRule(types: ["object"], check: checkPack), standard: nil),
    BilingualText(
      "The retrieval pack, or the file of a job, such as jobs/<job_id>/retrieval_pack.json.",
      "검색 묶음, 또는 jobs/<job_id>/retrieval_pack.json 같은 작업의 파일."), isRequired: true)

  private static let repairing = [
    JobParameter(
      "max_repair_attempts", .whole(0...20, standard: 3),
      BilingualText(
        "How often a formula that does not check is mended; 0 for never.",
        "맞지 않는 수식을 고치는 횟수. 0이면 고치지 않는다.")),
    JobParameter(
      "stop_on_repeated_error", .flag(standard: true),
      BilingualText(
        "Give up where the same error comes again after more was retrieved.",
        "더 찾은 뒤에도 같은 오류가 나오면 그만둔다.")),
    JobParameter(
      "skip_simulation", .flag(standard: false),
      BilingualText("Validate only.", "검증만 한다.")),
  ]

  private enum Shared { case panel, seed, run }

  private static func shared(_ wanted: Shared...) -> [JobParameter] {
    wanted.map { parameter in
      switch parameter {
      case .panel:
        JobParameter(
          "panel", .text(.name, standard: BundledData.equities),
          BilingualText("The panel of prices.", "가격 패널."))
      case .seed:
        JobParameter(
          "seed", .whole(0...1_000_000_000, standard: 1),
          BilingualText("Where all chance begins.", "모든 우연이 시작되는 곳."))
      case .run:
        JobParameter(
          run, .text(.name, standard: nil),
          BilingualText(
            "The run in the journal; otherwise one is named after the job.",
            "일지에 남는 실행 이름. 없으면 작업에서 따온다."))
      }
    }
  }

  /// The choice of a model. An address, a key or a file is none of a request's business.
  private static func asking(
    provider: String? = nil, ceiling: Int? = nil, verbosity: String? = nil, summary: String? = nil
  ) -> [JobParameter] {
    let providers = ProviderChoice.allCases.filter { $0 != .replay }.map(\.rawValue)
    return [
      JobParameter(
        "llm_provider", .choice(providers, standard: provider),
        BilingualText(
          "Who answers; otherwise what the server's environment says, or mock, the offline proposer.",
          "답할 모델 제공자. 없으면 서버의 환경이 정한다. mock은 오프라인 제안기다.")),
      JobParameter(
        "llm_model", .text(.model, standard: nil),
        BilingualText(
          "The model; otherwise the provider's usual one.", "모델. 없으면 제공자의 기본 모델.")),
      JobParameter(
        "reasoning_effort", .choice(ModelTuning.Effort.allCases.map(\.rawValue), standard: nil),
        BilingualText(
          "How much a model thinks before it answers.", "답하기 전에 생각하는 정도.")),
      JobParameter(
        "verbosity",
        .choice(ModelTuning.Verbosity.allCases.map(\.rawValue), standard: verbosity),
        BilingualText("How much a model writes.", "모델이 쓰는 양.")),
      JobParameter(
        "reasoning_summary",
        .choice(ModelTuning.Summary.allCases.map(\.rawValue), standard: summary),
        BilingualText("How a model sums up what it thought.", "생각을 요약하는 방식.")),
      JobParameter(
        "max_output_tokens", .whole(256...1_000_000, standard: ceiling),
        BilingualText(
          "The longest answer that is asked for, in tokens; the budget may allow less.",
          "요청하는 답의 최대 토큰. 예산이 더 줄일 수 있다.")),
    ]
  }

  private static func regenerations(_ standard: Int = 2) -> [JobParameter] {
    [
      JobParameter(
        "max_regenerations", .whole(0...20, standard: standard),
        BilingualText(
          "How often a model is asked anew where its answer cannot be read.",
          "답을 읽을 수 없을 때 다시 묻는 횟수."))
    ]
  }

  // MARK: - Checks

  private static func checkIdeas(_ document: JSONValue) throws(DocumentFailure) {
    _ = try IdeaFile.ideas(text: document.compactText, path: "the idea")
  }

  private static func checkPack(_ document: JSONValue) throws(DocumentFailure) {
    _ = try RetrievalPack(json: document, document: "the retrieval pack")
  }

  private static func checkNotes(_ document: JSONValue) throws(DocumentFailure) {
    guard case .object(let members) = document, !members.isEmpty else {
      throw DocumentFailure(
        document: "the notes", explanation: "The document holds no notes.",
        remedy: "Write one JSON object of notes.")
    }
  }
}
