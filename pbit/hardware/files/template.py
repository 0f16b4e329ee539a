"""Chips written as TOML, with a line about every key."""

from __future__ import annotations

import json
from dataclasses import fields
from itertools import chain
from typing import Any

import numpy as np

from pbit.hardware.digital import Digital
from pbit.hardware.dynamics import Dynamics
from pbit.hardware.fabrication import Fabrication
from pbit.hardware.files.toml_crossbar import array_lines
from pbit.hardware.group import ParameterGroup
from pbit.hardware.imperfections import Imperfections
from pbit.hardware.input import Input
from pbit.hardware.parameters import Hardware, parameter_ranges
from pbit.hardware.prices import PRICES
from pbit.hardware.ranges import Range
from pbit.hardware.synapses import Synapses
from pbit.hardware.transfer_curve import TransferCurve
from pbit.hardware.weights import Weights

_HEADINGS: dict[str, tuple[type[ParameterGroup], ...]] = {
    "The chip": (Fabrication,),
    "How p-bits answer, and when": (Dynamics,),
    "Imperfect p-bits: input x becomes gain x + offset + noise": (Imperfections,),
    "Synapses": (Synapses,),
    "Weights": (Weights,),
    "Inputs, and the curve from input to mean output": (Input, TransferCurve, Digital),
}
# Headings, and below each what its keys mean.
SECTIONS: dict[str, dict[str, str]] = {
    heading: {
        each.name: each.metadata["meaning"]
        for group in groups
        for each in fields(group)
        if "meaning" in each.metadata
    }
    for heading, groups in _HEADINGS.items()
}

_INTRODUCTION = """\
# A chip of p-bits: pbit solve FILE --hardware CHIP; pbit chip CHIP checks it.
# A key left out is as on the ideal chip. Times are seconds (delay_s = 2e-10) or
# have a unit: delay = "0.2 ns", or "0.2 tau" with the chip's own time constant.
# table = "pbits.csv": gain, offset, tau of each p-bit, a file of measured ones.
"""
_COLUMNS = 80
_EXAMPLES: dict[str, Any] = {
    "correlation_time_s": 1e-9, "dwell_time_s": 2e-9,
    "tick_s": 1e-10, "barrier": 8.0, "weight_bits": 8, "conductance_ratio": 100.0, "dac_bits": 8,
    "transfer": ((-2.0, -0.96), (0.0, 0.0), (2.0, 0.96)), "lut_bits": 8, "lfsr_bits": 32,
    "lfsr_seeds": (1, 2, 3),
}  # fmt: skip


def write_chip(hardware: Hardware) -> str:
    """TOML that :func:`pbit.hardware.files.toml.read_chip` reads back as the same chip.

    Every key stands there with its meaning and range; those that the chip does without are
    commented out.

    Examples
    --------
    >>> lines = write_chip(Hardware(delay_s=2e-10)).splitlines()
    >>> "delay_s = 2e-10" in lines, "# dac_bits = 8" in lines
    (True, True)
    """
    lines = [_INTRODUCTION, f"name = {_text(hardware.name)}"]
    ranges = parameter_ranges()
    for heading, keys in SECTIONS.items():
        lines.append(f"\n# --- {heading}")
        for key, meaning in keys.items():
            lines += _entry(key, meaning, ranges.get(key), getattr(hardware, key))
    tables = _prices(hardware), _table(hardware), _correction(hardware)
    return "\n".join([*lines, *chain(*tables), *array_lines(hardware.crossbar), ""])


def _entry(key: str, meaning: str, limits: Range | None, value: Any) -> list[str]:
    comment = f"# {meaning}" if limits is None else f"# {meaning} {_sentence(limits)}"
    wrapped = [comment] if len(comment) <= _COLUMNS else [f"# {meaning}", f"# {_sentence(limits)}"]
    if value is None or value == ():
        return [*wrapped, f"# {key} = {_value(_EXAMPLES[key])}"]
    return [*wrapped, f"{key} = {_value(value)}"]


def _sentence(limits: Range | None) -> str:
    text = str(limits)
    return text[0].upper() + text[1:] + "."


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple) and isinstance(value[0], int):
        return repr(list(value))
    if isinstance(value, tuple):
        return "[" + ", ".join(f"[{x!r}, {y!r}]" for x, y in value) + "]"
    return repr(value)


def _text(value: str) -> str:
    """A string as TOML has it; JSON's escapes are TOML's as well."""
    return json.dumps(value, ensure_ascii=False)


def _prices(hardware: Hardware) -> list[str]:
    prices = hardware.prices
    lines = ["", "# --- Power of a p-bit, energy of operations: assumptions x time and counts",
             "[prices]"]  # fmt: skip
    preset = next((name for name, known in PRICES.items() if known == prices), None)
    if preset is not None:
        return [
            *lines,
            f"# One of {', '.join(PRICES)}; in place of it the following keys.",
            f"preset = {_text(preset)}",
            f'# power = "{prices.power_W * 1e6:.6g} uW"  # drawn by one p-bit all the time',
            f'# update = "{prices.update_J * 1e12:.6g} pJ"  # an update attempt of one p-bit',
            f'# synapse = "{prices.synapse_J * 1e12:.6g} pJ"  # a coupling in an update',
            f'# read = "{prices.read_J * 1e12:.6g} pJ"  # reading one p-bit out',
            f'# write = "{prices.write_J * 1e12:.6g} pJ"  # programming one p-bit',
            '# source = "where the prices come from"',
        ]
    return [
        *lines,
        f"power_W = {prices.power_W!r}",
        f"update_J = {prices.update_J!r}",
        f"synapse_J = {prices.synapse_J!r}",
        f"read_J = {prices.read_J!r}",
        f"write_J = {prices.write_J!r}",
        f"source = {_text(prices.source)}",
    ]


def _table(hardware: Hardware) -> list[str]:
    found = hardware.table
    if found is None:
        return []
    given = {key: getattr(found, key) for key in ("gain", "offset", "tau_s") if getattr(found, key)}
    lines = [f"{key} = {list(values)!r}" for key, values in given.items()]
    if found.labels:
        lines.append(f"labels = {json.dumps(list(found.labels), ensure_ascii=False, default=str)}")
    return ["", "# --- p-bits as they were measured, one value each", "[table]", *lines]


def _correction(hardware: Hardware) -> list[str]:
    found = hardware.correction
    if found is None:
        return []
    return [
        "",
        "# --- What a calibration measured, p-bit by p-bit",
        "[correction]",
        *(f"{key} = {getattr(found, key).tolist()}" for key in ("gain", "offset")),
        *(f"{key} = {getattr(found, key).tolist()}" for key in ("gain_error", "offset_error")
          if np.isfinite(getattr(found, key)).all()),
        f"stuck = {json.dumps(found.stuck.tolist())}",
        f"num_samples = {found.num_samples}",
    ]  # fmt: skip
