"""Does any reader take longer than in proportion to its file, on the worst files there are?

    nice python benchmarks/reader_costs.py [--size 131072] [--reader NAME] [--all] [--json FILE]

Every reader gets many kinds of hostile files (``reader_inputs.py``) at a few sizes, each twice the
one before. The exponent is the slope of log seconds against log size over the last three, 1 for a
linear reader; sizes that take less than a few milliseconds say nothing and are left out, and so are
those that would take more than --limit seconds. Printed is the slowest kind of each reader, and
every kind whose exponent is above 1.4.
"""

from __future__ import annotations

import json
import math
import platform
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

from pbit.formats import FormatError
from pbit.versions import versions
from reader_inputs import Worst, worst_inputs
from reader_seeds import Reader, readers

STEEP = 1.4
_TELLING_S = 0.004  # below, a clock and the garbage collector tell more than the reader
_SIZES, _MORE_SIZES = 6, 4


class Cost(NamedTuple):
    """What a kind of file costs; the exponent is NaN where it takes no time to speak of."""

    reader: str
    kind: str
    size: int
    seconds: float
    exponent: float
    ended: str


def seconds_of(reader: Reader, data: bytes) -> tuple[float, str]:
    """Processor time to read or refuse a file, and how it ended."""
    began = time.process_time()
    try:
        reader(data)
        ended = "read"
    except FormatError:
        ended = "refused"
    except Exception as error:
        ended = type(error).__name__
    return time.process_time() - began, ended


def cost_of(reader: Reader, worst: Worst, *, size: int, limit: float) -> Cost:
    """Cost of a kind of file up to a size in bytes, no further than a limit in seconds.

    What looks steep at that size is tried at sizes up to 16 times as large: a clock that was late
    once is no square.
    """
    taken: list[tuple[int, float]] = []
    ended, exponent = "", math.nan
    for power in range(_SIZES + _MORE_SIZES):
        if power >= _SIZES and not exponent > STEEP:
            break
        data = worst.make(size << power >> (_SIZES - 1))
        seconds, ended = seconds_of(reader, data)
        if seconds < 0.1:  # the better of two
            seconds = min(seconds, seconds_of(reader, data)[0])
        taken.append((len(data), seconds))
        exponent = _exponent(taken)
        if seconds > limit / 4:
            break
    return Cost(worst.reader, worst.kind, *taken[-1], exponent, ended)


def _exponent(taken: list[tuple[int, float]]) -> float:
    told = [pair for pair in taken if pair[1] > _TELLING_S][-3:]
    if len(told) < 2 or told[-1][0] <= told[0][0]:
        return math.nan
    return float(np.polyfit(np.log([n for n, _ in told]), np.log([s for _, s in told]), 1)[0])


def costs(chosen: dict[str, Reader], *, size: int, limit: float) -> Iterator[Cost]:
    """Costs of all kinds of files for the readers chosen."""
    for name, reader in chosen.items():
        for worst in worst_inputs(name):
            yield cost_of(reader, worst, size=size, limit=limit)


def steep(cost: Cost) -> bool:
    """Whether the cost rises faster than the file, in time that matters."""
    return cost.exponent > STEEP or cost.ended not in ("read", "refused")


def _row(cost: Cost) -> str:
    return (
        f"{cost.reader:<13} {cost.kind[:62]:<62} {cost.size:>9} {1e3 * cost.seconds:>9.1f} "
        f"{cost.exponent:>8.2f}  {cost.ended}"
    )


@click.command()
@click.option("--size", default=2**17, show_default=True, help="Largest files, bytes.")
@click.option("--limit", default=10.0, show_default=True, help="Seconds a file may take.")
@click.option("--reader", "names", multiple=True, help="These alone.")
@click.option("--all", "everything", is_flag=True, help="Print every kind.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write all numbers here.")
def main(size: int, limit: float, names: tuple[str, ...], everything: bool, **more: Any) -> None:
    """Time every reader on its worst files."""
    known = readers()
    chosen = {name: known[name] for name in names or known}
    click.echo(f"{'reader':<13} {'kind':<62} {'bytes':>9} {'ms':>9} {'exponent':>8}  ended")
    found: list[Cost] = []
    for name, reader in chosen.items():
        mine = list(costs({name: reader}, size=size, limit=limit))
        slowest = max(mine, key=lambda cost: cost.seconds / cost.size)
        for cost in mine if everything else [slowest, *filter(steep, mine)]:
            click.echo(_row(cost))
        found += mine
    click.echo(f"{len(found)} kinds of files, {sum(map(steep, found))} steeper than {STEEP}")
    if more["path"] is not None:
        about = {"size": size, "versions": versions(), "machine": platform.platform()}
        rows = [cost._asdict() for cost in found]
        more["path"].write_text(json.dumps(about | {"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
