"""Loops of worldlines against exact laws of exchange models, with wrong laws as controls.

Chi-square of the states at one time at ``ALPHA`` on independent reads, z of 32 reads below 7
(Student: below 1e-6 for all of a test together): false alarms of all cases below 1e-4. Each control
is a law, or a planted error, that must not pass; ``power`` works out how often it is refused.
"""

import numpy as np
import pytest
from scipy import stats

from cases import some
from naive_exchange import NaiveExchange
from pbit import Control, IsingModel
from pbit.exact import state_number
from pbit.samplers.imaginary_time import loop_run, loops
from pbit.samplers.imaginary_time.loops import measure_loops
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6
READS, SWEEPS = 6000, 25


class Case:
    """Couplings given as {(i, j): (j_xy, j_z)} and fields."""

    def __init__(self, n, bonds, h=0.0):
        self.h = np.broadcast_to(h, n).astype(float)
        self.j_xy, self.j_z = np.zeros((n, n)), np.zeros((n, n))
        for (i, j), (xy, z) in bonds.items():
            self.j_xy[i, j] = self.j_xy[j, i] = xy
            self.j_z[i, j] = self.j_z[j, i] = z

    @property
    def parts(self):
        return IsingModel(np.zeros(len(self.h)), self.j_xy), IsingModel(self.h, self.j_z)

    def exact(self, beta, *, xy=1.0, z=1.0, h=1.0):
        return NaiveExchange(xy * self.j_xy, z * self.j_z, h * self.h, beta)

    def draws(self, beta):
        options = {"num_sweeps": SWEEPS, "burn_in": SWEEPS - 1, "num_reads": READS, "seed": 1}
        return state_number(measure_loops(*self.parts, beta, **options).states[:, 0])


def on_ring(n, xy, z, h=0.0):
    return Case(n, {(min(i, (i + 1) % n), max(i, (i + 1) % n)): (xy, z) for i in range(n)}, h)


def power(law, wrong, reads=READS):
    """That a chi-square test of ``reads`` draws from ``law`` against ``wrong`` refuses at ALPHA."""
    limit = stats.chi2.isf(ALPHA, law.size - 1)
    apart = reads * ((law - wrong) ** 2 / wrong).sum()
    return stats.ncx2.sf(limit, law.size - 1, apart)


PAIR = Case(2, {(0, 1): (0.6, -0.3)}, [0.4, -0.9])
EASY_AXIS = on_ring(4, 0.5, 1.0, [0.3, 0.0, -0.2, 0.1])
EASY_AXIS_DOWN = on_ring(4, -0.4, -0.9, [0.5, 0.0, 0.0, 0.2])
EASY_PLANE = on_ring(4, 1.0, 0.3)
FERROMAGNET = on_ring(3, 0.7, 0.7)
ANTIFERROMAGNET = on_ring(4, -0.8, -0.8)
TURNED = Case(3, {(0, 1): (-0.7, 0.4), (1, 2): (-0.5, -0.8), (0, 2): (0.9, 0.0)}, [0.0, 0.3, 0.0])
CLASSICAL = Case(3, {(0, 1): (0.0, 0.8), (1, 2): (0.0, -0.5), (0, 2): (0.3, 0.0)}, 0.2)
CASES = {
    "pair": PAIR,
    "easy axis": EASY_AXIS,
    "easy axis, antiferromagnetic": EASY_AXIS_DOWN,
    "easy plane": EASY_PLANE,
    "ferromagnet": FERROMAGNET,
    "antiferromagnet": ANTIFERROMAGNET,
    "two signs of a triangle": TURNED,
    "bonds without exchange": CLASSICAL,
}


@pytest.mark.parametrize(
    "case", some(CASES.values(), EASY_AXIS, EASY_PLANE, ANTIFERROMAGNET, TURNED), ids=CASES
)
def test_states_at_one_time_follow_the_quantum_law(case):
    beta = 1.2
    draws, law = case.draws(beta), case.exact(beta).law
    assert chi_square_p_value(draws, law) > ALPHA
    for wrong in [{"xy": 0.0}, {"z": 0.0}] + [{"h": 1.6}] * bool(case.h.any()):
        other = case.exact(beta, **wrong).law
        assert power(law, other) > 0.999
        assert chi_square_p_value(draws, other) < ALPHA


def test_signs_cannot_be_left_out():
    """An antiferromagnetic triangle, drawn as if its exchange were positive, is another model."""
    beta, frustrated, unsigned = 1.2, on_ring(3, -0.7, 0.2), on_ring(3, 0.7, 0.2)
    draws, true = unsigned.draws(beta), frustrated.exact(beta).law
    assert chi_square_p_value(draws, unsigned.exact(beta).law) > ALPHA
    assert power(unsigned.exact(beta).law, true) > 0.999
    assert chi_square_p_value(draws, true) < ALPHA


