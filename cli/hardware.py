"""Chips on the command line: reading one, and telling what it is and what a run on it took."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any

from pbit.cli.reading import pairwise
from pbit.cli.refusals import InputRefused, refused
from pbit.cli.units import quantity

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware
    from pbit.problems.core.problem import Problem

_COLUMNS = 80
_LABEL = 13


def read_hardware(path: Path) -> Hardware:
    """The chip in a TOML file; exit status 4 if it cannot be read."""
    from pbit.hardware.files.toml import read_chip

    with refused(path):
        return read_chip(path)


def check_fits(hardware: Hardware, problem: Problem, path: Path) -> None:
    """Refuse a problem that this chip cannot take; exit status 4."""
    check_network(hardware, pairwise(problem, "--hardware").labels, path)


def check_network(hardware: Hardware, labels: Sequence[Hashable], path: Path) -> None:
    """Refuse p-bits with these names if this chip has not got them; exit status 4."""
    size, correction = len(labels), hardware.correction
    if correction is not None and correction.gain.size < size:
        raise InputRefused(
            f"{path}: [correction] is of {correction.gain.size} p-bits, this problem needs {size}; "
            "calibrate as many, or leave it out"
        )
    if hardware.table is not None:
        try:
            hardware.table.rows(labels)
        except ValueError as error:
            raise InputRefused(f"{path}: {error}") from error


def folded(label: str, text: str) -> str:
    """A row of a table, its text wrapped below itself at 80 columns."""
    lines = wrap(text, _COLUMNS - _LABEL, break_on_hyphens=False) or [""]
    return "\n".join(
        f"{label if k == 0 else '':<{_LABEL - 1}} {line}" for k, line in enumerate(lines)
    )


def _by_kind(told: dict[str, Any]) -> str:
    """The bill by kind, each with what it is multiplied by; what costs nothing is left out."""
    counts = {
        "power_J": f"{quantity(told['pbit_seconds'], 's')} of p-bits",
        "updates_J": f"{told['updates']:.4g}",
        "synapses_J": f"{told['synapses']:.4g}",
        "reads_J": f"{told['readouts']:.4g}",
        "writes_J": f"{told['writes']:.4g}",
    }
    kinds = [
        f"{kind.removesuffix('_J')} {quantity(told['energy_J'][kind], 'J')} ({count})"
        for kind, count in counts.items()
        if told["energy_J"][kind]
    ]
    return ", ".join(kinds) or "nothing priced"


def run_rows(told: dict[str, Any]) -> str:
    """What ``info["hardware"]`` of a run says, as rows of its summary."""
    read, used = quantity(told["seconds_per_read"], "s"), told["energy_J"]["total_J"]
    rows = [
        ("chip", f"{told['name']}, seed {told['seed']}"),
        ("chip time", f"{read} a read"),
        ("flips", f"{told['flips']:.4g} in {told['updates']:.4g} updates"),
        ("energy used", f"{quantity(used, 'J')}, assumption x count"),
        ("of which", _by_kind(told)),
        ("prices", shorten(told["prices"], _COLUMNS - _LABEL, placeholder=" ...")),
        ("law", told["law"]),
    ]
    return "\n".join(folded(*row) for row in rows)
