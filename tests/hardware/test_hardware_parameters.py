"""Hardware, Prices, Range: defaults, limits, and parameters that exclude each other."""

import dataclasses
import math
from itertools import product

import numpy as np
import pytest

from cases import of_all
from pbit.hardware.correction import Correction
from pbit.hardware.digital import LFSR_TAPS
from pbit.hardware.parameters import Hardware, parameter_ranges
from pbit.hardware.prices import PRICES, Prices
from pbit.hardware.ranges import Range

RANGES = parameter_ranges()
NUMBERS = sorted(key for key, limits in RANGES.items() if not limits.choices)
WORDS = sorted(key for key, limits in RANGES.items() if limits.choices)
# What else a chip needs for this parameter to have any value but its default.
COMPANY = {
    "tick_s": {"clock": "ticks"},
    "barrier": {"dynamics": "arrhenius"},
    "barrier_exponent": {"dynamics": "arrhenius", "barrier": 5.0},
    "lfsr_bits": {"lut_bits": 8},
    "diameter_spread": {"dynamics": "arrhenius", "barrier": 1.0},
}


def made(key, value):
    return getattr(Hardware(**{**COMPANY.get(key, {}), key: value}), key)


# --- defaults


def test_the_default_chip_is_ideal():
    chip = Hardware()
    assert (chip.law, chip.departures(), chip.has_lag) == ("Boltzmann", [], False)
    assert chip.prices is PRICES["z1-spice"]
    assert (chip.name, chip.seed, chip.tau_s, chip.transfer) == ("ideal", 0, 1e-9, ())


def test_every_number_and_word_has_a_range_and_a_default_within_it():
    fields = {field.name: field.default for field in dataclasses.fields(Hardware)}
    free = {"name", "transfer", "lfsr_seeds", "prices", "correction", "table", "crossbar"}
    assert set(fields) - set(RANGES) == free
    for key, limits in RANGES.items():
        assert limits.check(key, fields[key]) == fields[key]
        assert limits.optional == (fields[key] is None)


def test_times_end_in_s_and_no_other_parameter_does():
    assert {key for key, limits in RANGES.items() if limits.unit} == {
        key for key in RANGES if key.endswith("_s")
    }


# --- ranges


@pytest.mark.parametrize("key", NUMBERS)
def test_limits_are_kept_and_exceeding_them_is_refused(key):
    limits = RANGES[key]
    for end, outside in ((limits.low, -math.inf), (limits.high, math.inf)):
        if math.isinf(end):
            continue
        step = 1 if outside > 0 else -1
        beyond = end + step if limits.whole else math.nextafter(end, outside)
        wrong = end if limits.open_low and outside < 0 else beyond
        with pytest.raises(ValueError, match=f"^{key} must be a .*number .*got "):
            made(key, wrong)
        right = math.nextafter(end, math.inf) if limits.open_low and outside < 0 else end
        if key not in ("lfsr_bits", "tick_s"):  # which have rules of their own on top
            assert made(key, right) == right


@of_all(product(NUMBERS, (True, "1", [1.0], 1j, object())))
def test_numbers_must_be_numbers(key, wrong):
    with pytest.raises(TypeError, match=f"^{key} must be a .*number"):
        made(key, wrong)


@of_all(product(NUMBERS, (math.nan, math.inf, -math.inf)))
def test_numbers_must_be_finite(key, wrong):
    with pytest.raises((TypeError, ValueError), match=f"^{key} must be "):
        made(key, wrong)


@pytest.mark.parametrize("key", [key for key in NUMBERS if not RANGES[key].optional])
def test_none_is_no_number(key):
    with pytest.raises(TypeError, match=f"^{key} must be .*got None"):
        made(key, None)


@pytest.mark.parametrize("key", [key for key in NUMBERS if RANGES[key].whole])
def test_whole_numbers_are_no_floats(key):
    with pytest.raises(TypeError, match=f"^{key} must be a whole number"):
        made(key, 8.0)