def planted(monkeypatch, **change):
    """The sampler with some of its rates wrong."""
    right = loop_run.exchanges_of

    def wrong(xy, z):
        made = right(xy, z)
        return made._replace(**{name: f(getattr(made, name)) for name, f in change.items()})

    monkeypatch.setattr(loops, "exchanges_of", wrong)


def test_breakups_at_a_wrong_rate_are_told(monkeypatch):
    """A quarter more breakups make all couplings larger by a quarter: that law is met instead."""
    beta = 1.2
    planted(monkeypatch, gap=lambda gap: gap / 1.25)
    draws = EASY_PLANE.draws(beta)
    right, stronger = (EASY_PLANE.exact(b).law for b in (beta, 1.25 * beta))
    assert power(stronger, right) > 0.999
    assert chi_square_p_value(draws, right) < ALPHA
    assert chi_square_p_value(draws, stronger) > ALPHA


def test_kinks_broken_up_at_wrong_odds_are_told(monkeypatch):
    planted(monkeypatch, crossings=lambda odds: np.full_like(odds, 0.1))  # in place of .65
    assert chi_square_p_value(EASY_PLANE.draws(1.2), EASY_PLANE.exact(1.2).law) < ALPHA


SIDES = np.array([1, -1, 1, -1])
MEASURED = {
    "easy axis": EASY_AXIS,
    "easy plane": EASY_PLANE,
    "antiferromagnet": ANTIFERROMAGNET,
}


@pytest.mark.parametrize("case", MEASURED.values(), ids=MEASURED)
def test_estimators(case):
    """All averages against the exact ones; couplings 5 % off as the control."""
    beta, n = 1.5, len(case.h)
    exact, ends = case.exact(beta), np.array([[0, 0, 1], [1, 2, 2]])
    options = {"num_sweeps": 8000, "num_reads": 32, "pairs": ends, "seed": 1}
    series = measure_loops(*case.parts, beta, sublattices=SIDES, **options)
    reads = {name: series[name].mean(axis=0) for name in series.columns}
    weights = series.bin_looks / series.bin_looks.sum()
    m, staggered = exact.total(np.ones(n)), exact.total(SIDES)
    apart = weights @ np.moveaxis(series.apart, 0, -2)  # (reads, 2, lags)
    found = {
        "energy": (reads["energy"] - reads["transverse"], exact.mean(exact.H)),
        "m": (reads["m"], exact.mean(m)),
        "m2": (reads["m2"], exact.mean(m @ m)),
        "m4": (reads["m4"], exact.mean(m @ m @ m @ m)),
        "path_m2": (n * beta * reads["path_m2"], exact.susceptibility(np.ones(n))),
        "staggered": (reads["staggered_m2"], exact.mean(staggered @ staggered)),
        "staggered path": (n * beta * reads["staggered_path_m2"], exact.susceptibility(SIDES)),
        "in time": (apart[:, 1, 16], exact.at_time(SIDES, beta / 4)),
        **{
            f"z{i}": (weights @ series.spins[:, :, i], exact.mean(exact.spins[i])) for i in range(n)
        },
        **{
            f"zz{i}{j}": (
                weights @ series.products[:, :, k],
                exact.mean(exact.spins[i] @ exact.spins[j]),
            )
            for k, (i, j) in enumerate(ends.T)
        },
    }
    z = np.array([(x.mean() - true) / (x.std(ddof=1) / np.sqrt(32)) for x, true in found.values()])
    assert np.abs(z).max() < 7, dict(zip(found, z, strict=True))
    energies, error = found["energy"][0], found["energy"][0].std(ddof=1) / np.sqrt(32)
    off = case.exact(beta, xy=1.05, z=1.05)
    wrong = off.mean(off.H)
    assert abs(wrong - exact.mean(exact.H)) > 14 * error  # refused with a power of over 0.999
    assert abs(energies.mean() - wrong) > 7 * error


def test_words_agree_with_the_path():
    """Kinks, mean spins and states of a read are of one and the same path."""
    options = {"num_sweeps": 1, "burn_in": 0, "num_reads": 400, "seed": 2}
    series = measure_loops(*EASY_PLANE.parts, 3.0, **options)
    magnetisation = series.states.sum(axis=2)
    assert np.all(magnetisation == magnetisation[:, :1])
    assert np.allclose(magnetisation[:, 0] / 4, series["m"][0])
    assert np.allclose(series.spins[0].sum(axis=1), magnetisation[:, 0])
    assert np.allclose(3.0 * series["transverse"][0], series.kinks[0].sum(axis=1) / 2)
    turns = (series.states != np.roll(series.states, -1, axis=1)).sum(axis=1)
    assert np.all(turns <= series.kinks[0]) and turns.sum() > 0.9 * series.kinks[0].sum()
    assert np.all(turns % 2 == 0)
    still = series.kinks[0] == 0
    assert np.all(series.spins[0][still] == series.states[:, 0][still])


