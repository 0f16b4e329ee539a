"""Chips: what their p-bits, synapses and weights are like, what a run on them costs, errors.

Spreads are tested by Kolmogorov and Smirnov at a nominal alpha of 1e-8 each.
"""

import numpy as np
import pytest
from scipy import stats

from clock import FakeClock
from pbit import (
    Control,
    DirectedModel,
    Hardware,
    IsingModel,
    PBitSampler,
    PolynomialModel,
    Prices,
    Schedule,
    anneal,
)
from pbit.exact import exact_boltzmann, exact_ground_states, state_number
from pbit.hardware.chip import Chip
from pbit.hardware.correction import Correction
from pbit.hardware.prices import PRICES
from pbit.statistics import binomial_p_values
from random_models import random_model

ALPHA = 1e-8
SPREAD = Hardware(
    gain=1.5, gain_spread=0.3, offset=0.2, offset_spread=0.5, tau_spread=0.4, stuck_fraction=0.1,
    delay_s=2e-10, delay_spread=0.6, rc_s=3e-10, rc_spread=0.2, seed=7,
)  # fmt: skip


def ring(n, weight=1.0):
    sites = np.arange(n)
    return IsingModel.from_edges(sites, (sites + 1) % n, np.full(n, weight))


def test_a_pbit_is_the_same_on_every_problem():
    small, large = Chip.of(SPREAD, ring(10)), Chip.of(SPREAD, ring(1000))
    for name in ("gain", "offset", "tau", "stuck"):
        np.testing.assert_array_equal(getattr(small, name), getattr(large, name)[:10])
    other = Chip.of(SPREAD.with_values(seed=8), ring(10))
    assert not np.any(other.gain == small.gain)


def test_an_edge_is_the_same_on_every_problem():
    """Weights, delays and filters of 3 to 4 and back, whatever else is wired."""
    hardware = SPREAD.with_values(weight_spread=0.3, rc_per="edge")
    found = []
    for model in (ring(10), ring(50), random_model(12, seed=1, density=1.0)):
        chip = Chip.of(hardware, model)
        _, _, targets, _, delays = chip.arrays.edges
        rates = chip.arrays.filters.rates
        senders = chip.arrays.edges.senders
        edge = senders[3] + int(np.flatnonzero(targets[senders[3] : senders[4]] == 4)[0])
        J = model.J.toarray()
        found.append([chip.J.toarray()[4, 3] / J[4, 3], delays[edge], rates[edge]])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-14)
    np.testing.assert_allclose(found[0], found[2], rtol=1e-14)


def normal_p_value(values):
    return stats.kstest(values, "norm").pvalue


def test_spreads_are_what_was_asked_for():
    chip = Chip.of(SPREAD, ring(20000))
    delays, rates = chip.arrays.edges.delays, chip.arrays.filters.rates
    scores = {
        "gain": np.log(chip.gain / 1.5) / 0.3,
        "offset": (chip.offset - 0.2) / 0.5,
        "tau": np.log(chip.tau) / 0.4,
        "delay": np.log(delays / 0.2) / 0.6,
        "rc": np.log(1 / (rates * 0.3)) / 0.2,
    }
    for name, z in scores.items():
        assert normal_p_value(z) > ALPHA, name
        assert normal_p_value(1.1 * z) < ALPHA, name  # a spread 10 % off
    by_pbit = np.stack([z[:20000] for z in scores.values()])
    correlations = np.corrcoef(by_pbit)[np.triu_indices(len(scores), 1)]
    assert np.abs(correlations).max() < 6 / np.sqrt(20000)
    up, down = ((chip.stuck == s).sum() for s in (1, -1))
    assert binomial_p_values([up, down], 20000, [0.05, 0.05]).min() > ALPHA


