"""Estimators of time to solution: against exact laws, and their intervals by coverage.

Coverage is computed exactly where the law is discrete; else by simulation, where more misses than
a sound 95 % interval shows with probability 1e-6 are a failure (false alarms, stated). Every such
check has a control that must fail it.
"""

import numpy as np
import pytest
from scipy import stats

from cases import some
from pbit.statistics import (
    HitTimes,
    ReadCounts,
    SweepCounts,
    cutoff_tts,
    median_tts,
    performance_profile,
    power_law,
    residual_curve,
    scaling_exponent,
    tts_from_success,
    tuned_tts,
)
from pbit.statistics.success import random_nested_success, random_success

ALPHA = 1e-6
LN100 = np.log(100)


def too_many(misses, rounds, level=0.05):
    """Whether an interval that misses with probability ``level`` would not miss as often."""
    return stats.binom.sf(misses - 1, rounds, level) < ALPHA


# --- reads of a fixed length


def test_formula_is_that_of_the_geometric_law():
    """Two reads of success 0.9 leave 1 % of failure, three of 1 - 0.01^(1/3)."""
    third = 1 - 0.01 ** (1 / 3)
    assert tts_from_success([0.9, third], 2.0) == pytest.approx([4.0, 6.0], rel=1e-12)
    assert tts_from_success(0.5, 1.0, probability=0.75) == pytest.approx(2.0, rel=1e-12)


def test_certain_and_impossible_success():
    assert tts_from_success([0.0, 0.999, 1.0], 3.0).tolist() == [np.inf, 3.0, 3.0]
    assert tts_from_success([0.5, 1.0], 0.1, least_s=6.4).tolist() == [6.4, 6.4]
    assert ReadCounts(0, 10, 1.0).tts() == np.inf
    assert ReadCounts(10, 10, 1.0).tts() == 0.1
    assert ReadCounts(10, 10, 1.0, reads_at_once=5).tts() == 0.5
    assert ReadCounts(10, 10, 1.0, reads_at_once=64).tts() == 1.0  # no more than were made


def test_small_probabilities_do_not_cancel():
    assert tts_from_success(1e-18, 1.0) == pytest.approx(LN100 * 1e18, rel=1e-9)


def coverage(reads, p, confidence, interval):
    """Probability that the interval holds the true time, by summing over all counts."""
    truth = float(tts_from_success(p, 1e-3))
    weights = stats.binom.pmf(np.arange(reads + 1), reads, p)
    ends = [interval(ReadCounts(k, reads, 1e-3 * reads), confidence) for k in range(reads + 1)]
    return sum(w for w, (low, high) in zip(weights, ends, strict=True) if low <= truth <= high)


@pytest.mark.parametrize("reads", [3, 30, 200])
@pytest.mark.parametrize("p", [0.004, 0.03, 0.3, 0.9])
def test_intervals_of_counts_cover(reads, p):
    assert coverage(reads, p, 0.95, lambda c, level: c.interval(confidence=level)) >= 0.95


def test_control_an_interval_without_tails_does_not_cover():
    """p +- 1.96 sqrt(p (1-p) / n) collapses at k = 0 and k = n."""

    def wald(counts, _):
        p, error = counts.success, 1.96 * np.sqrt(counts.success * (1 - counts.success) / 30)
        ends = np.clip([p + error, p - error], 0, 1)
        return tuple(tts_from_success(ends, counts.read_s))

    assert coverage(30, 0.03, 0.95, wald) < 0.9


def test_ends_without_hits_and_with_nothing_else():
    low, high = ReadCounts(0, 100, 1.0).interval()
    assert 0 < low < 2 and high == np.inf  # 1 - 0.025^(1/100) = 0.036 at most
    assert ReadCounts(100, 100, 1.0).interval()[0] == 0.01
    assert low == pytest.approx(0.01 * LN100 / -np.log(0.025 ** (1 / 100)), rel=1e-9)


