import Testing

/// Models that LightGBM 4.7.0 trained on 800 seeded rows of four features, the last a category, and
/// what it says of the rows of the tests. Lines that no prediction depends on are left out.
struct RecordedTrees: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// The sums of the leaves.
  let scores: [Double]
  let chances: [Double]

  var testDescription: String { name }

  static let all = [
    RecordedTrees(
      name: "missing numbers",
      text: """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=3
        objective=binary sigmoid:1
        feature_names=ofi mlofi vpin session

        Tree=0
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 0 0
        threshold=0.26550000000000007 0 1.1665000000000003 -0.64049999999999996 \
        -0.87299999999999989
        decision_type=2 1 10 2 2
        left_child=1 4 3 -3 -1
        right_child=-2 2 -4 -5 -6
        leaf_value=0.23960035139669025 0.58610096806379963 -0.063488903190855928 \
        0.47611176593263849 0.14781980247229248 0.51347350938709324
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=1
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 1 0
        threshold=0.27250000000000008 0 1.1665000000000003 -0.48349999999999993 0.79800000000000015
        decision_type=2 1 10 8 2
        left_child=1 -1 -3 4 -2
        right_child=3 2 -4 -5 -6
        leaf_value=0.06204664919395806 -0.17846579740850821 -0.23523149705457227 \
        0.10415870998899164 0.24432223872179348 0.20014636639808803
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=2
        num_leaves=6
        num_cat=0
        split_feature=0 1 0 0 1
        threshold=-0.25249999999999995 -0.44949999999999996 0.92450000000000021 \
        -0.87299999999999989 -0.78249999999999986
        decision_type=2 8 2 2 8
        left_child=3 2 -2 -1 -5
        right_child=1 -3 -4 4 -6
        leaf_value=-0.23586748527780857 -0.121603184193004 0.1771536667760692 0.20421376042684516 \
        -0.30080530309708775 -0.018903044272399732
        is_linear=0

        Tree=3
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 0 1
        threshold=0.57500000000000007 0 -0.12749999999999997 -0.073499999999999996 \
        0.65100000000000013
        decision_type=2 1 8 2 8
        left_child=1 4 -3 -4 -1
        right_child=-2 2 3 -5 -6
        leaf_value=0.025596692891875161 0.18918937359771515 -0.2329303930863052 \
        -0.13448322485588365 0.097365440597196207 0.23140350010159494
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=4
        num_leaves=6
        num_cat=1
        split_feature=0 1 3 0 1
        threshold=-0.45549999999999996 -1.1504999999999999 0 1.1460000000000001 1.1665000000000003
        decision_type=2 8 1 2 10
        left_child=4 -2 -3 -4 -1
        right_child=1 2 3 -5 -6
        leaf_value=-0.16232507740596794 -0.1488700070090577 0.17319807961223627 \
        -0.0023305326503014765 0.22557606012929521 0.087125199876274512
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=5
        num_leaves=6
        num_cat=1
        split_feature=0 1 3 0 2
        threshold=-0.67849999999999999 -0.44949999999999996 0 1.0630000000000004 \
        0.23400000000000001
        decision_type=2 8 1 2 2
        left_child=-1 2 -2 4 -3
        right_child=1 3 -4 -5 -6
        leaf_value=-0.14338301412937934 0.044103101841396083 0.11943419829386814 \
        -0.11777026864457388 0.24974296994582842 -0.010644566167205485
        cat_boundaries=0 1
        cat_threshold=26
        is_linear=0

        end of trees

        """,
      scores: [
        1.325805844359642, -0.008525076120912578, 0.3042110784345523, 1.2874562599711692,
        0.9718932489384622, -0.1236942980669965, 0.3042110784345523, -0.5620460731564644,
      ],
      chances: [
        0.7901460259798457, 0.4978687438775176, 0.5754716258069256, 0.78371632359076,
        0.7254967015826533, 0.46911579352758664, 0.5754716258069256, 0.36307417017425553,
      ]),
    RecordedTrees(
      name: "zeros as missing",
      text: """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=3
        objective=binary sigmoid:1
        feature_names=ofi mlofi vpin session

        Tree=0
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 0 0
        threshold=0.26550000000000007 0 1.1665000000000003 -0.64049999999999996 \
        -0.87299999999999989
        decision_type=4 1 6 6 6
        left_child=1 4 3 -3 -1
        right_child=-2 2 -4 -5 -6
        leaf_value=0.23960035139669025 0.58645554890908325 -0.063488903190855928 \
        0.47611176593263849 0.14452229772051767 0.51347350938709324
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=1
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 1 0
        threshold=0.27250000000000008 0 1.1665000000000003 -0.48349999999999993 0.79800000000000015
        decision_type=4 1 6 4 4
        left_child=1 -1 -3 4 -2
        right_child=3 2 -4 -5 -6
        leaf_value=0.062046342254588882 -0.17855477619557192 -0.23687240575972363 \
        0.10415653395304386 0.24427600803902572 0.2024115739563922
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=2
        num_leaves=6
        num_cat=0
        split_feature=0 1 0 0 1
        threshold=-0.25249999999999995 -0.44949999999999996 0.92450000000000021 \
        -0.87299999999999989 -0.78249999999999986
        decision_type=4 4 4 6 4
        left_child=3 2 -2 -1 -5
        right_child=1 -3 -4 4 -6
        leaf_value=-0.23568305667670295 -0.12684057220686507 0.17731148785590911 \
        0.20588832423409331 -0.30029764419199151 -0.018407695954147454
        is_linear=0

        Tree=3
        num_leaves=6
        num_cat=1
        split_feature=0 3 1 0 1
        threshold=0.57500000000000007 0 -0.12749999999999997 -0.073499999999999996 \
        0.65100000000000013
        decision_type=4 1 4 6 4
        left_child=1 4 -3 -4 -1
        right_child=-2 2 3 -5 -6
        leaf_value=0.025758401687238221 0.18950956378289607 -0.236348638358891 \
        -0.13403421232736917 0.097744988056877369 0.23136528136127224
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=4
        num_leaves=6
        num_cat=1
        split_feature=0 1 0 3 1
        threshold=-0.45549999999999996 -1.1504999999999999 1.0630000000000004 0 1.1665000000000003
        decision_type=4 4 4 1 6
        left_child=4 -2 3 -3 -1
        right_child=1 2 -4 -5 -6
        leaf_value=-0.16200312393783245 -0.14770438524198207 0.15885413783419119 \
        0.22963409779346874 -0.0055240980637269524 0.087006665934793628
        cat_boundaries=0 1
        cat_threshold=18
        is_linear=0

        Tree=5
        num_leaves=6
        num_cat=0
        split_feature=0 1 0 0 1
        threshold=-0.67849999999999999 -0.44949999999999996 0.92450000000000021 \
        1.0630000000000004 -1.5844999999999998
        decision_type=4 4 4 6 6
        left_child=-1 2 4 -3 -2
        right_child=1 3 -4 -5 -6
        leaf_value=-0.14323128242056535 -0.28144087415954799 0.081131919004105102 \
        0.14919148632873316 0.24799661498413705 -0.053677738085865769
        is_linear=0

        end of trees

        """,
      scores: [
        1.2737875033295527, -0.00790548802254934, 1.508318625384488, 1.5630905950046667,
        0.9309325967388469, -0.16918419538034446, 1.508318625384488, -0.5147411547545547,
      ],
      chances: [
        0.7813904165748443, 0.49802363828736584, 0.818811893531915, 0.8267963860339737,
        0.7172644508439421, 0.45780455089474376, 0.818811893531915, 0.3740827475377557,
      ]),
  ]
}
