"""Energy of a run: by physical time, not by the emulator's looks; watts of junctions; by kind."""

import math

import numpy as np
import pytest

from pbit import Hardware, IsingModel, Prices, Schedule, anneal
from pbit.devices.embedded import EmbeddedPBit
from pbit.devices.laws.conduction import resistance_under_ohm
from pbit.devices.mtj import Junction
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip
from pbit.hardware.from_embedded import hardware_of_embedded
from pbit.hardware.from_junction import hardware_of_junction
from pbit.hardware.prices import PRICES
from random_models import random_model

PRICED = Prices(power_W=1e-6, update_J=1e-14, synapse_J=1e-15, read_J=1e-12, write_J=1e-10)
SPREAD = {"tau_s": 2e-9, "tau_spread": 0.3, "seed": 4, "prices": PRICED}


def told(hardware, *, sweeps=10, model=None, **options):
    model = random_model(12, seed=3) if model is None else model
    reads = anneal(
        model, Schedule([0.5] * sweeps), num_reads=8, seed=2, hardware=hardware, **options
    )
    return reads.info["hardware"]


@pytest.mark.parametrize("dynamics", ["arrhenius", "heat-bath"])
def test_the_tick_is_not_billed(dynamics):
    """The same junctions in ticks of 0.3, 0.03 and 0.003 tau, and with none: one bill."""
    chip = Hardware(dynamics=dynamics, **SPREAD)
    ticks = [chip.with_values(clock="ticks", tick_s=tick * 2e-9) for tick in (0.3, 0.03, 0.003)]
    found = [told(each) for each in ticks]
    assert all(each["energy_J"] == found[0]["energy_J"] for each in found)
    assert all(each["updates"] == found[0]["updates"] for each in found)
    if dynamics == "arrhenius":  # looks of the computer
        assert [each["decisions"] for each in found] == [8 * 12 * k for k in (33, 333, 3333)]
        assert told(chip)["energy_J"] == found[0]["energy_J"]
        return
    updates, expected = told(chip)["updates"], found[0]["updates"]
    assert abs(updates - expected) < 5 * math.sqrt(expected)  # redraws of a Poisson process


def test_a_chip_is_billed_by_kind():
    """8 reads of 12 p-bits for 10 tau of 2 ns: everything from the model and the chip."""
    model = random_model(12, seed=3)
    chip = Hardware(dynamics="arrhenius", tau_s=2e-9, prices=PRICED)
    info = told(chip, model=model)
    assert info["pbit_seconds"] == pytest.approx(8 * 12 * 10 * 2e-9)
    assert info["synapses"] == pytest.approx(8 * 10 * model.J.nnz)
    expected = {
        "power_J": 8 * 12 * 20e-9 * 1e-6,
        "updates_J": 960 * 1e-14,
        "synapses_J": 80 * model.J.nnz * 1e-15,
        "reads_J": 8 * 12 * 1e-12,
        "writes_J": 12 * 1e-10,
    }
    assert info["energy_J"] == pytest.approx({**expected, "total_J": sum(expected.values())})


def test_a_junction_is_billed_by_its_power():
    """I^2 R where the input is 1: I = I_c / (n Delta), R the mean of both states."""
    junction = Junction(9.2, critical_current_A=3e-5)
    current, up = 3e-5 / 9.2, 1 / (1 + math.exp(-2))
    power = current**2 * (up * 5e3 + (1 - up) * 1e4)
    prices = hardware_of_junction(junction).prices
    assert prices.power_W == pytest.approx(power) and prices.update_J == 0.0
    assert prices.read_J == PRICES["z1-spice"].read_J
    assert "3.26 uA through 5.6 kohm" in prices.source
    # 75 times what a CMOS p-bit was said to cost in a tau, and more.
    assert power * junction.tau_s / PRICES["z1-spice"].update_J == pytest.approx(83, abs=1)
    assert hardware_of_junction(junction, prices=PRICED).prices == PRICED


def test_bias_lowers_what_a_junction_costs():
    stiff, soft = (
        Junction(1.0, critical_current_A=1e-4, tmr_half_voltage_V=half) for half in (math.inf, 0.3)
    )
    ohm = float(resistance_under_ohm(soft, -1, lambda R: 1e-4 * R))
    assert ohm == pytest.approx(5e3 * (1 + 1 / (1 + (1e-4 * ohm / 0.3) ** 2)), rel=1e-12)
    up = 1 / (1 + math.exp(-2))
    saved = 1e-8 * (1 - up) * (1e4 - ohm)
    powers = [hardware_of_junction(each).prices.power_W for each in (stiff, soft)]
    assert powers[0] - powers[1] == pytest.approx(saved)


def test_a_divider_is_billed_by_its_supply():
    """0.8 V x 60 uA = 48 uW."""
    device = EmbeddedPBit(Junction(8.0))
    chip = hardware_of_embedded(device, correlation_time_s=1e-9, response_s=1e-11)
    assert device.power_W == pytest.approx(48e-6)
    assert chip.prices.power_W == pytest.approx(48e-6) and chip.prices.update_J == 0.0
    assert "0.8 V x 60 uA" in chip.prices.source
    free = IsingModel(np.zeros(3), np.zeros((3, 3)))
    bill = told(chip, sweeps=4, model=free)["energy_J"]
    assert bill["power_J"] == pytest.approx(48e-6 * 3 * 8 * 4e-9)
    given = hardware_of_embedded(device, correlation_time_s=1e-9, response_s=1e-11, prices=PRICED)
    assert given.prices == PRICED


def test_power_is_written_and_read(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text(write_chip(Hardware(prices=PRICED)))
    assert read_chip(path).prices == PRICED
    path.write_text('[prices]\npower = "48 uW"\nsynapse = "2 fJ"\n')
    assert read_chip(path).prices == Prices(power_W=48e-6, synapse_J=2e-15)
