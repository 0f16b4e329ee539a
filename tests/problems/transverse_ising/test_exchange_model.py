"""ExchangeModel: the printed table, averages on top of exact ones, signs, refusals."""

import pickle

import numpy as np
import pytest

from cases import some
from naive_exchange import NaiveExchange, checkerboard
from pbit import IsingModel, PolynomialModel
from pbit.exact.quantum import energy_of_levels, xxz_levels
from pbit.problems.transverse_ising import ExchangeModel, ring, triangular
from pbit.samplers.imaginary_time import loop_run, loops

TABLE = [(1, 0.5, -0.75218166), (1, 1, -0.89461469), (-1, 0.5, -1.37283720), (-1, 1, -1.71717883)]
RUN = {"num_sweeps": 4000, "num_reads": 32, "seed": 1}


@pytest.mark.parametrize(("sign", "beta", "energy"), some(TABLE, TABLE[0], TABLE[3]))
def test_printed_heisenberg_energies(sign, beta, energy):
    """Within 7 of the errors of 32 reads, false alarms below 1e-6 (Student); J 5 % off is not."""
    found = ExchangeModel.of(ring(8, sign)).measure(beta, **RUN).energy_per_spin
    assert abs(found.value - energy) < 7 * found.error
    J = 1.05 * sign * ring(8).J.toarray()
    wrong = energy_of_levels(xxz_levels(J, J), beta) / 8
    assert abs(wrong - energy) > 14 * found.error  # refused with a power of over 0.999
    assert abs(found.value - wrong) > 7 * found.error


def test_breakups_at_a_wrong_rate_are_told(monkeypatch):
    """Five in a hundred too many: the law of a colder chain, and five more kinks in a hundred."""
    right = loop_run.exchanges_of
    monkeypatch.setattr(
        loops, "exchanges_of", lambda *parts: (made := right(*parts))._replace(gap=made.gap / 1.05)
    )
    found = ExchangeModel.of(ring(8, -1.0)).measure(1.0, **RUN).energy_per_spin
    J = -ring(8).J.toarray()
    colder = energy_of_levels(xxz_levels(J, J), 1.05) / 8
    planted = colder * (2 * 1.05 + 1) / 3  # kinks are two thirds of the energy
    assert abs(planted + 1.71717883) > 14 * found.error  # refused with a power of over 0.999
    assert abs(found.value + 1.71717883) > 7 * found.error
    assert abs(found.value - planted) < 7 * found.error


def test_the_ground_state_is_reached():
    found = ExchangeModel.of(ring(8, -1.0)).measure(12.0, num_sweeps=2000, seed=1).energy
    assert abs(found.value + 14.60437364) < 7 * found.error < 0.2


def test_averages():
    """All with a staggered field, against exact ones."""
    h, beta = np.array([0.3, -0.3, 0.3, -0.3]), 1.3
    J = ring(4, -0.9).J.toarray()
    exact = NaiveExchange(J, 0.6 * J, h, beta)
    model = ExchangeModel(h, J, 0.6 * J)
    averages = model.measure(beta, pairs=[[0, 0], [1, 2]], **RUN)
    signs = np.array([1, -1, 1, -1])
    z = exact.spins
    xy = exact.H + 0.6 * sum(J[i, j] * z[i] @ z[j] for i in range(4) for j in range(i))
    xy += sum(field * spin for field, spin in zip(h, z, strict=True))
    wanted = {
        "energy": exact.mean(exact.H),
        "exchange_energy": exact.mean(xy),
        "m2": exact.mean(exact.total(np.ones(4)) @ exact.total(np.ones(4))),
        "staggered_m2": exact.mean(exact.total(signs) @ exact.total(signs)),
        "staggered_susceptibility": exact.susceptibility(signs),
        "susceptibility": exact.susceptibility(np.ones(4)),
        "sigma_z": [exact.mean(spin) for spin in z],
        "correlations": [exact.mean(z[0] @ z[1]), exact.mean(z[0] @ z[2])],
    }
    for name, value in wanted.items():
        found = getattr(averages, name)
        assert np.all(np.abs(found.value - value) < 7 * found.error), name
    assert np.all(averages.sigma_x.value == 0)
    times, values = averages.imaginary_time()
    inside = [exact.at_time(signs, tau) for tau in times[:-1:8]]
    assert np.all(np.abs(values.value[:-1:8] - inside) < 7 * values.error[:-1:8])
    assert averages.info["method"] == "loops" and averages.info["odd_cycle"] == []


