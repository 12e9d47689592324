import Essentials

/// How pages show operators: a group, a color, and hints in Korean for people.
///
/// Nothing of it belongs into a prompt.
enum OperatorDisplay {
  static func document(of signature: OperatorSignature) -> JSONValue {
    let look = look(of: signature.category)
    return [
      "name": .string(signature.name), "category": .string(signature.category),
      "scope": .strings(signature.scope), "signature": .string(signature.definition),
      "display": [
        "group": .string(look.group), "badge_color": .string(look.color),
        "complexity": .string(look.complexity),
      ],
      "tips": .strings(tips(for: signature.name)),
    ]
  }

  private static func look(
    of category: String
  ) -> (group: String, color: String, complexity: String) {
    switch category {
    case "Time Series": ("timeseries", "cyan", "medium")
    case "Cross Sectional": ("cross_sectional", "amber", "low")
    case "Group": ("group_ops", "orange", "medium")
    case "Transformational": ("transform", "blue", "low")
    case "Vector": ("vector_ops", "green", "medium")
    case "Logical": ("logical", "rose", "medium")
    default: ("misc", "slate", "medium")
    }
  }

  private static func tips(for name: String) -> [String] {
    switch name {
    case _ where name.hasPrefix("hump") || name.contains("decay"):
      ["회전율을 낮출 때 마지막 단계에 씁니다.", "너무 길게 잡으면 신호가 늦어집니다."]
    case _ where name.hasPrefix("ts_"):
      ["기간 d는 양의 정수로 직접 적습니다.", "결측이 많은 데이터는 먼저 ts_backfill로 채웁니다."]
    case _ where name.hasPrefix("group_"):
      ["그룹 인자에는 GROUP 필드나 bucket 결과만 넣습니다.", "중립화는 한 번이면 충분합니다."]
    case _ where name.hasPrefix("vec_"):
      ["VECTOR 필드를 하루 한 개의 값으로 줄입니다.", "다른 연산자보다 가장 먼저 적용합니다."]
    case "rank", "zscore", "scale", "quantile", "normalize", "winsorize":
      ["종목 간 값을 비교할 수 있게 만듭니다.", "정규화를 두 번 겹치지 않습니다."]
    case "trade_when", "if_else":
      ["조건이 참일 때만 신호를 바꿉니다.", "조건이 너무 드물면 거래가 거의 일어나지 않습니다."]
    default: ["입력과 결과의 단위를 확인합니다.", "설명의 서명대로 인자를 적습니다."]
    }
  }
}
