"""How sure a figure is: intervals and paired tests, by fixed seeds, so that two runs give the same digits."""

from collections.abc import Sequence

SEED = 20190
RESAMPLES = 2000
LEVEL = 0.95


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile interval of the mean (Efron, 1979), over RESAMPLES draws of the questions."""
    import numpy as np

    sample = np.asarray(values, np.float64)
    if sample.min() == sample.max():
        return float(sample[0]), float(sample[0])
    drawn = np.random.default_rng(SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.quantile(sample[drawn].mean(axis=1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def clopper_pearson(count: int, total: int) -> tuple[float, float]:
    """The exact 95 % interval of a proportion (Clopper & Pearson, 1934); (0, 1) over nothing."""
    from scipy.stats import binomtest

    if not total:
        return 0.0, 1.0
    interval = binomtest(count, total).proportion_ci(LEVEL, method="exact")
    return float(interval.low), float(interval.high)


def paired_p(differences: Sequence[float], alternative: str = "two-sided") -> float:
    """How often chance alone gives such differences: a sign-flip permutation test on their mean.

    Exact up to 13 differences that are not 0, by RESAMPLES * 5 flips above. `alternative` is that of scipy: "less" asks
    whether the differences are below 0. 1 when nothing differs.
    """
    import numpy as np
    from scipy.stats import permutation_test

    moved = np.asarray([d for d in differences if d], np.float64)
    if not len(moved):
        return 1.0
    if len(moved) == 1:  # scipy wants two or more: one flip is as likely as the other
        return 1.0 if alternative == "two-sided" or (moved[0] > 0) == (alternative == "less") else 0.5
    result = permutation_test(
        (moved,),
        lambda flipped, axis: flipped.mean(axis=axis),
        permutation_type="samples",
        n_resamples=RESAMPLES * 5,
        alternative=alternative,
        vectorized=True,
        rng=np.random.default_rng(SEED),
    )
    return float(result.pvalue)