def test_draws_have_the_interval_as_quantiles():
    """100,000 draws: the 2.5 % quantile is at its level within 4.9 binomial errors."""
    counts, rng = ReadCounts(4, 50, 1.0), np.random.default_rng(1)
    low, high = counts.interval()
    below = (counts.draws(rng, 10**5, side="low") < low).mean()
    above = (counts.draws(rng, 10**5, side="high") > high).mean()
    error = np.sqrt(0.025 * 0.975 / 10**5)
    assert max(abs(below - 0.025), abs(above - 0.025)) < 4.9 * error
    assert random_success(rng, [0, 5], 5, side="high").tolist()[0] == 0.0
    assert random_success(rng, [0, 5], 5, side="low").tolist()[1] == 1.0


# --- first hits


def first_hits(rng, runs, limit, draw):
    times = draw(rng, runs)
    return HitTimes(np.minimum(times, limit), times <= limit)


def test_mean_with_restarts_needs_no_law():
    """Times uniform in (0, 2), stopped at 0.5: (0.5 - 0.5^2/4) / 0.25 = 1.75 on average."""
    rng, found = np.random.default_rng(2), []
    for _ in range(400):
        runs = first_hits(rng, 200, 0.5, lambda r, n: r.uniform(0, 2, n))
        found.append(1 / runs.mean_s)
    # hits / time: mean of ratios is off by 1/200 of itself at most
    error = np.std(found) / 20
    assert abs(np.mean(found) - 1 / 1.75) < 4.9 * error + 1 / 1.75 / 200


def misses_of_first_hits(change, rounds=1500):
    rng, missed = np.random.default_rng(3), 0
    truth = LN100 * 2.0
    for _ in range(rounds):
        runs = change(first_hits(rng, 12, 3.0, lambda r, n: r.exponential(2.0, n)))
        low, high = runs.interval()
        missed += not low <= truth <= high
    return missed, rounds


def test_intervals_of_first_hits_cover():
    assert not too_many(*misses_of_first_hits(lambda runs: runs))


def test_control_runs_without_those_that_were_stopped():
    def without(runs):
        return HitTimes(runs.seconds[runs.hit], runs.hit[runs.hit]) if runs.hits else runs

    assert too_many(*misses_of_first_hits(without))


def test_runs_without_a_hit():
    runs = HitTimes([1.0, 1.0], [False, False])
    assert (runs.tts(), runs.mean_s, runs.quantile()) == (np.inf, np.inf, np.inf)
    low, high = runs.interval()
    assert low == pytest.approx(LN100 * 2 / -np.log(0.025)) and high == np.inf
    rng = np.random.default_rng(0)
    assert np.isinf(runs.draws(rng, 3, side="high")).all()
    assert np.isfinite(runs.draws(rng, 3, side="low")).all()


def test_never_less_than_the_quickest_hit():
    assert HitTimes([1.0] * 50, [True] * 50).tts(0.5) == 1.0


def test_quantile_of_times_all_seen_is_the_order_statistic():
    times = np.random.default_rng(4).exponential(size=200)
    runs = HitTimes(times, np.ones(200, dtype=bool))
    assert runs.quantile(0.99) == np.sort(times)[197]


def test_quantile_takes_stopped_runs_as_longer():
    """Kaplan and Meier by hand: 4/5 survive 1 s, 2/3 of these survive 3 s: 0.533, then 0.267."""
    runs = HitTimes([1.0, 2.0, 3.0, 4.0, 5.0], [True, False, True, True, False])
    assert (runs.quantile(0.2), runs.quantile(0.46), runs.quantile(0.7)) == (1.0, 3.0, 4.0)
    assert runs.quantile(0.9) == np.inf


# --- first hits without a law

LAWS = {
    "long tail": (stats.lognorm(1.5), 3.0),
    "exponential": (stats.expon(), 1.5),
    "narrow": (stats.gamma(9, scale=1 / 9), np.inf),
}


def best_time(law, limit):
    """Smallest c max(1, ln 0.01 / ln(1 - F(c))) up to the limit."""
    c = np.minimum(law.ppf(np.linspace(1e-3, 1 - 1e-6, 20001)), limit)
    return float(tts_from_success(law.cdf(c), c).min())