@pytest.mark.parametrize("what", ["weight", "delay", "rc"])
def test_the_two_directions_of_an_edge_differ(what):
    hardware = SPREAD.with_values(weight_spread=0.3, rc_per="edge")
    chip = Chip.of(hardware, ring(20000, 2.0))
    _, groups, targets, weights, delays = chip.arrays.edges
    sources = np.repeat(np.arange(20000), 2)
    values = {
        "weight": np.log(weights / 2.0) / 0.3,
        "delay": np.log(delays / 0.2) / 0.6,
        "rc": np.log(1 / (chip.arrays.filters.rates * 0.3)) / 0.2,
    }[what]
    assert groups.size == 40001  # an arrival time for each edge
    assert normal_p_value(values) > ALPHA
    place = {(i, j): k for k, (i, j) in enumerate(zip(sources, targets, strict=True))}
    pairs = np.array([[values[place[i, j]], values[place[j, i]]] for i, j in place if i < j])
    assert np.abs(np.corrcoef(pairs.T)[0, 1]) < 6 / np.sqrt(20000)
    np.testing.assert_allclose(chip.J.tocsc().data[:4], weights[:4])


def test_delays_of_pbits_are_one_a_sender():
    chip = Chip.of(SPREAD.with_values(delay_per="p-bit"), random_model(20, seed=1))
    assert chip.arrays.edges.delays.shape == (20,)
    assert np.unique(chip.arrays.edges.delays).size == 20


def test_weights_as_a_chip_holds_them():
    """3 bits: multiples of a third of the largest, biases too; a ratio: nothing or the least."""
    J = np.array([[0, 3.0, 0.4], [3.0, 0, -1.4], [0.4, -1.4, 0]])
    model = IsingModel([0.6, 1.6, -2.4], J)
    chip = Chip.of(Hardware(weight_bits=3), model)
    np.testing.assert_allclose(chip.J.toarray(), [[0, 3, 0], [3, 0, -1], [0, -1, 0]])
    np.testing.assert_allclose(chip.h, [1.0, 2.0, -2.0])
    chip = Chip.of(Hardware(conductance_ratio=4.0), model)
    np.testing.assert_allclose(chip.J.toarray(), [[0, 3, 0.75], [3, 0, -1.4], [0.75, -1.4, 0]])
    chip = Chip.of(Hardware(conductance_ratio=3.0), IsingModel(model.h, J / [[1, 1, 1]]))
    np.testing.assert_allclose(chip.J.toarray()[0], [0, 3, 0])


def counted(model, hardware, **options):
    settings = {"num_reads": 20, "seed": 3, "hardware": hardware, **options}
    return anneal(model, Schedule([0.5] * 10), **settings).info["hardware"]


def test_the_bill_is_price_times_count():
    """10 sweeps of 2 ns, 20 reads, 30 p-bits: about 6000 updates, 600 read-outs, 30 writes."""
    prices = PRICES["z1-spice"]
    info = counted(random_model(30, seed=1), Hardware(tau_s=2e-9, name="mine", seed=5))
    assert info["seconds_per_read"] == pytest.approx(2e-8)
    assert info["seconds"] == pytest.approx(4e-7)
    assert (info["name"], info["seed"], info["readouts"], info["writes"]) == ("mine", 5, 600, 30)
    assert abs(info["updates"] - 6000) < 6 * np.sqrt(6000)
    assert 0 < info["flips"] < info["updates"]
    bill = info["energy_J"]
    assert bill["updates_J"] == pytest.approx(info["updates"] * prices.update_J)
    assert bill["reads_J"] == pytest.approx(600 * prices.read_J)
    assert bill["writes_J"] == pytest.approx(30 * prices.write_J)
    assert bill["total_J"] == pytest.approx(sum(bill.values()) - bill["total_J"])
    assert "assumptions" in info["assumptions"]


def test_looking_at_every_sweep_costs_read_outs():
    model = random_model(30, seed=1)
    assert counted(model, Hardware(), best_seen=True)["readouts"] == 6000
    assert counted(model, Hardware(), traced=True)["readouts"] == 6000


def test_flips_of_free_pbits_are_counted():
    """At beta = 0 half of the updates flip; an Arrhenius junction flips at rate 1/tau, and its
    attempts are n a sweep. Within 6 standard deviations."""
    free = IsingModel(np.zeros(100), np.zeros((100, 100)))
    info = anneal(free, Schedule([0.0] * 50), num_reads=10, seed=1, hardware=Hardware()).info
    heat = info["hardware"]
    assert abs(heat["flips"] - heat["updates"] / 2) < 6 * np.sqrt(heat["updates"] / 4)
    slow = Hardware(dynamics="arrhenius")
    info = anneal(free, Schedule([0.0] * 50), num_reads=10, seed=1, hardware=slow).info
    assert abs(info["hardware"]["flips"] - 50000) < 6 * np.sqrt(50000)
    assert info["hardware"]["updates"] == 50000