@pytest.mark.parametrize("key", WORDS)
@pytest.mark.parametrize("wrong", ["", "Poisson", 3, None, True])
def test_words_are_of_a_list(key, wrong):
    with pytest.raises(ValueError, match=f"^{key} must be one of .*got "):
        Hardware(**{key: wrong})


def test_numpy_numbers_become_python_numbers():
    chip = Hardware(seed=np.uint64(2**64 - 1), gain=np.float32(0.5), weight_bits=np.int8(4))
    assert (chip.seed, chip.gain, chip.weight_bits) == (2**64 - 1, 0.5, 4)
    assert [type(each) for each in (chip.seed, chip.gain, chip.weight_bits)] == [int, float, int]


def test_ranges_in_words():
    assert str(RANGES["tau_s"]) == "a number >= 1e-15 s and <= 1e+09 s"
    assert str(RANGES["tick_s"]) == "a number > 0 s"
    assert str(RANGES["weight_bits"]) == "a whole number >= 2 and <= 16"
    assert str(RANGES["rc_per"]) == "one of p-bit, edge"
    assert str(Range()) == "a number"
    assert str(Range(high=3)) == "a number <= 3"


# --- contradictions

CURVE = ((-1.0, -0.5), (1.0, 0.5))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"clock": "periodic", "dynamics": "arrhenius"}, "clock 'periodic' needs dynamics 'heat-b"),
        ({"clock": "chromatic", "dynamics": "telegraph"}, "clock 'chromatic' needs dynamics"),
        (
            {"clock": "ticks", "tick_s": 1e-10, "dynamics": "telegraph"},
            "clock 'ticks' needs dynamics 'heat-bath' or 'arrhenius', got 'telegraph'",
        ),
        ({"clock": "ticks"}, "tick_s must be given with clock 'ticks' and with no other, got None"),
        ({"tick_s": 1e-10}, "tick_s must be given with clock 'ticks' and with no other, got 1e-10"),
        ({"clock": "ticks", "tick_s": 1e-16}, r"tick_s must be >= tau_s / 1e\+06, got 1e-16"),
        ({"clock": "chromatic", "tau_spread": 0.1}, "tau_spread must be 0 with clock 'chromatic'"),
        ({"barrier": 5.0}, "barrier and barrier_exponent need dynamics 'arrhenius', got dynamics"),
        ({"barrier": 5.0, "dynamics": "telegraph"}, "need dynamics 'arrhenius', got"),
        ({"barrier_exponent": 2.0}, "barrier and barrier_exponent need dynamics 'arrhenius'"),
        (
            {"barrier_exponent": 2.0, "dynamics": "arrhenius"},
            "barrier_exponent 2.0 needs a barrier",
        ),
        ({"dynamics": "arrhenius", "noise": 0.1}, "noise, transfer and lut_bits need dynamics"),
        ({"dynamics": "arrhenius", "transfer": CURVE}, "noise, transfer and lut_bits need"),
        ({"dynamics": "arrhenius", "lut_bits": 8}, "noise, transfer and lut_bits need dynamics"),
        ({"lut_bits": 8, "transfer": CURVE}, "lut_bits and transfer exclude each other"),
        ({"lfsr_bits": 32}, "lfsr_bits needs lut_bits and dynamics 'heat-bath'"),
        (
            {"lfsr_bits": 32, "lut_bits": 8, "dynamics": "telegraph"},
            "lfsr_bits needs lut_bits and dynamics 'heat-bath'",
        ),
        ({"lfsr_bits": 12, "lut_bits": 8}, "lfsr_bits must be one of 8, 16, 24, 32, got 12"),
        (
            {"dynamics": "telegraph", "rc_s": 1e-9, "rc_per": "edge"},
            "rc_per must be 'p-bit' with dynamics 'telegraph', got 'edge'",
        ),
        (
            {"dynamics": "telegraph", "weight_spread": 0.1},
            "weight_spread with dynamics 'telegraph' needs delay_s or rc_s > 0",
        ),
        (
            {"dynamics": "telegraph", "delay_s": 1e-10},
            "delay_s with dynamics 'telegraph' needs rc_s > 0",
        ),
    ],
)
def test_parameters_that_exclude_each_other(parameters, message):
    with pytest.raises(ValueError, match=message):
        Hardware(**parameters)