def misses_of_cutoffs(law, limit, interval, rounds=250):
    rng, missed = np.random.default_rng(10), 0
    truth = best_time(law, limit)
    for _ in range(rounds):
        times = law.rvs(40, random_state=rng)
        low, high = interval(HitTimes(np.minimum(times, limit), times <= limit))
        missed += not low <= truth <= high
    return missed, rounds


@pytest.mark.parametrize("name", some(LAWS, "long tail"))
def test_intervals_of_runs_started_anew_cover(name):
    law, limit = LAWS[name]

    def cutoff(runs):
        found = cutoff_tts([runs], num_draws=200).tts
        return found.low, found.high

    assert not too_many(*misses_of_cutoffs(law, limit, cutoff))


@pytest.mark.parametrize("name", ["long tail", "narrow"])
def test_control_the_exponential_law(name):
    law, limit = LAWS[name]
    assert too_many(*misses_of_cutoffs(law, limit, lambda runs: runs.interval()))


def test_runs_started_anew_find_the_best_cutoff():
    """Many runs of a long tail: within 4.9 errors of the best restart, far from one run."""
    law = stats.lognorm(1.5)
    times = law.rvs(20000, random_state=np.random.default_rng(11))
    found = cutoff_tts([HitTimes(times, times < np.inf)], confidence=1 - 1e-6).tts
    assert found.low < best_time(law, np.inf) * 1.02 and best_time(law, np.inf) < found.high
    assert found.high < law.ppf(0.99) / 3


def test_runs_without_a_hit_have_a_low_end_only():
    found = cutoff_tts([HitTimes([1.0] * 10, [False] * 10)]).tts
    assert found.value == found.high == np.inf and 1.0 < found.low < np.inf


def test_a_single_hit_is_a_finite_time():
    """One of ten, seen by one half: the other chooses the limit, where 1 of 5 succeeded."""
    found = cutoff_tts([HitTimes([0.5] + [1.0] * 9, [True] + [False] * 9)]).tts
    assert found.value == pytest.approx(2 * float(tts_from_success(0.2, 1.0)), rel=1e-9)


def test_nested_draws_never_fall_and_have_the_beta_marginals():
    rng = np.random.default_rng(12)
    hits = np.broadcast_to([0, 3, 3, 10], (20000, 4))
    for side, extra in (("low", 1), ("high", 0)):
        drawn = random_nested_success(rng, hits, 10, side=side)
        assert (np.diff(drawn, axis=1) >= 0).all()
        law = stats.beta(3 + extra, 10 - 3 + 1 - extra)
        assert stats.kstest(drawn[:, 1], law.cdf).pvalue > ALPHA
    assert (drawn[:, 0] == 0).all()
    # control: the law of the other end
    assert stats.kstest(drawn[:, 1], stats.beta(4, 7).cdf).pvalue < ALPHA


# --- medians over instances


def misses_of_medians(interval, rounds=300):
    """Instances of log-normal success; the true median of their times is known."""
    rng, missed = np.random.default_rng(5), 0
    truth = float(tts_from_success(0.05, 1e-3))
    for _ in range(rounds):
        p = np.clip(0.05 * np.exp(rng.normal(0, 1, 15)), 0, 1)
        counts = [ReadCounts(int(k), 1000, 1.0) for k in rng.binomial(1000, p)]
        low, high = interval(counts)
        missed += not low <= truth <= high
    return missed, rounds


def test_intervals_of_medians_cover():
    def nested(counts):
        found = median_tts(counts, num_draws=300)
        return found.low, found.high

    assert not too_many(*misses_of_medians(nested))


def test_control_an_interval_over_reads_alone():
    def reads_only(counts):
        rng = np.random.default_rng(0)
        ends = [
            np.median([c.draws(rng, 300, side=side) for c in counts], axis=0)
            for side in ("low", "high")
        ]
        return np.quantile(ends[0], 0.025), np.quantile(ends[1], 0.975)

    assert too_many(*misses_of_medians(reads_only))


