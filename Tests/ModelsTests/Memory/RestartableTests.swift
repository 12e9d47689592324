import Essentials
import Testing

@testable import Models

@Suite("Saved states")
struct RestartableTests {
  /// The saved state of a model with one member replaced.
  private func damaged<Model: Restartable>(
    _ model: Model, _ name: String, _ value: JSONValue
  ) -> JSONValue {
    guard case .object(let members) = model.savedState else { return .null }
    return .object(members.map { $0.name == name ? JSONValue.Member(name, value) : $0 })
  }

  private func expectRefusal<Model: Restartable>(
    _ type: Model.Type, _ settings: Model.Settings, _ name: String, _ value: JSONValue,
    at keyPath: String
  ) {
    let failure = #expect(throws: DocumentFailure.self) {
      try Model(settings, resuming: damaged(Model(settings), name, value))
    }
    #expect(failure?.defects.map(\.keyPath) == [keyPath])
  }

  @Test("a state that no model can have come to is refused, and the place is named")
  func damage() {
    expectRefusal(
      KalmanDrift.self, KalmanDrift.Settings(), "spread", .numbers([1, 0, -1]), at: "spread")
    expectRefusal(
      KalmanDrift.self, KalmanDrift.Settings(), "variance", .array([3, .number(-1)]),
      at: "variance[1]")
    expectRefusal(
      KalmanDrift.self, KalmanDrift.Settings(), "variance", .array([.number(0.5), 1]),
      at: "variance[0]")
    expectRefusal(
      HiddenMarkov.self, HiddenMarkov.Settings(parameters: .twoStates), "probabilities",
      .numbers([0.5, 0.4]), at: "probabilities")
    expectRefusal(
      Autoregression.self, Autoregression.Settings(), "regression",
      .array([2, 1, 1, 0, 0, .number(-1), 0, 1]), at: "regression")
    expectRefusal(
      HurstExponent.self, HurstExponent.Settings(), "products", .numbers([1]), at: "products")
    expectRefusal(
      MovingAverageRegime.self, MovingAverageRegime.Settings(), "short",
      ["place": 0, "count": 0, "sum": 0, "values": .numbers([1])], at: "short.values")
    expectRefusal(
      MovingAverageRegime.self, MovingAverageRegime.Settings(), "short", .null, at: "short")
    expectRefusal(
      VPIN.self, VPIN.Settings(buckets: 1), "buckets",
      [
        "bucket_volume": 2, "bought": 3, "sold": 0, "place": 0, "closed_count": 0,
        "closed_ever": 0, "imbalances": .numbers([0]), "volumes": .numbers([0]),
      ], at: "buckets.bucket_volume")
  }

  @Test("a member that the model does not know is refused")
  func unknown() {
    let settings = BayesianDrift.Settings()
    guard case .object(let members) = BayesianDrift(settings).savedState else { return }
    let state = JSONValue.object(members + [JSONValue.Member("mood", "good")])
    let failure = #expect(throws: DocumentFailure.self) {
      try BayesianDrift(settings, resuming: state)
    }
    #expect(failure?.defects.map(\.keyPath) == ["mood"])
  }
}
