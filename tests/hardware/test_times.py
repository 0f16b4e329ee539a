"""Time constant, dwell time, correlation time: what each is, measured, and one of them given."""

from dataclasses import replace

import numpy as np
import pytest

from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.devices.mtj import Junction
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip
from pbit.hardware.from_junction import hardware_of_junction
from pbit.hardware.variation import parse_variation

DYNAMICS = ["heat-bath", "telegraph", "arrhenius"]


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_the_times_at_rest_are_those_of_free_pbits(dynamics):
    """From +1 for four tau: e^-1 is left after a correlation time, and flips come one a dwell time;
    5 standard errors each. The control takes the times of the other kind."""
    chip, free = Hardware(dynamics=dynamics), IsingModel(np.zeros(16), np.zeros((16, 16)))
    reads, sweeps = 8192, 4
    found = [
        anneal(free, Schedule([0.0] * k), num_reads=reads, seed=5, hardware=chip,
               initial_spins=np.ones((reads, 16)))
        for k in (1, sweeps)
    ]  # fmt: skip
    dwell, correlation = chip.times_at_rest
    left, flips = found[0].spins.mean(), found[1].info["hardware"]["flips"]

    def off(dwell, correlation):
        kept, expected = np.exp(-1e-9 / correlation), 16 * reads * sweeps * 1e-9 / dwell
        error = np.sqrt((1 - kept**2) / (16 * reads))
        return max(abs(left - kept) / error, abs(flips - expected) / np.sqrt(expected))

    assert off(dwell, correlation) < 5
    other = 2.0 if dynamics == "arrhenius" else 0.5
    assert off(other * dwell, other * correlation) > 20


@pytest.mark.parametrize("dynamics", DYNAMICS)
def test_any_of_the_times_may_be_given(dynamics):
    dwell, correlation = (1.0, 2.0) if dynamics == "arrhenius" else (0.5, 1.0)
    by_dwell = Hardware(dynamics=dynamics, dwell_time_s=6e-9)
    by_correlation = Hardware(dynamics=dynamics, correlation_time_s=3e-9)
    assert by_dwell.tau_s == dwell * 6e-9 and by_correlation.tau_s == correlation * 3e-9
    assert by_dwell.times_at_rest == by_correlation.times_at_rest == (6e-9, 3e-9)


TWO = [
    {"tau_s": 2e-9, "dwell_time_s": 2e-9},
    {"tau_s": 1e-9, "correlation_time_s": 5e-9},  # the default, but said
    {"correlation_time_s": 1e-9, "dwell_time_s": 2e-9},
]


@pytest.mark.parametrize("values", TWO)
def test_two_times_are_refused(values):
    with pytest.raises(ValueError, match="exclude each other: give one of tau_s, correlation"):
        Hardware(**values)


def test_regular_clocks_have_no_correlation_time():
    for clock in ("periodic", "chromatic"):
        with pytest.raises(ValueError, match="correlation_time_s must be left out with clock"):
            Hardware(clock=clock, correlation_time_s=1e-9)
        assert Hardware(clock=clock, dwell_time_s=2e-9).tau_s == 1e-9


def test_wrong_times_are_refused_by_their_own_name():
    with pytest.raises(ValueError, match="dwell_time_s must be a number >= 2e-15 s"):
        Hardware(dwell_time_s=-1.0)
    with pytest.raises(TypeError, match="correlation_time_s must be a number"):
        Hardware(correlation_time_s="1 ns")


def test_what_was_given_stays_when_the_dynamics_change():
    chip = Hardware(correlation_time_s=3e-9)
    slow = chip.with_values(dynamics="arrhenius")
    assert (slow.tau_s, slow.times_at_rest.correlation_s) == (6e-9, 3e-9)
    assert chip.with_values(tau_s=7e-9).tau_s == 7e-9
    assert chip.with_values(dwell_time_s=8e-9).tau_s == 4e-9
    assert chip.with_values(gain=2.0).tau_s == replace(chip, gain=2.0).tau_s == 3e-9
    with pytest.raises(ValueError, match="exclude each other"):
        replace(chip, dynamics="arrhenius")  # tau_s of the copy says something else


def test_times_in_files_and_sweeps(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text('correlation_time = "3 ns"\ndynamics = "arrhenius"\ndelay = "0.5 tau"\n')
    chip = read_chip(path)
    assert (chip.tau_s, chip.delay_s) == (6e-9, 3e-9)
    path.write_text(write_chip(chip))
    assert read_chip(path) == chip
    found = parse_variation("dwell_time=1:3:3:ns", chip)
    assert [each.tau_s for each in found.chips] == [1e-9, 2e-9, 3e-9]
    path.write_text('tau = "2 ns"\ndwell_time = "3 ns"\n')
    with pytest.raises(ValueError, match="exclude each other: give one"):
        read_chip(path)


def test_a_junction_has_its_own_times():
    junction = Junction(8.0)
    assert hardware_of_junction(junction).times_at_rest.dwell_s == junction.tau_s
    with pytest.raises(TypeError, match="dwell_time_s comes from the junction"):
        hardware_of_junction(junction, dwell_time_s=1e-6)