def test_one_instance_has_its_own_interval():
    counts = ReadCounts(3, 50, 1.0)
    found = median_tts([counts])
    assert (found.value, found.low, found.high) == (counts.tts(), *counts.interval())


def test_half_unsolved_is_infinite_with_a_finite_low_end():
    found = median_tts([ReadCounts(0, 100, 1.0)] * 3 + [ReadCounts(50, 100, 1.0)] * 2)
    assert found.value == found.high == np.inf
    assert 0 < found.low < np.inf


def test_medians_are_reproducible():
    runs = [HitTimes([1.0, t], [True, True]) for t in (0.5, 2.0, 3.0)]
    assert median_tts(runs, seed=1) == median_tts(runs, seed=1)
    assert median_tts(runs, seed=1) != median_tts(runs, seed=2)


# --- the best number of sweeps


def equally_good(rng, reads=400, success=0.02):
    """Six lengths that are all equally good: read k takes k times as long, hits k times as often.

    Success is small, so that rates are as good as linear in it.
    """
    factors = np.array([1, 2, 3, 4, 5, 6])
    hits = rng.binomial(reads, success / 6 * factors, size=(2, 6))
    seconds = np.broadcast_to(1e-3 * factors * reads, (2, 6))
    return SweepCounts(100 * factors, hits, np.full((2, 6), reads), seconds)


def rates(rounds=1500):
    rng = np.random.default_rng(6)
    found = [tuned_tts([equally_good(rng)], num_draws=2) for _ in range(rounds)]
    return np.array([[1 / each.tts.value, 1 / each.naive] for each in found]).T


@pytest.mark.slow
def test_choosing_on_the_other_half_has_no_bias():
    """The mean rate against the true one, within 4.9 errors and its 1/800 from the logarithm."""
    crossed, naive = rates()
    true = 0.02 / 6 / 1e-3 / LN100
    error = crossed.std() / np.sqrt(crossed.size)
    assert abs(crossed.mean() - true) < 4.9 * error + 0.01 * true
    # control: the smallest of six is too good
    assert naive.mean() - true > 4.9 * naive.std() / np.sqrt(naive.size) + 0.1 * true


def misses_of_the_best(interval, rounds=1000):
    rng, missed = np.random.default_rng(7), 0
    truth = LN100 * 1e-3 / (0.02 / 6)
    for _ in range(rounds):
        low, high = interval(equally_good(rng, reads=150))
        missed += not 0.98 * low <= truth <= 1.02 * high  # -ln(1 - p) against p
    return missed, rounds


def test_intervals_of_the_best_cover():
    def tuned(each):
        found = tuned_tts([each], num_draws=200).tts
        return found.low, found.high

    assert not too_many(*misses_of_the_best(tuned))


def test_control_the_interval_of_the_smallest():
    def smallest(each):
        counts = [each.counts(k) for k in range(6)]
        return min(counts, key=lambda c: c.tts()).interval(confidence=0.95)

    assert too_many(*misses_of_the_best(smallest))


def two_lengths(first, second, reads=100):
    """Hits of the halves at 100 and 1000 sweeps; reads of 1 and of 10 ms."""
    return SweepCounts([100, 1000], [first, second], np.full((2, 2), reads),
                  [[1e-3 * reads, 1e-2 * reads]] * 2)  # fmt: skip


def test_halves_that_agree_are_taken_together():
    found = tuned_tts([two_lengths([2, 50], [0, 40])])
    assert found.num_sweeps.tolist() == [1000, 1000] and found.at_edge
    assert found.tts.value == pytest.approx(ReadCounts(90, 200, 2.0).tts(), rel=1e-12)


def test_halves_that_differ_are_told_by_each_other():
    """The first half chooses 1000, where the second has no hit, and the other way round."""
    found = tuned_tts([two_lengths([0, 50], [5, 0])])
    assert found.num_sweeps.tolist() == [1000, 100]
    assert found.tts.value == found.tts.high == np.inf
    assert found.naive < 1.0


