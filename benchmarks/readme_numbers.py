"""The times in the README: what a first call costs, with its kernels to compile, and a later one.

Every call is a process of its own, from its start to its end, in processor seconds, so that other
work on the machine is not counted; the first ones get an empty kernel cache. "python" runs the
README's own Python examples. With --write the medians replace those between the markers
``<!-- NAME -->`` and ``<!-- /NAME -->`` of the README.
"""

from __future__ import annotations

import doctest
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click

from record import headline, write

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_COMMAND = "from pbit.cli.entry import main; main()"


class Cost(NamedTuple):
    """Of one process, in seconds."""

    cpu: float
    wall: float


def python_examples(text: str) -> str:
    """The Python examples of a page as one script."""
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text))


def cost_of(arguments: list[str], cache: str) -> Cost:
    """Seconds of a Python process that finds and leaves its kernels in ``cache``."""
    environment = os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall)


def measured(repeats: int) -> dict[str, list[Cost]]:
    """Costs by name: "first-NAME" with an empty cache, "later-NAME" right after it."""
    calls = {
        "factor": ["-c", _COMMAND, "factor", "945", "--seed", "1"],
        "python": ["-c", python_examples(README.read_text(encoding="utf-8"))],
    }
    costs: dict[str, list[Cost]] = {}
    for _ in range(repeats):
        for name, arguments in calls.items():
            with tempfile.TemporaryDirectory() as cache:
                for when in ("first", "later"):
                    costs.setdefault(f"{when}-{name}", []).append(cost_of(arguments, cache))
    return costs


def replaced(text: str, numbers: dict[str, str]) -> str:
    """The text with these numbers between their markers.

    Raises
    ------
    ValueError
        A number without its pair of markers.
    """
    for name, number in numbers.items():
        pattern = rf"(<!-- {name} -->).*?(<!-- /{name} -->)"
        text, found = re.subn(pattern, rf"\g<1>{number}\g<2>", text)
        if found != 1:
            raise ValueError(f"number {name!r} must have one pair of markers, found {found}")
    return text


@click.command()
@click.option("--repeats", default=5, show_default=True, type=click.IntRange(1))
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the rows into this file.")  # fmt: skip
@click.option("--write", "into", is_flag=True, help="Put the medians into README.md.")
def main(repeats: int, json_file: Path | None, into: bool) -> None:
    """Print the README's times; every seed is given, nothing here is random."""
    costs = measured(repeats)
    click.echo(headline(f"median of {repeats} (lowest to highest) seconds of a process"))
    numbers = {}
    for name, found in costs.items():
        cpu = [cost.cpu for cost in found]
        numbers[name] = f"{median(cpu):.1f} s"
        click.echo(
            f"{name:<14} {median(cpu):5.2f} ({min(cpu):.2f} to {max(cpu):.2f}) of the processor, "
            f"{median(cost.wall for cost in found):5.2f} by the clock"
        )
    if json_file is not None:
        rows = [{"name": name, **cost._asdict()} for name in costs for cost in costs[name]]
        write(json_file, "readme_numbers", rows, repeats=repeats)
    if into:
        README.write_text(replaced(README.read_text(encoding="utf-8"), numbers), encoding="utf-8")


if __name__ == "__main__":
    main()