def test_law_says_what_is_not_ideal():
    assert Hardware().law == Hardware(tau_spread=0.3, dynamics="arrhenius").law == "Boltzmann"
    for words in ("gains spread by 0.3", "offset 0.2", "synapses late by 0.2 tau"):
        assert words in SPREAD.law
    info = anneal(ring(4), Schedule([1.0]), seed=1, hardware=SPREAD).info
    assert info["law"] == info["hardware"]["law"] == SPREAD.law


CHIPS = {
    "heat bath": Hardware(delay_s=2e-10, gain_spread=0.2, noise=0.1),
    "arrhenius": Hardware(dynamics="arrhenius", rc_s=2e-10, tau_spread=0.3),
    "telegraph": Hardware(dynamics="telegraph"),
}


@pytest.mark.parametrize("name", CHIPS)
def test_threads_and_other_reads_change_nothing(name):
    model, schedule = random_model(20, seed=2), Schedule([0.2, 0.5, 1.0])
    options = {"seed": 11, "hardware": CHIPS[name]}
    one = anneal(model, schedule, num_reads=100, num_threads=1, **options)
    two = anneal(model, schedule, num_reads=100, num_threads=2, **options)
    np.testing.assert_array_equal(one.spins, two.spins)
    np.testing.assert_array_equal(one.energies, two.energies)
    for count in ("updates", "flips", "arrivals"):
        assert one.info["hardware"][count] == two.info["hardware"][count]
    few = anneal(model, schedule, num_reads=7, first_read=30, **options)
    np.testing.assert_array_equal(few.spins, one.spins[30:37])
    other = anneal(model, schedule, num_reads=100, **{**options, "seed": 12})
    assert (other.spins != one.spins).any()
    np.testing.assert_allclose(one.energies, model.energy(one.spins))


@pytest.mark.parametrize("name", CHIPS)
def test_each_read_may_have_betas_of_its_own(name):
    model, options = random_model(8, seed=2), {"seed": 11, "hardware": CHIPS[name]}
    both = anneal(model, Schedule(np.array([[0.2, 2.0]] * 5)), num_reads=2, **options)
    for k, beta in enumerate((0.2, 2.0)):
        alone = anneal(model, Schedule([beta] * 5), num_reads=1, first_read=k, **options)
        np.testing.assert_array_equal(both.spins[k : k + 1], alone.spins)


@pytest.mark.parametrize(
    "hardware",
    [
        *(Hardware(dynamics=chip.dynamics) for chip in CHIPS.values()),
        Hardware(dac_bits=8),
        Hardware(lut_bits=8),
        Hardware(transfer=((-3, -1), (3, 1))),
        Hardware(dynamics="telegraph", lut_bits=8),
        Hardware(clock="ticks", tick_s=1e-10),
        Hardware(dynamics="arrhenius", clock="ticks", tick_s=1e-10),
        Hardware(dynamics="arrhenius", barrier=5.0),
    ],
    ids=lambda hardware: f"{hardware.dynamics} {hardware.clock} {hardware.law[16:]}",
)
def test_infinite_beta_goes_downhill(hardware):
    """A quench: the state is stable in the end, fields of random couplings having no ties."""
    model = random_model(12, seed=2)
    schedule = Schedule(np.array([np.inf]), 60)
    spins = anneal(model, schedule, num_reads=20, seed=1, hardware=hardware).spins
    stable = np.all(spins * model.field(spins) > 0, axis=1)
    # Several unstable junctions may flip in the same tick: cycles of two states.
    assert stable.all() if hardware.clock != "ticks" else stable.any()


@pytest.mark.parametrize("name", CHIPS)
def test_runs_end_early_when_asked(name, after_blocks):
    model, options = random_model(300, seed=3), {"seed": 1, "hardware": CHIPS[name]}
    long = Schedule(np.array([0.3]), 10**7)
    hasty = Control(time_limit_s=0.2, clock=FakeClock())
    cut = anneal(model, long, num_reads=4, control=hasty, **options)
    assert (cut.info["stop_reason"], cut.spins.shape) == ("time_limit", (1, 300))
    begun = anneal(model, long, num_reads=4, control=Control(interrupt=lambda: True), **options)
    assert begun.info["stop_reason"] == "interrupted"
    small = random_model(10, seed=4)
    lowest = exact_ground_states(small)[0]
    aim = Control(target=lowest + 1e-6)
    found = anneal(small, long, num_reads=4, control=aim, **options)
    assert found.info["stop_reason"] == "target"
    assert found.energies.min() == pytest.approx(lowest)
    endless = Control(time_limit_s=0.2, clock=after_blocks(11))
    many = anneal(small, Schedule([1.0] * 3), num_reads=None, control=endless, **options)
    assert many.info["num_reads"] > 10