def test_one_length_for_all_or_one_for_each():
    easy, hard = two_lengths([20, 30], [20, 30]), two_lengths([0, 20], [0, 20])
    assert tuned_tts([easy, hard, hard]).num_sweeps.tolist() == [1000, 1000]
    each = tuned_tts([easy, hard, hard], per="instance")
    assert each.num_sweeps.tolist() == [[100, 100], [1000, 1000], [1000, 1000]]
    assert each.instance_tts[0] == pytest.approx(ReadCounts(40, 200, 0.2).tts(), rel=1e-12)


def test_a_single_length_is_the_median_itself():
    instances = [SweepCounts([7], [[k], [2]], [[10], [10]], [[0.1], [0.1]]) for k in (1, 4, 3)]
    counts = [ReadCounts(k + 2, 20, 0.2) for k in (1, 4, 3)]
    found = tuned_tts(instances, seed=3)
    assert found.tts == median_tts(counts, seed=3) and not found.at_edge


def test_nothing_solved_at_any_length():
    found = tuned_tts([two_lengths([0, 0], [0, 0])] * 3)
    assert found.tts.value == found.tts.high == np.inf
    assert np.isfinite(found.tts.low)


# --- curves and exponents


def test_residual_energy_of_one_instance_has_the_error_of_its_reads():
    curve = residual_curve([[[-4.0, -2.0], [-4.0, -4.0]]], [-4.0], num_spins=4)
    assert curve.mean.tolist() == [0.25, 0.0]
    assert curve.error.tolist() == [0.25, 0.0]


def test_residual_energy_of_several_has_the_error_of_the_instances():
    energies = np.array([[[-4.0, -4.0]], [[-2.0, -2.0]]])
    curve = residual_curve(energies, [-4.0, -4.0], num_spins=1)
    assert (curve.mean.tolist(), curve.error.tolist()) == ([1.0], [1.0])


def misses_of_exponents(shrink=1.0, rounds=400):
    rng, missed = np.random.default_rng(8), 0
    x = np.array([10.0, 30.0, 100.0, 300.0, 1000.0])
    for _ in range(rounds):
        rows = x**-0.7 * np.exp(rng.normal(0, 0.2, (30, 1)) + rng.normal(0, 0.3, (30, 5)))
        found = power_law(x, rows, num_draws=200).exponent
        missed += abs(found.value - 0.7) > shrink * (found.high - found.low) / 2
    return missed, rounds


def test_intervals_of_exponents_cover():
    assert not too_many(*misses_of_exponents())


def test_control_half_the_interval():
    assert too_many(*misses_of_exponents(shrink=0.5))


def misses_of_scaling(shrink=1.0, rounds=300):
    rng, missed = np.random.default_rng(9), 0
    sizes = np.array([16, 32, 48, 64])
    for _ in range(rounds):
        times = [10 ** (0.02 * n + rng.normal(0, 0.4, 40)) for n in sizes]
        found = scaling_exponent(sizes, times, num_draws=200).exponent
        missed += abs(found.value - 0.02) > shrink * (found.high - found.low) / 2
    return missed, rounds


def test_intervals_of_scaling_cover():
    assert not too_many(*misses_of_scaling())


def test_control_half_the_interval_of_scaling():
    assert too_many(*misses_of_scaling(shrink=0.5))


def test_exact_lines():
    law = power_law([1.0, 10.0, 100.0], np.outer([1.0, 2.0, 3.0], [3.0, 0.3, 0.03]))
    assert (law.exponent.value, law.amplitude) == pytest.approx((1.0, 6.0), rel=1e-9)
    alpha = scaling_exponent([10, 20], [[1.0, 1.0, 1.0], [10.0, 10.0, np.inf]])
    assert (alpha.exponent.value, alpha.offset) == pytest.approx((0.1, -1.0), rel=1e-9)


def test_performance_profile_by_hand():
    profile = performance_profile({"a": [1.0, 4.0, np.inf, np.inf], "b": [2.0, 1.0, 5.0, np.inf]})
    assert profile.ratios[:, :3].tolist() == [[1.0, 4.0, np.inf], [2.0, 1.0, 1.0]]
    assert profile.at([1, 2, 4, 1e9]).tolist() == [[0.25, 0.25, 0.5, 0.5], [0.5, 0.75, 0.75, 0.75]]
    assert profile.at(2).shape == (2,)


