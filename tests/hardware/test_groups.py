"""The groups of a chip's parameters: each by itself, all of them together, told once."""

import dataclasses
import pickle

import pytest

from pbit.hardware.digital import Digital
from pbit.hardware.dynamics import Dynamics
from pbit.hardware.group import parameters_in, with_parameters_of_bases
from pbit.hardware.input import Input
from pbit.hardware.parameters import GROUPS, Hardware
from pbit.hardware.prices import Prices
from pbit.hardware.synapses import Synapses
from pbit.hardware.transfer_curve import TransferCurve
from pbit.hardware.weights import Weights

NAMES = [[field.name for field in dataclasses.fields(group)] for group in GROUPS]
CHIP = {
    "name": "mine", "seed": 3, "dynamics": "telegraph", "tau_s": 2e-9, "gain_spread": 0.1,
    "noise": 0.2, "rc_s": 1e-10, "weight_bits": 4, "dac_bits": 5, "transfer": ((-1, -0.5), (1, 1)),
}  # fmt: skip


def test_each_parameter_is_in_one_group_and_in_their_order():
    own = ["prices", "correction", "table", "crossbar"]
    found = [field.name for field in dataclasses.fields(Hardware)]
    assert found == [name for names in NAMES for name in names] + own
    assert len(found) == len(set(found)) == 40


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_a_chip(group):
    """Made, compared, pickled and frozen by itself, with the values that a chip would have."""
    names = {field.name for field in dataclasses.fields(group)}
    alone = group(**{key: value for key, value in CHIP.items() if key in names})
    chip = Hardware(**CHIP)
    assert {name: getattr(chip, name) for name in names} == dataclasses.asdict(alone)
    again = pickle.loads(pickle.dumps(alone))
    assert (alone, hash(alone)) == (again, hash(again)) and alone != chip
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(alone, next(iter(names)), 1)


@pytest.mark.parametrize(
    ("group", "values", "message"),
    [
        (Dynamics, {"clock": "periodic", "dynamics": "arrhenius"}, "needs dynamics 'heat-bath'"),
        (Dynamics, {"clock": "ticks"}, "tick_s must be given with clock 'ticks'"),
        (Dynamics, {"clock": "chromatic", "tau_spread": 0.1}, "tau_spread must be 0"),
        (Dynamics, {"barrier": 3.0}, "barrier and barrier_exponent need dynamics 'arrhenius'"),
        (Digital, {"lfsr_bits": 16}, "lfsr_bits needs lut_bits"),
        (Digital, {"lfsr_bits": 17, "lut_bits": 8}, "lfsr_bits must be one of 8, 16, 24, 32"),
        (TransferCurve, {"transfer": ((0, 0), (0, 1))}, "transfer must have increasing inputs"),
        (Weights, {"weight_bits": 1}, "weight_bits must be a whole number >= 2 and <= 16, got 1"),
        (Digital, {"lfsr_seeds": (1,)}, "lfsr_seeds needs lfsr_bits"),
        (
            Digital,
            {"lfsr_seeds": (1, 256), "lfsr_bits": 8, "lut_bits": 8},
            "lfsr_seeds must be <= 255, what 8 bits hold, got 256",
        ),
        (Digital, {"lfsr_seeds": (1, 0)}, "lfsr_seeds must be from 1 to .*, got 0; a register"),
        (Input, {"dac_range": 0.0}, "dac_range must be a number > 0"),
        (Synapses, {"delay_s": -1.0}, "delay_s must be a number >= 0 s"),
    ],
)
def test_a_group_refuses_what_the_chip_refuses(group, values, message):
    for made in (group, Hardware):
        with pytest.raises(ValueError, match=message):
            made(**values)


def test_a_chip_tells_the_parameters_of_its_groups():
    told = parameters_in(Hardware)
    for group in GROUPS:
        assert parameters_in(group) in told
    keys = [line.split(" : ")[0] for line in told.splitlines() if not line.startswith(" ")]
    named = [name.strip() for line in keys for name in line.split(",")]
    inline = {"dac_range", "lut_range", "delay_per", "rc_per"}  # told beside their company
    assert [name for name in named if name.isidentifier()] == [
        field.name for field in dataclasses.fields(Hardware) if field.name not in inline
    ]
    assert all(name in told for name in inline)
    assert "Examples" in Hardware.__doc__ and "Examples" not in told


def test_classes_without_docstrings_stay_so():
    class Silent(Weights):
        pass

    Silent.__doc__ = None
    assert with_parameters_of_bases(Silent).__doc__ is None
    assert parameters_in(Silent) == ""


def test_prices_become_floats():
    prices = Prices(update_J=1)
    assert (type(prices.update_J), prices) == (float, Prices(update_J=1.0))
