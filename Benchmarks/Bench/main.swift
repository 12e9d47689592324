import AlphaLanguage
import Essentials
import Markets

let n = FormulaGraph.Node(.field("close"))
let r = FormulaGraph.Node(.apply(.rank), inputs: [0], options: [.number(2)])
print(EvaluationPlan([FormulaGraph(nodes: [n, r], root: 1)]).nodes.count)