# --- refusals


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tts_from_success(1.1, 1.0), "success must be"),
        (lambda: tts_from_success(np.nan, 1.0), "success must be"),
        (lambda: tts_from_success(0.5, 0.0), "read_s must be"),
        (lambda: tts_from_success(0.5, 1.0, probability=1.0), "probability must be"),
        (lambda: ReadCounts(5, 4, 1.0), "hits must be <= 4"),
        (lambda: ReadCounts(0, 0, 1.0), "reads must be >= 1"),
        (lambda: ReadCounts(0, 1, 1.0, reads_at_once=0), "reads_at_once must be"),
        (lambda: ReadCounts(0, 1, np.inf), "seconds must be"),
        (lambda: ReadCounts(0, 1, 1.0).interval(confidence=0.0), "confidence must be"),
        (lambda: HitTimes([], []), "one run or more"),
        (lambda: HitTimes([1.0], [True, False]), "shape"),
        (lambda: HitTimes([0.0], [True]), "seconds must be"),
        (lambda: HitTimes([1.0], [True]).tts(2.0), "probability must be"),
        (lambda: HitTimes([1.0], [True]).interval(confidence=1.0), "confidence must be"),
        (lambda: HitTimes([1.0], [True]).quantile(0.0), "probability must be"),
        (lambda: cutoff_tts([HitTimes([1.0], [True])]), "two runs or more"),
        (lambda: median_tts([]), "instances must be"),
        (lambda: median_tts([ReadCounts(1, 2, 1.0)], confidence=2.0), "confidence must be"),
        (lambda: SweepCounts([1], [[1]], [[1]], [[1.0]]), "shape"),
        (lambda: SweepCounts([1], [[2], [0]], [[1], [1]], [[1.0], [1.0]]), "hits must be"),
        (lambda: SweepCounts([1], [[0], [0]], [[1], [1]], [[1.0], [0.0]]), "seconds must be"),
        (lambda: SweepCounts([2, 1], *[np.ones((2, 2), dtype=int)] * 3), "num_sweeps must rise"),
        (lambda: tuned_tts([]), "instances must be one"),
        (lambda: tuned_tts([two_lengths([1, 1], [1, 1]), equally_good(np.random.default_rng(0))]),
         "same num_sweeps"),
        (lambda: tuned_tts([two_lengths([1, 1], [1, 1])], confidence=0.0), "confidence must be"),
        (lambda: tuned_tts([two_lengths([1, 1], [1, 1])], probability=0.0), "probability must be"),
        (lambda: residual_curve([1.0], [1.0], num_spins=1), "shape"),
        (lambda: residual_curve([[[1.0]]], [1.0], num_spins=1), "to tell an error"),
        (lambda: power_law([1.0, 2.0], [[1.0, 1.0]]), "3 rows or more"),
        (lambda: power_law([0.0, 2.0], np.ones((3, 2))), "x must be"),
        (lambda: power_law([1.0, 2.0], np.zeros((3, 2))), "mean > 0"),
        (lambda: power_law([1.0, 2.0], np.ones((3, 2)), confidence=0.0), "confidence must be"),
        (lambda: scaling_exponent([1], [[1.0] * 3]), "two sizes"),
        (lambda: scaling_exponent([1, 2], [[1.0] * 3, [1.0] * 2]), "3 times"),
        (lambda: scaling_exponent([1, 2], [[1.0] * 3, [np.inf] * 3]), "size 2"),
        (lambda: scaling_exponent([1, 2], [[1.0] * 3] * 2, confidence=0.0), "confidence must be"),
        (lambda: performance_profile({}), "times must have a list"),
        (lambda: performance_profile({"a": [1.0], "b": [1.0, 2.0]}), "same instances"),
        (lambda: performance_profile({"a": [0.0]}), "times must be > 0"),
    ],
)  # fmt: skip
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
