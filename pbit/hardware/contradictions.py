"""Parameters of different groups that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pbit.hardware.diameters import MOST_SPREAD_OF_LN_TAU
from pbit.hardware.digital import REGISTERS_NEED

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware

_MOST_APART = 1000.0  # of a p-bit's tau and the chip's
_LATEST = 1e6  # tau that a synapse may take


def contradictions_between_groups(hardware: Hardware) -> Iterator[str]:
    """What is wrong, the remedy named."""
    yield from _of_late_synapses(hardware)
    yield from _of_arrhenius(hardware)
    yield from _of_digital(hardware)
    yield from _of_table(hardware)
    yield from _of_crossbar(hardware)
    if hardware.diameter_spread > 0:
        yield from _of_diameters(hardware)
    if hardware.dynamics == "telegraph":
        yield from _of_telegraph(hardware)


def _of_late_synapses(hardware: Hardware) -> Iterator[str]:
    late, latest = max(hardware.delay_s, hardware.rc_s), _LATEST * hardware.tau_s
    if late > latest:
        yield f"delay_s and rc_s must be <= {_LATEST:g} tau_s = {latest:g} s, got {late:g}"


def _of_arrhenius(hardware: Hardware) -> Iterator[str]:
    answers = hardware.lut_bits is not None or hardware.transfer or hardware.noise > 0
    if hardware.dynamics == "arrhenius" and answers:
        yield (
            "noise, transfer and lut_bits need dynamics 'heat-bath' or 'telegraph': the rates of "
            "an Arrhenius junction follow its input itself"
        )


def _of_diameters(hardware: Hardware) -> Iterator[str]:
    if hardware.barrier is None:
        yield (
            "diameter_spread needs dynamics 'arrhenius' and a barrier, which goes with the area; "
            "give tau_spread, gain_spread and offset_spread else"
        )
        return
    most = MOST_SPREAD_OF_LN_TAU / (2 * hardware.barrier)
    if hardware.diameter_spread > most:
        yield (
            f"diameter_spread must be <= {most:.3g} with a barrier of {hardware.barrier:g} kT, or "
            f"ln tau spreads by more than {MOST_SPREAD_OF_LN_TAU:g}, got "
            f"{hardware.diameter_spread:g}"
        )


def _of_digital(hardware: Hardware) -> Iterator[str]:
    if hardware.lut_bits is not None and hardware.transfer:
        yield "lut_bits and transfer exclude each other: give one of them"
    if hardware.lfsr_bits is not None and hardware.dynamics != "heat-bath":
        yield REGISTERS_NEED


def _of_table(hardware: Hardware) -> Iterator[str]:
    table = hardware.table
    if table is None:
        return
    both = {"gain": hardware.gain != 1, "offset": hardware.offset != 0}
    both["gain"] |= hardware.gain_spread > 0
    both["offset"] |= hardware.offset_spread > 0
    both["tau_s"] = hardware.tau_spread > 0
    for name, is_given in both.items():
        if getattr(table, name) and is_given:
            yield f"{name} of each p-bit is in the table; leave {name} and its spread out"
    if hardware.diameter_spread > 0:
        yield "diameter_spread and a table say the same of each p-bit; leave one of them out"
    if not table.tau_s:
        return
    if hardware.clock == "chromatic":
        yield "tau_s must be one for all p-bits with clock 'chromatic', got a table of them"
    middle = sorted(table.tau_s)[len(table.tau_s) // 2]
    if not 1 / _MOST_APART <= middle / hardware.tau_s <= _MOST_APART:
        yield (
            f"tau_s, the length of a sweep, must be about that of the table's p-bits, got "
            f"{hardware.tau_s:g} s; give tau_s={middle:g}"
        )


def _of_crossbar(hardware: Hardware) -> Iterator[str]:
    if hardware.crossbar is None:
        return
    if hardware.weight_spread > 0 or hardware.conductance_ratio is not None:
        yield (
            "weight_spread and conductance_ratio say what the crossbar's devices say; leave them "
            "out, or the crossbar"
        )
    if hardware.dynamics == "telegraph" and not hardware.has_lag and hardware.crossbar.departures:
        yield (
            "a crossbar that is not perfect with dynamics 'telegraph' needs delay_s or rc_s > 0: "
            "junctions that see each other at once, but not alike, may never come to rest"
        )


def _of_telegraph(hardware: Hardware) -> Iterator[str]:
    if hardware.rc_s > 0 and hardware.rc_per == "edge":
        yield "rc_per must be 'p-bit' with dynamics 'telegraph', got 'edge'"
    if hardware.weight_spread > 0 and not hardware.has_lag:
        yield (
            "weight_spread with dynamics 'telegraph' needs delay_s or rc_s > 0: junctions that see "
            "each other at once, but not alike, may never come to rest"
        )
    if hardware.delay_s > 0 and hardware.rc_s == 0:
        yield (
            "delay_s with dynamics 'telegraph' needs rc_s > 0: comparators without a response time "
            "answer every glitch, and late glitches multiply"
        )