def test_best_seen_and_trace():
    model, options = random_model(10, seed=4), {"num_reads": 30, "seed": 1, "hardware": Hardware()}
    last = anneal(model, Schedule([0.4] * 30), traced=True, **options)
    best = anneal(model, Schedule([0.4] * 30), best_seen=True, **options)
    assert np.all(best.energies <= last.energies + 1e-12)
    np.testing.assert_allclose(best.energies, model.energy(best.spins))
    assert last.info["trace"].min() == pytest.approx(best.energies.min())
    assert last.info["trace"][-1] == pytest.approx(last.energies.min())


def test_the_dimod_sampler_takes_a_chip():
    bqm = {("a", "b"): -1.0, ("b", "c"): 1.0}
    found = PBitSampler().sample_ising({}, bqm, num_reads=5, seed=1, hardware=Hardware())
    assert found.first.energy == -2.0
    assert found.info["hardware"]["name"] == "ideal"


def test_a_correction_undoes_what_it_knows():
    """Gain and offset as they are: the chip's inputs are those of an ideal one."""
    model, hardware = random_model(6, seed=7), SPREAD.with_values(
        stuck_fraction=0.0, delay_s=0.0, delay_spread=0.0, rc_s=0.0, rc_spread=0.0, tau_spread=0.0
    )  # fmt: skip
    chip = Chip.of(hardware, model)
    none = np.zeros(6)
    known = Correction(chip.gain, chip.offset, none, none, none > 0, 1)
    options = {"num_reads": 500, "seed": 3}
    corrected = anneal(
        model, Schedule([0.7] * 5), hardware=hardware.with_values(correction=known), **options
    )
    ideal = anneal(model, Schedule([0.7] * 5), hardware=Hardware(), **options)
    np.testing.assert_array_equal(corrected.spins, ideal.spins)
    raw = anneal(model, Schedule([0.7] * 5), hardware=hardware, **options)
    assert (raw.spins != ideal.spins).any()


NEEDS_PAIRS = PolynomialModel.from_terms([([0, 1, 2], 1.0)], num_spins=3)
LOOP = DirectedModel.from_edges([0, 1], [1, 0], [1.0, -1.0])
FEW = Correction(np.ones(2), np.zeros(2), np.ones(2), np.ones(2), np.zeros(2, bool), 1)


@pytest.mark.parametrize(
    ("model", "values", "message"),
    [
        (NEEDS_PAIRS, {}, "hardware takes pairs of spins"),
        (LOOP, {"clock": "chromatic"}, "takes no directed couplings"),
        (LOOP, {"dynamics": "telegraph"}, "with directed couplings needs"),
        (ring(3), {"correction": FEW}, "correction must be for at least 3 p-bits"),
    ],
)
def test_what_a_chip_cannot_run(model, values, message):
    with pytest.raises(ValueError, match=message):
        anneal(model, Schedule([1.0]), hardware=Hardware(**values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"clock": "periodic", "dynamics": "arrhenius"}, "clock 'periodic' needs dynamics"),
        ({"clock": "ticks", "dynamics": "telegraph", "tick_s": 1e-9}, "clock 'ticks' needs"),
        ({"clock": "ticks"}, "tick_s must be given with clock 'ticks'"),
        ({"tick_s": 1e-9}, "tick_s must be given with clock 'ticks'"),
        ({"clock": "ticks", "tick_s": 1e-16}, "tick_s must be >= tau_s"),
        ({"clock": "chromatic", "tau_spread": 0.1}, "tau_spread must be 0"),
        ({"barrier": 3.0}, "barrier and barrier_exponent need"),
        ({"barrier_exponent": 2.0, "dynamics": "arrhenius"}, "needs a barrier"),
        ({"dynamics": "arrhenius", "noise": 0.1}, "noise, transfer and lut_bits need"),
        ({"lut_bits": 4, "transfer": ((-1, -1), (1, 1))}, "exclude each other"),
        ({"lfsr_bits": 16}, "lfsr_bits needs lut_bits"),
        ({"lfsr_bits": 17, "lut_bits": 8}, "lfsr_bits must be one of 8, 16, 24, 32"),
        ({"dynamics": "telegraph", "rc_s": 1e-9, "rc_per": "edge"}, "rc_per must be 'p-bit'"),
        ({"dynamics": "telegraph", "weight_spread": 0.1}, "weight_spread with dynamics"),
        ({"dynamics": "telegraph", "delay_s": 1e-9}, "needs rc_s > 0"),
        ({"transfer": ((0, 0, 0),)}, "two or more pairs"),
        ({"transfer": ((0, 0), (0, 1))}, "increasing inputs"),
        ({"transfer": ((0, 0.5), (1, 0.2))}, "do not decrease"),
        ({"transfer": ((0, 0), (1, 1.5))}, "mean outputs from -1 to 1"),
        ({"tau_s": 0.0}, "tau_s must be"),
        ({"dynamics": "metropolis"}, "dynamics must be one of"),
    ],
)
def test_contradictions(values, message):
    with pytest.raises(ValueError, match=message):
        Hardware(**values)


