"""What chips and their users' functions refuse, and what they do at the edges."""

from contextlib import nullcontext

import numpy as np
import pytest

from pbit import DirectedModel, Hardware, IsingModel, Prices, Schedule, anneal, time_average
from pbit.devices.embedded import EmbeddedPBit
from pbit.devices.laws.orientation import Binary, Planar
from pbit.devices.mtj import Junction
from pbit.hardware.correction import Correction
from pbit.hardware.from_embedded import hardware_of_embedded
from pbit.hardware.from_junction import hardware_of_junction

PAIR = IsingModel.from_edges([0], [1], [1.0])
RESPONSES = {"correlation_time_s": 1e-9, "response_s": 1e-11}


def correction(gain=1.0, offset=0.0, size=2):
    ones = np.ones(size)
    return Correction(gain * ones, offset * ones, 0 * ones, 0 * ones, ones > 1, 100)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"prices": "fpga"}, TypeError, "prices must be pbit.Prices"),
        ({"correction": "x"}, TypeError, "correction must be what pbit.calibrate measured"),
        ({"name": "a\x7fb"}, ValueError, "name must be printable text on one line"),
    ],
)
def test_fields_of_another_kind(changes, error, message):
    with pytest.raises(error, match=message):
        Hardware(**changes)


def test_sources_are_lines():
    with pytest.raises(ValueError, match="source must be printable text on one line"):
        Prices(source="a\tb")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"gain": 0.0}, "gain must be > 0 and finite, got 0"),
        ({"gain": -1.0}, "gain must be > 0 and finite, got -1"),
        ({"gain": np.nan}, "gain must be > 0 and finite"),
        ({"offset": np.inf}, "offset must be finite"),
    ],
)
def test_corrections_are_finite(values, message):
    with pytest.raises(ValueError, match=message):
        correction(**values)


def test_corrections_have_one_length():
    ones = np.ones(2)
    with pytest.raises(ValueError, match="gain and offset must have one length"):
        Correction(ones, np.ones(3), ones, ones, ones > 1, 100)


def test_hardware_is_hardware():
    with pytest.raises(TypeError, match=r"a pbit.Hardware or the name of a chip file, got 3"):
        anneal(PAIR, Schedule([1.0]), hardware=3)
    with pytest.raises(TypeError, match=r"a pbit.Hardware or the name of a chip file, got N"):
        time_average(PAIR, 1.0, hardware=None, num_sweeps=3)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"burn_in": "3"}, ValueError, "burn_in must be >= 0 and < num_sweeps"),
        ({"states": "yes"}, TypeError, "states must be True, False or 'auto'"),
        ({"states": 1}, TypeError, "states must be True, False or 'auto'"),
        ({"model": IsingModel.from_edges([], [], [])}, ValueError, "needs at least one spin"),
        ({"model": IsingModel.from_edges([], [], [], h=np.zeros(16)), "num_reads": 10**9},
         MemoryError, "the states of 16 spins in 1000000000 reads need about"),
    ],
)  # fmt: skip
def test_time_averages_refuse(changes, error, message):
    model = changes.pop("model", PAIR)
    with pytest.raises(error, match=message):
        time_average(model, 1.0, **{"hardware": Hardware(), "num_sweeps": 5, **changes})


@pytest.mark.parametrize("clock", ["poisson", "periodic", "chromatic", "ticks"])
def test_no_p_bits(clock):
    chip = Hardware(clock=clock, tick_s=1e-10 if clock == "ticks" else None)
    empty = IsingModel.from_edges([], [], [])
    reads = anneal(empty, Schedule([1.0] * 3), num_reads=2, hardware=chip, seed=1)
    assert reads.spins.shape == (2, 0) and reads.info["hardware"]["updates"] == 0


def test_directed_couplings_have_no_law():
    directed = DirectedModel.from_edges([0], [1], [1.0], num_spins=2)
    info = anneal(directed, Schedule([1.0]), hardware=Hardware(), seed=1).info
    assert info["law"] == "not Boltzmann: directed couplings have no energy"


def test_a_correction_is_a_departure():
    chip = Hardware(gain=2.0, correction=correction())
    assert chip.departures() == ["gains and offsets corrected as far as they were measured"]


def test_curves_are_taken_as_given():
    """Points far apart next to points close together: no grid in between."""
    curve = ((-1e4, -1.0), (-1.0, -0.76), (1.0, 0.76), (1e4, 1.0))
    biased = IsingModel.from_edges([], [], [], h=[1.0])
    chip = Hardware(transfer=curve)
    mean = time_average(biased, 1.0, hardware=chip, num_sweeps=5000, num_reads=20, seed=1)
    assert abs(mean.spins[0] - 0.76) < 6 * mean.spins_error[0] < 0.1


def test_rates_are_billed_by_their_time_constants():
    """As many attempts as heat baths of the same taus make, which is more than n a sweep."""
    model = IsingModel.from_edges([], [], [], h=np.zeros(500))
    chips = [Hardware(tau_spread=1.5, dynamics=kind) for kind in ("heat-bath", "arrhenius")]
    schedule = Schedule(np.array([1.0]), 100)
    runs = [anneal(model, schedule, hardware=chip, seed=1).info["hardware"] for chip in chips]
    heat, rates = (run["updates"] for run in runs)
    assert abs(heat - rates) < 6 * rates**0.5
    assert rates > 1.5 * 500 * 100


def test_barriers_that_do_not_fluctuate():
    with pytest.raises(ValueError, match="a barrier of 90 kT does not fluctuate"):
        hardware_of_junction(Junction(90.0))
    with pytest.raises(TypeError, match="offset must be a number, got 'x'"):
        hardware_of_junction(Junction(8.0), offset="x")
    with pytest.raises(TypeError, match="tau_s comes from the junction"):
        hardware_of_junction(Junction(8.0), tau_s=1.0)


@pytest.mark.parametrize("law", [Planar(), Binary(0.3)])
def test_embedded_junctions_keep_their_curve(law):
    pinned = isinstance(law, Binary)
    with pytest.warns(UserWarning, match="pins the magnet") if pinned else nullcontext():
        device = EmbeddedPBit(Junction(8.0), law)
    chip = hardware_of_embedded(device, **RESPONSES)
    unit = device.best_tanh().scale_V
    x, mean = np.array(chip.transfer).T
    tries = np.linspace(x[0], x[-1], 5001)
    off = np.abs(np.interp(tries, x, mean) - device.transfer(tries * unit))
    edges = np.asarray(device.range_V) / unit
    near = np.min(np.abs(tries[:, None] - edges), axis=1) < 1e-6
    assert off[~near].max() < 2 / 257


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"response_s": 0.0}, ValueError, "response_s must be > 0 s"),
        ({"num_points": 2}, ValueError, "num_points must be >= 3"),
        ({"rc_s": 1e-9}, TypeError, "rc_s comes from the device"),
    ],
)
def test_embedded_refusals(changes, error, message):
    with pytest.raises(error, match=message):
        hardware_of_embedded(EmbeddedPBit(Junction(8.0)), **{**RESPONSES, **changes})
