// How large the best Sharpe ratio of many trials becomes by luck alone.

const eulerGamma = 0.5772156649015329;

/**
 * Returns the value below which a standard normal variable stays with a probability.
 *
 * Acklam's rational approximation; its relative error is below 1.2e-9.
 * @param {number} p in (0, 1)
 */
export function normalQuantile(p) {
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269,
    -30.66479806614716, 2.506628277459239];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
    -13.28068155288572];
  const c = [-0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
  const low = 0.02425;
  /** @param {number[]} factors @param {number} x */
  const polynomial = (factors, x) => factors.reduce((sum, factor) => sum * x + factor, 0);
  if (p < low || p > 1 - low) {
    const q = Math.sqrt(-2 * Math.log(p < low ? p : 1 - p));
    const tail = polynomial(c, q) / (polynomial(d, q) * q + 1);
    return p < low ? tail : -tail;
  }
  const q = p - 0.5;
  const r = q * q;
  return (polynomial(a, r) * q) / (polynomial(b, r) * r + 1);
}

/**
 * Returns the mean of some values and their standard deviation, that of a sample.
 * @param {number[]} values
 */
export function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/**
 * Returns the Sharpe ratio that the best of so many trials is expected to show although none of
 * them is worth anything.
 *
 * Bailey and López de Prado, The Deflated Sharpe Ratio (2014), equation 1, with a true mean of
 * zero. Trials of one campaign resemble each other, so that it is an upper estimate.
 * @param {number} trials how many were simulated
 * @param {number} deviation the standard deviation of their Sharpe ratios
 * @returns {number | null} null below two trials
 */
export function luckyBest(trials, deviation) {
  if (trials < 2 || !(deviation > 0)) return null;
  return deviation * ((1 - eulerGamma) * normalQuantile(1 - 1 / trials)
    + eulerGamma * normalQuantile(1 - 1 / (trials * Math.E)));
}