@pytest.mark.slow
def test_gap_of_the_antiferromagnetic_ring():
    """The staggered magnetisation leads to the triplet."""
    J = -ring(6).J.toarray()
    levels = xxz_levels(J, J)
    gap = ExchangeModel.of(ring(6, -1.0)).measure(2.0, **RUN).gap()
    assert abs(gap.value - (levels[1] - levels[0])) < 7 * gap.error < 0.3


def test_sublattices_of_either_sign_are_one_model():
    """The signs of exchange on a bipartite graph change nothing, bit for bit."""
    J = ring(6).J.toarray()
    one, other = (
        ExchangeModel(np.zeros(6), s * J, -J).measure(1.0, num_sweeps=20, seed=1) for s in (1, -1)
    )
    assert np.array_equal(one.series.values, other.series.values)


def test_anisotropy_and_sparse_couplings():
    model = ring(6, -2.0)
    made, plain = ExchangeModel.of(model, 0.5), ExchangeModel(model.h, model.J, 0.5 * model.J)
    assert made == plain == pickle.loads(pickle.dumps(made)) and made.num_spins == 6
    assert ExchangeModel.of(IsingModel(model.h, model.J, 3.0)).z.offset == 3.0


def test_a_bipartite_graph_is_wanted_for_what_is_staggered():
    averages = ExchangeModel.of(triangular(3)).measure(0.5, num_sweeps=30, seed=1)
    assert averages.m2.value > 0 and averages.imaginary_time("sites")[1].value[0] == 1
    asked = (
        lambda: averages.staggered_m2,
        lambda: averages.staggered_susceptibility,
        averages.gap,
        averages.imaginary_time,
    )
    for ask in asked:
        with pytest.raises(ValueError, match=r"j_xy, j_z must make a bipartite graph .* odd cycle"):
            ask()


def test_only_what_is_taken_down_is_found_in_time():
    averages = ExchangeModel.of(ring(4)).measure(0.5, num_sweeps=30, seed=1)
    with pytest.raises(ValueError, match="of must be 'staggered' or 'sites', got 'm'"):
        averages.imaginary_time("m")


def test_sign_problems_are_refused():
    with pytest.raises(ValueError, match=r"j_xy must have an even number .* sign problem"):
        ExchangeModel.of(triangular(4, -1.0))
    J = ring(5, -1.0).J
    with pytest.raises(ValueError, match="an odd number around the sites 2-1-0-4-3"):
        ExchangeModel(np.zeros(5), J, J)
    frustrated_along_z = ExchangeModel(np.zeros(5), -J, J)
    assert frustrated_along_z.num_spins == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0, 0], [[0, 1], [2, 0]], [[0, 1], [1, 0]]), r"^j_xy must be symmetric, got J\[0, 1\]"),
        (([0, 0], [[0, 1], [1, 0]], [[1, 1], [1, 0]]), "^j_z must have an empty diagonal"),
        (([0, 0, 0], [[0, 1], [1, 0]], [[0, 1], [1, 0]]), r"^j_xy must have shape \(3, 3\)"),
        (([0, np.inf], [[0, 1], [1, 0]], [[0, 1], [1, 0]]), "^h must be finite"),
    ],
)
def test_couplings_that_do_not_fit(arguments, words):
    with pytest.raises(ValueError, match=words):
        ExchangeModel(*arguments)


def test_models_that_are_not_of_pairs():
    with pytest.raises(TypeError, match="model must be of type IsingModel"):
        ExchangeModel.of(PolynomialModel.from_terms({(0, 1, 2): 1.0}))
    with pytest.raises(ValueError, match="anisotropy must be finite, got inf"):
        ExchangeModel.of(ring(4), np.inf)


class TestCheckerboard:
    """What the docstring says of slices, on a ring of four."""

    COUPLINGS = (0.7, -0.4)

    def z(self, beta):
        J = ring(4).J.toarray()
        levels = xxz_levels(self.COUPLINGS[0] * J, self.COUPLINGS[1] * J)
        return np.exp(-beta * levels).sum()

    def test_slices_have_trotters_error(self):
        """Z of one and of two slices: the error is that of order 1 / R^2."""
        one, two = (checkerboard(4, R, 0.3, self.COUPLINGS).sum() - self.z(0.3) for R in (1, 2))
        assert 0 < abs(two) < 0.01 * self.z(0.3)
        assert one / two == pytest.approx(4, rel=0.05)

    def test_no_p_bit_can_flip_alone(self):
        weights = checkerboard(4, 2, 1.0, self.COUPLINGS)
        allowed = weights > 0
        assert 16 < allowed.sum() < weights.size
        for axis in range(weights.ndim):
            assert not np.any(allowed & np.flip(allowed, axis))