def test_values_of_another_kind():
    with pytest.raises(TypeError, match="gain must be"):
        Hardware(gain="high")
    with pytest.raises(TypeError, match="dac_bits must be"):
        Hardware(dac_bits=4.5)
    with pytest.raises(ValueError, match="update_J must be"):
        Prices(update_J=-1.0)


@pytest.mark.parametrize("name", ["rule", "order", "kernel"])
def test_a_chip_has_its_own_rule_and_order(name):
    value = {"rule": "metropolis", "order": "random", "kernel": "lanes"}[name]
    with pytest.raises(ValueError, match=f"{name} must be '.*' with hardware"):
        anneal(ring(3), Schedule([1.0]), hardware=Hardware(), **{name: value})


@pytest.mark.parametrize("n", [0, 1])
def test_networks_of_almost_nothing(n):
    for hardware in CHIPS.values():
        model = IsingModel(np.zeros(n), np.zeros((n, n)))
        reads = anneal(model, Schedule([1.0] * 3), num_reads=3, seed=1, hardware=hardware)
        assert reads.spins.shape == (3, n)


def test_stuck_pbits_stay_where_they_are():
    hardware = Hardware(stuck_fraction=0.5, seed=2)
    chip = Chip.of(hardware, ring(40))
    spins = anneal(ring(40), Schedule([0.1] * 5), num_reads=50, seed=1, hardware=hardware).spins
    stuck = chip.stuck != 0
    assert 10 < stuck.sum() < 30
    assert np.all(spins[:, stuck] == chip.stuck[stuck])
    assert np.all(np.abs(spins[:, ~stuck].mean(axis=0)) < 1)


def test_the_best_state_seen_is_one_of_the_chip():
    """The state it was to start from is not, where p-bits are stuck otherwise."""
    against = IsingModel([-1.0] * 3, np.zeros((3, 3)))
    hardware = Hardware(stuck_fraction=1.0, seed=1)
    chip = Chip.of(hardware, against)
    best = anneal(
        against,
        Schedule([1.0]),
        seed=1,
        hardware=hardware,
        best_seen=True,
        initial_spins=[[-1] * 3],
    )
    assert (chip.stuck == 1).any()
    np.testing.assert_array_equal(best.spins[0], chip.stuck)
    assert best.energies[0] == against.energy(chip.stuck)


def test_numbers_of_reads_far_out():
    """Reads beyond 2**31, sweeps beyond a batch of events: no overflow on the way."""
    options = {"seed": 2**63 + 5, "hardware": Hardware(noise=0.1), "num_reads": 2}
    far = anneal(ring(5), Schedule([0.5] * 200), first_read=2**32 - 10, **options)
    near = anneal(ring(5), Schedule([0.5] * 200), first_read=0, **options)
    assert far.spins.shape == near.spins.shape
    numbers = state_number(far.spins)
    assert exact_boltzmann(ring(5), 0.5)[numbers].min() > 0