def test_reads_depend_on_seed_and_number_alone():
    options = {"num_sweeps": 40, "seed": 3, "pairs": [[0], [1]]}
    whole = measure_loops(*EASY_AXIS.parts, 1.0, num_reads=6, num_threads=2, **options)
    rest = {"num_reads": 2, "first_read": 4, "num_threads": 1}
    part = measure_loops(*EASY_AXIS.parts, 1.0, **rest, **options)
    assert np.array_equal(whole.values[:, 4:], part.values)
    assert np.array_equal(whole.products[:, 4:], part.products)
    assert np.array_equal(whole.states[4:], part.states)


def test_room_for_breakups_grows_without_changing_anything(monkeypatch):
    options = {"num_sweeps": 30, "seed": 3, "num_reads": 2}
    roomy = measure_loops(*ANTIFERROMAGNET.parts, 6.0, **options)
    monkeypatch.setattr(loop_run, "_capacity", lambda mean: 1)
    tight = measure_loops(*ANTIFERROMAGNET.parts, 6.0, **options)
    assert np.array_equal(roomy.values, tight.values)
    assert np.array_equal(roomy.states, tight.states)


def test_spins_without_bonds_are_free():
    free = Case(2, {}, [0.7, 0.0])
    assert chi_square_p_value(free.draws(1.0), free.exact(1.0).law) > ALPHA


def test_a_strong_field_aligns_a_ferromagnet():
    series = measure_loops(*on_ring(4, 1.0, 1.0, 1e6).parts, 2.0, num_sweeps=5, seed=1)
    assert np.all(series["m"][-1] == 1)


def test_a_time_limit_ends_a_run():
    options = {"num_sweeps": 10**9, "burn_in": 5, "num_reads": 2, "seed": 1}
    control = Control(time_limit_s=0.3)
    series = measure_loops(*PAIR.parts, 1.0, control=control, every=10**6, **options)
    assert series.info["stop_reason"] == "time_limit"
    assert series.num_reads == 1 and 0 < series.num_looks < 1000


REFUSED = [
    ({"beta": 0.0}, "beta must be > 0 and finite, got 0.0"),
    ({"beta": 1e9}, "beta must leave at most 2.68435e+08 breakups of worldlines in a sweep"),
    ({"pairs": [[0], [4]]}, "pairs must be indices from 0 to 3, got 4"),
    ({"burn_in": 1000}, "burn_in must be"),
    ({"num_reads": 0}, "num_reads must be >= 1, got 0"),
    ({"sublattices": [1, -1]}, "sublattices must be +1 or -1 for each of 4 spins, got int64 of"),
    ({"sublattices": [1, -1, 1, 0]}, "sublattices must be +1 or -1 for each of 4 spins"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_refused(wrong, message):
    options = {"beta": 1.0} | wrong
    with pytest.raises(ValueError) as refused:
        measure_loops(*EASY_PLANE.parts, **options)
    assert str(refused.value).startswith(message)


def test_models_that_do_not_fit_are_refused():
    xy = EASY_PLANE.parts[0]
    with pytest.raises(ValueError, match="xy must have the 2 spins of z, got 4"):
        measure_loops(xy, PAIR.parts[1], 1.0)
    with pytest.raises(ValueError, match="xy must have no biases, got"):
        measure_loops(PAIR.parts[1], PAIR.parts[1], 1.0)
    with pytest.raises(ValueError, match="z must have at least one spin, got none"):
        measure_loops(*Case(0, {}).parts, 1.0)


def test_breakups_that_do_not_fit_into_memory(monkeypatch):
    monkeypatch.setattr("pbit.machine.memory_bytes", lambda: 10.0**6)
    with pytest.raises(MemoryError, match=r"80000 breakups .* lower beta"):
        measure_loops(*EASY_PLANE.parts, 1e4)


def test_a_sign_problem_is_refused_with_a_cycle():
    long = on_ring(31, -1.0, -1.0)
    for case, cycle in ((on_ring(3, -1, 1), "1-0-2"), (long, r"15-14-.*-\.\.\.")):
        words = f"even number of negative couplings around every cycle, .* sites {cycle}; that is a"
        with pytest.raises(ValueError, match=words):
            measure_loops(*case.parts, 1.0)


def test_a_limit_within_the_burn_in_is_told():
    options = {"num_sweeps": 10**9, "burn_in": 10**8 * 9, "num_reads": 1, "every": 10**7}
    with pytest.raises(ValueError, match="must leave time for more than the burn-in"):
        measure_loops(*PAIR.parts, 1.0, control=Control(time_limit_s=0.05), **options)
