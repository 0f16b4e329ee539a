"""``pbit chip``: a template of a chip's file, or what the chip in a file is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.command import command
from pbit.cli.hardware import folded, read_hardware
from pbit.cli.units import quantity

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware


@command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def chip(file: Path | None) -> None:
    """Check the chip in FILE (TOML) and say in what it differs from an ideal one.

    Without FILE, print the ideal chip: every key with its meaning, range and unit, to be edited.

        pbit chip > chip.toml

        pbit solve problem.mc --hardware chip.toml

    Exit status: 0 done, 2 usage, 4 file refused.
    """
    if file is None:
        from pbit.hardware.files.template import write_chip
        from pbit.hardware.parameters import Hardware

        click.echo(write_chip(Hardware()), nl=False)
    else:
        click.echo(_described(read_hardware(file), file))


def _described(hardware: Hardware, file: Path) -> str:
    from pbit.hardware.parameters import Hardware, parameter_ranges

    ideal = Hardware()
    rows = [
        (key, _shown(key, hardware, hardware), _shown(key, ideal, ideal))
        for key in [
            *parameter_ranges(),
            "transfer",
            "lfsr_seeds",
            "correction",
            "table",
            "crossbar",
        ]
        if key != "seed" and getattr(hardware, key) != getattr(ideal, key)
    ]
    lines = [folded("chip", f"{hardware.name}, seed {hardware.seed}, from {file}")]
    lines += [f"{'parameter':<20} {'this chip':<30} ideal"] if rows else ["as the ideal chip"]
    lines += [f"{key:<20} {here:<30} {there}" for key, here, there in rows]
    lines += _at_rest(hardware)
    prices = hardware.prices
    lines.append(folded("prices", f"{_prices(prices)} ({prices.source})"))
    return "\n".join([*lines, *_law(hardware)])


def _shown(key: str, hardware: Hardware, chip: Hardware) -> str:
    value: Any = getattr(hardware, key)
    if value is None:
        return "none"
    if key == "transfer":
        return f"measured, {len(value)} points" if value else "tanh"
    if key == "lfsr_seeds":
        return f"given, of {len(value)} p-bits" if value else "drawn"
    if key == "correction":
        return f"of {value.gain.size} p-bits"
    if key == "crossbar":
        return f"{value.programming}, {value.min_ohm:g} to {value.max_ohm:g} ohm"
    if key == "table":
        columns = [name for name in ("gain", "offset", "tau_s") if getattr(value, name)]
        return f"{', '.join(columns)} of {value.size} p-bits"
    if key.endswith("_s") and value:
        in_tau = "" if key == "tau_s" else f" ({value / chip.tau_s:.4g} tau)"
        return quantity(value, "s") + in_tau
    return f"{value:g}" if isinstance(value, float) else str(value)


def _at_rest(hardware: Hardware) -> list[str]:
    """What tau is to a p-bit without input, where it decays as an exponential."""
    if hardware.clock not in ("poisson", "ticks"):
        return []
    dwell, correlation = (quantity(time, "s") for time in hardware.times_at_rest)
    return [folded("at rest", f"mean dwell time {dwell}, correlation time {correlation}")]


def _prices(prices: Any) -> str:
    parts = [("update", prices.update_J), ("read", prices.read_J), ("write", prices.write_J)]
    if prices.synapse_J:
        parts.insert(1, ("synapse", prices.synapse_J))
    told = [f"{name} {quantity(cost, 'J')}" for name, cost in parts]
    power = [f"power {quantity(prices.power_W, 'W')} a p-bit"] if prices.power_W else []
    return ", ".join([*power, *told])


def _law(hardware: Hardware) -> list[str]:
    departures = hardware.departures()
    if not departures:
        return [folded("law", "Boltzmann")]
    return [folded("law", "not Boltzmann:"), *(folded("", f"- {each}") for each in departures)]
