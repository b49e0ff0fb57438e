#!/usr/bin/env python3
"""Holds the figures of src/statistics to those of SciPy, statsmodels and scikit-learn on random input.

    tests/statistics/compare.py PROGRAM

PROGRAM answers questions (tests/statistics/figures.cpp). The libraries come with `make reference`; without them this ends with
exit code 77, which ctest shows as skipped.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARIES = ROOT / "build" / "reference" / "unpacked" / "usr" / "lib"
sys.path.insert(0, str(LIBRARIES / "python3" / "dist-packages"))
try:
    import numpy
    import scipy.stats
    import sklearn.calibration
    import sklearn.isotonic
    import sklearn.metrics
    import statsmodels.api
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportion_confint
except ImportError as error:
    print(f"SKIPPED: {error}. `make reference` fetches NumPy, SciPy, statsmodels and scikit-learn, and runs this.")
    sys.exit(77)

ROUNDS = 40


def distributions(random):
    """(question, numbers of the question, expected, tolerance of its size)"""
    z, p = random.normal(0, 3), random.uniform(1e-6, 1 - 1e-6)
    yield "normal_cdf", [z], [scipy.stats.norm.cdf(z)], 1e-13
    yield "normal_quantile", [p], [scipy.stats.norm.ppf(p)], 1e-12
    a, b = numpy.exp(random.uniform(-1, 7, 2))
    x = random.beta(a, b)
    yield "beta_cdf", [a, b, x], [scipy.stats.beta.cdf(x, a, b)], 1e-9
    yield "beta_quantile", [a, b, p], [scipy.stats.beta.ppf(p, a, b)], 1e-8
    n = int(random.integers(1, 400))
    k = int(random.integers(0, n + 1))
    yield "binomial_tail", [k, n, p], [scipy.stats.binom.sf(k - 1, n, p)], 1e-9
    yield "clopper_pearson", [k, n, 0.95], proportion_confint(k, n, 0.05, "beta"), 1e-9
    yield "wilson", [k, n, scipy.stats.norm.ppf(0.975)], proportion_confint(k, n, 0.05, "wilson"), 1e-10


def samples(random):
    values = random.standard_t(4, int(random.integers(20, 300))) + 0.2
    values[1:] += 0.4 * values[:-1]
    n = len(values)
    yield "moments", [n, *values], [values.mean(), values.std(ddof=1), scipy.stats.skew(values),
                                    scipy.stats.kurtosis(values, fisher=False)], 1e-9
    yield "quartiles", [n, *values], numpy.quantile(values, [0.25, 0.5, 0.75]), 1e-13
    lags = int(random.integers(0, 10))
    fit = statsmodels.api.OLS(values, numpy.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
    yield "newey_west", [lags, n, *values], [fit.params[0], fit.bse[0], fit.tvalues[0]], 1e-8
    p = random.uniform(0, 1, int(random.integers(1, 40))) ** 3
    for method in ("fdr_bh", "fdr_by", "holm"):
        yield method, [len(p), *p], multipletests(p, method=method)[1], 1e-12


def maps(random):
    n = int(random.integers(60, 300))
    x = numpy.sort(random.normal(80, 8, n).round(1))
    y = (random.uniform(0, 1, n) < 1 / (1 + numpy.exp(-(x - 82) / 6))).astype(float)
    weight = random.uniform(0.1, 1, n)
    question = [n, *x, *y, *weight]
    yield "isotonic", question, sklearn.isotonic.IsotonicRegression().fit(x, y, weight).predict(x), 1e-10
    design = statsmodels.api.add_constant(x)
    fit = statsmodels.api.GLM(y, design, family=statsmodels.api.families.Binomial(), freq_weights=weight).fit(tol=1e-13)
    yield "logistic", question, [fit.params[1], fit.params[0]], 1e-7
    # The library minimises to a gradient of 1e-5, from a start of its own.
    a, b = sklearn.calibration._sigmoid_calibration(x - 80, y)
    yield "platt", [n, *(x - 80), *y, *numpy.ones(n)], [a, b], 1e-3

    claimed = (1 / (1 + numpy.exp(-random.normal(0, 1.5, n)))).round(3).clip(0.001, 0.999)
    came = (random.uniform(0, 1, n) < claimed).astype(float)
    question = [n, *claimed, *came, *weight]
    yield "brier", question, [sklearn.metrics.brier_score_loss(came, claimed, sample_weight=weight)], 1e-12
    yield "log_loss", question, [sklearn.metrics.log_loss(came, claimed, sample_weight=weight)], 1e-10
    yield "area_under_curve", question, [sklearn.metrics.roc_auc_score(came, claimed, sample_weight=weight)], 1e-10
    design = statsmodels.api.add_constant(numpy.log(claimed / (1 - claimed)))
    fit = statsmodels.api.GLM(came, design, family=statsmodels.api.families.Binomial(), freq_weights=weight).fit(tol=1e-13)
    yield "calibration_line", question, [fit.params[1], fit.params[0]], 1e-7


def main():
    random = numpy.random.default_rng(20260101)
    asked = [case for _ in range(ROUNDS) for group in (distributions, samples, maps) for case in group(random)]
    lines = [" ".join([name, *(repr(float(number)) for number in numbers)]) for name, numbers, _, _ in asked]
    answer = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"{sys.argv[1]}: {answer.stderr}")
    worst, failures = {}, 0
    answers = answer.stdout.splitlines()
    if len(answers) != len(asked):
        sys.exit(f"{len(asked)} questions, {len(answers)} answers")
    for (name, _, expected, tolerance), line in zip(asked, answers):
        found, expected = numpy.array(line.split(), dtype=float), numpy.array(expected, dtype=float)
        error = numpy.max(numpy.abs(found - expected) / numpy.maximum(1, numpy.abs(expected)))
        worst[name] = max(worst.get(name, 0), error)
        if not error <= tolerance:
            failures += 1
            print(f"{name}: {found} and not {expected}: {error:.1e}, allowed are {tolerance:.0e}")
    for name, error in worst.items():
        print(f"{name:18} {ROUNDS} times, largest difference {error:.1e}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
