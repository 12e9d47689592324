"""Maximum likelihood in arch and hmmlearn; prints one line of JSON.

usage: estimation_peers.py garch|hmm RETURNS.f64...

The same files, models and starts as our suite: GARCH(1,1) with zero mean and normal steps, standard
errors included; Gaussian chains of two and three states from two starts each, ended where an iteration
raises the log-likelihood by less than 1e-5, without priors. Medians of three runs over all files.
"""

import json
import statistics
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np


def garch(returns):
    from arch import arch_model

    scale = returns.std()
    model = arch_model(
        returns / scale, mean="Zero", vol="GARCH", p=1, q=1, dist="normal", rescale=False)
    fit = model.fit(disp="off", cov_type="classic")
    assert np.isfinite(fit.std_err).all()
    return fit.loglikelihood - len(returns) * np.log(scale)


STARTS = {
    2: (((-0.8, 0.8), (0.4, 0.4)), ((0.05, -0.05), (0.4, 2))),
    3: (((-1, 0, 1), (0.4, 0.4, 0.4)), ((-0.1, 0, 0.1), (2.5, 0.3, 1))),
}


def chain(returns, states):
    scale = returns.std()
    values = ((returns - returns.mean()) / scale)[:, None]
    reached = max(raised(values, states, *start) for start in STARTS[states])
    return reached - len(returns) * np.log(scale)


def raised(values, states, means, variances):
    """The log-likelihood reached from a start, with scaled probabilities where they do not vanish, as
    they do behind a return of many deviations, else with logarithms, which take longer."""
    from hmmlearn.hmm import GaussianHMM

    for implementation in ("scaling", "log"):
        model = GaussianHMM(
            states, covariance_type="diag", min_covar=1e-8, covars_prior=0, covars_weight=1,
            n_iter=500, tol=1e-5, params="stmc", init_params="", implementation=implementation)
        model.startprob_ = np.full(states, 1 / states)
        model.transmat_ = np.full((states, states), 0.02 / (states - 1))
        np.fill_diagonal(model.transmat_, 0.98)
        model.means_ = np.array(means, float)[:, None]
        model.covars_ = np.array(variances, float)[:, None]
        try:
            return model.fit(values).monitor_.history[-1]
        except ValueError as failure:
            if implementation == "log" or "underflow" not in str(failure):
                raise


def timed(series, fit):
    times, found = [], []
    for _ in range(3):
        start = time.perf_counter()
        found = [fit(returns) for returns in series]
        times.append(time.perf_counter() - start)
    return {"seconds": statistics.median(times), "log_likelihoods": found}


def main(name, paths):
    warnings.filterwarnings("ignore")
    series = [np.fromfile(path) for path in paths]
    if name == "garch":
        garch(series[0][:2000])
        print(json.dumps({"version": version("arch"), "garch": timed(series, garch)}))
    else:
        chain(series[0][:2000], 2)
        print(json.dumps({
            "version": version("hmmlearn"),
            **{f"hmm{n}": timed(series, lambda returns, n=n: chain(returns, n)) for n in (2, 3)}}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