@pytest.mark.parametrize(
    "parameters",
    [
        {"clock": "periodic", "tau_spread": 0.1},
        {"clock": "ticks", "tick_s": 1e-15},
        {"clock": "ticks", "tick_s": 1e-10, "dynamics": "arrhenius"},
        {"dynamics": "arrhenius", "barrier": 10.0, "barrier_exponent": 2.0},
        {"dynamics": "telegraph", "weight_spread": 0.1, "delay_s": 1e-10, "rc_s": 1e-10},
        {"dynamics": "telegraph", "weight_spread": 0.1, "rc_s": 1e-10},
        {"dynamics": "telegraph", "transfer": CURVE, "noise": 0.1},
        {"dynamics": "telegraph", "rc_per": "edge"},
        *({"lut_bits": 8, "lfsr_bits": bits} for bits in LFSR_TAPS),
    ],
)
def test_neighbours_of_contradictions_are_chips(parameters):
    chip = Hardware(**parameters)
    assert all(getattr(chip, key) == value for key, value in parameters.items())


# --- curves


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0.0, 0.0)], "transfer must be two or more pairs"),
        ([0.0, 1.0], "transfer must be two or more pairs"),
        ([(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)], "transfer must be two or more pairs"),
        ([(0.0, 0.0), (1.0, math.nan)], "transfer must be two or more pairs"),
        ([(0.0, 0.0), (math.inf, 1.0)], "transfer must be two or more pairs"),
        ([(1.0, 0.0), (0.0, 1.0)], "transfer must have increasing inputs"),
        ([(0.0, 0.0), (0.0, 1.0)], "transfer must have increasing inputs"),
        ([(0.0, 0.5), (1.0, 0.4)], "outputs that do not decrease"),
        ([(0.0, 0.0), (1.0, 1.5)], "transfer must have mean outputs from -1 to 1, got 1.5"),
        ([(0.0, -1.5), (1.0, 1.0)], "transfer must have mean outputs from -1 to 1, got -1.5"),
    ],
)
def test_curves_that_are_none(points, message):
    with pytest.raises(ValueError, match=message):
        Hardware(transfer=points)


def test_curves_become_pairs_of_floats():
    chip = Hardware(transfer=np.array([[-1, -1], [0, 0], [1, 0]]))
    assert chip.transfer == ((-1.0, -1.0), (0.0, 0.0), (1.0, 0.0))


# --- what a chip says about itself


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"clock": "ticks", "tick_s": 1e-10}, "all p-bits at once every 1e-10 s"),
        ({"clock": "periodic", "delay_s": 1e-9}, "redrawn at regular intervals, with lag"),
        ({"dynamics": "telegraph"}, "a threshold that persists while the input moves"),
        ({"tau_s": 2e-9, "delay_s": 1e-9}, "synapses late by 0.5 tau"),
        ({"rc_s": 2e-9}, "synapses slow by 2 tau"),
        ({"gain": 2.0}, "gain 2"),
        ({"gain_spread": 0.1}, "gains spread by 0.1"),
        ({"offset": -1.0}, "offset -1"),
        ({"offset_spread": 0.1}, "offsets spread by 0.1"),
        ({"stuck_fraction": 0.25}, "0.25 of the p-bits stuck"),
        ({"noise": 0.1}, "input noise 0.1"),
        ({"weight_bits": 4}, "weights of 4 bits"),
        ({"conductance_ratio": 10.0}, "conductances within 1:10"),
        ({"weight_spread": 0.1}, "weights spread by 0.1"),
        ({"dac_bits": 4}, "inputs of 4 bits"),
        ({"transfer": CURVE}, "a measured transfer curve"),
        ({"lut_bits": 8}, "tanh of 8 bits"),
        ({"lut_bits": 8, "lfsr_bits": 32}, "shift registers of 32 bits"),
        (
            {"dynamics": "arrhenius", "barrier": 5.0},
            "rates held at the attempt frequency by inputs beyond 5",
        ),
    ],
)
def test_departures_are_named(parameters, words):
    chip = Hardware(**parameters)
    assert any(each.startswith(words) for each in chip.departures())
    assert chip.law.startswith("not Boltzmann: ")


@pytest.mark.parametrize(
    "parameters",
    [
        {"dynamics": "arrhenius"},
        {"clock": "periodic"},
        {"clock": "chromatic"},
        {"tau_spread": 1.0},
        {"seed": 5, "name": "mine", "dac_range": 2.0, "lut_range": 2.0, "lfsr_shifts": 3},
        {"delay_spread": 0.5, "rc_spread": 0.5},
    ],
)
def test_what_leaves_the_law_alone(parameters):
    assert Hardware(**parameters).law == "Boltzmann"


def test_values_are_changed_by_name_and_checked_anew():
    chip = Hardware(gain=2.0).with_values(delay_s=1e-9)
    assert (chip.gain, chip.delay_s, chip.has_lag) == (2.0, 1e-9, True)
    assert Hardware(rc_s=1e-9).has_lag
    with pytest.raises(ValueError, match="gain must be a number > 0"):
        chip.with_values(gain=0)
    with pytest.raises(TypeError, match="gian"):
        chip.with_values(gian=1)


def test_a_corrected_median_is_no_departure():
    ones, zeros = np.ones(3), np.zeros(3)
    correction = Correction(ones, zeros, zeros, zeros, zeros > 0, 100)
    chip = Hardware(gain=2.0, offset=1.0, correction=correction)
    assert chip.correction is correction and "gain 2" not in chip.departures()


def test_values_that_no_float_holds_are_refused():
    with pytest.raises(ValueError, match="gain must be a number > 0 and <= 1000, got 1000"):
        Hardware(gain=10**400)


def test_synapses_of_another_age_are_refused():
    with pytest.raises(ValueError, match=r"delay_s and rc_s must be <= 1e\+06 tau_s = 0.001 s"):
        Hardware(delay_s=1.0)


def test_names_are_text():
    with pytest.raises(TypeError, match="name must be text, got 3"):
        Hardware(name=3)


@pytest.mark.parametrize("curve", [None, "ab", "", [("a", "b"), ("c", "d")]])
def test_curves_that_are_no_pairs(curve):
    with pytest.raises(TypeError, match="transfer must be two or more pairs"):
        Hardware(transfer=curve)


# --- prices


@pytest.mark.parametrize("key", ["power_W", "update_J", "synapse_J", "read_J", "write_J"])
def test_prices_are_energies_and_a_power(key):
    unit = key[-1]
    assert getattr(Prices(**{key: 1.0}), key) == 1.0
    for wrong in (-1e-15, 1.1, math.nan, math.inf):
        with pytest.raises(
            ValueError, match=f"{key} must be a number >= 0 {unit} and <= 1 {unit}, got"
        ):
            Prices(**{key: wrong})
    for wrong in (True, "1", None):
        with pytest.raises(TypeError, match=f"{key} must be a number"):
            Prices(**{key: wrong})


def test_a_bill_is_price_times_count():
    prices = Prices(
        power_W=5e-5, update_J=1e-15, synapse_J=1e-16, read_J=1e-12, write_J=1e-9, source="mine"
    )
    bill = prices.bill(updates=2000, reads=3, writes=4, synapses=9000, pbit_seconds=2e-6)
    parts = {
        "power_J": 1e-10, "updates_J": 2e-12, "synapses_J": 9e-13, "reads_J": 3e-12,
        "writes_J": 4e-9,
    }  # fmt: skip
    assert bill == pytest.approx({**parts, "total_J": sum(parts.values())}, rel=1e-12)


def test_every_list_of_prices_names_its_source():
    assert Prices().source == "given by the user"
    assert all(len(prices.source) > 10 for prices in PRICES.values())
