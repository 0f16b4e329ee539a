"""Are the random bits good in the orders in which the kernels use them?

    python benchmarks/random_quality.py [--tool own|dieharder|practrand] [--log2-bytes 24]
        [--streams PATTERN] [--controls] [--seed 1] [--json FILE]

Streams: :mod:`random_streams`. Tools: "own", the tests of :mod:`random_battery` on successive
parts of 4 MiB; "dieharder", if that program is installed (Debian and others package it): its tests
marked "Good" but gcd and lagged sums, which want tens of gigabytes, each on fresh words, about 4.5
GiB a stream in all; "practrand", if RNG_test is: its standard tests up to 2**log2-bytes.
``--controls`` tests bad streams instead, which must fail.

A stream FAILS at p < 1e-6 after counting all of its p-values (own), or when the program says so.
Dieharder calls p < 0.005 or p > 0.995 weak: one in a hundred good p-values is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from random_battery import TESTS
from random_controls import CONTROLS
from random_streams import STREAMS, Stream
from record import headline, options, pyplot, write

_PART = 1 << 20  # words
_FAIL = 1e-6
# Dieharder's tests by number, with the size of tuples where one is to be given.
DIEHARDER = [
    *((d, 0) for d in (0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 15, 16, 100, 101, 102)),
    *((200, n) for n in (2, 6, 12)),
    *((201, n) for n in (2, 5)),
    *((202, n) for n in (3, 5)),
    *((d, 0) for d in (205, 206, 207, 208, 209)),
]


@dataclass(frozen=True)
class Row:
    """One stream: how much of it was tested, by how many p-values, the worst, who failed."""

    stream: str
    tool: str
    bytes_tested: int
    p_values: int
    least_p: float
    worst_test: str
    weak: int
    failed: int


class Tap:
    """Successive words of a stream."""

    def __init__(self, stream: Stream, seed: int) -> None:
        self.stream, self.seed, self.words = stream, seed, 0

    def parts(self) -> Iterator[bytes]:
        """The stream from here on, without end."""
        while True:
            words = self.stream(self.seed, self.words, _PART)
            self.words += _PART
            yield words.tobytes()


def own(name: str, tap: Tap, log2_bytes: int) -> Row:
    """The battery of :mod:`random_battery` on every part."""
    found = []
    for _ in range(max(1, 2**log2_bytes // (4 * _PART))):
        words = np.frombuffer(next(tap.parts()), np.uint32)
        found += [(test(words), label) for label, test in TESTS.items()]
    least, worst = min(found)
    failed = sum(p * len(found) < _FAIL for p, _ in found)
    return Row(name, "own", 4 * tap.words, len(found), least, worst, 0, failed)


def dieharder(name: str, tap: Tap, log2_bytes: int) -> Row:
    """Dieharder's tests one after another."""
    found: list[tuple[float, str, str]] = []
    for number, size in DIEHARDER:
        command = [_program("dieharder"), "-g", "200", "-d", str(number)]
        output = _feed([*command, "-n", str(size)] if size else command, tap)
        for line in output.splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) == 6 and cells[5] in ("PASSED", "WEAK", "FAILED"):
                p = float(cells[4])
                found.append((min(p, 1 - p), f"{cells[0]} {cells[1]}", cells[5]))
    if not found:
        raise click.ClickException("dieharder printed no results")
    least, worst, _ = min(found)
    verdicts = [verdict for _, _, verdict in found]
    return Row(
        name, "dieharder", 4 * tap.words, len(found), least, worst,
        verdicts.count("WEAK"), verdicts.count("FAILED"),
    )  # fmt: skip


def practrand(name: str, tap: Tap, log2_bytes: int) -> Row:
    """PractRand's standard tests; p is not given, anomalies are counted."""
    limit = ["-tlmin", f"{min(27, log2_bytes)}", "-tlmax", f"{log2_bytes}"]
    output = _feed([_program("RNG_test"), "stdin32", *limit], tap)
    results = sum(map(int, re.findall(r"(\d+) test result", output)))
    failed, weak = output.count("FAIL"), len(re.findall("suspicious|unusual|mildly", output))
    return Row(name, "practrand", 2**log2_bytes, results, np.nan, "", weak, failed)


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise click.ClickException(f"{name} is not installed; --tool own needs no other program")
    return path


def _feed(command: list[str], tap: Tap) -> str:
    """Output of a program that reads words until it has enough."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            for part in tap.parts():
                process.stdin.write(part)
        except BrokenPipeError:
            pass
        output = process.stdout.read().decode(errors="replace")
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
    return output


def draw(rows: list[Row], path: Path) -> None:
    """The least p-value of each stream, next to the limit."""
    plt = pyplot()
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(rows) + 1.2), layout="constrained")
    least = [max(row.least_p * row.p_values, 1e-30) for row in rows]
    axes.plot([min(1.0, p) for p in least], [row.stream for row in rows], "o")
    axes.axvline(_FAIL, color="tab:red", label="fails below")
    axes.set_xscale("log")
    axes.set_xlabel("least p-value x number of p-values")
    axes.invert_yaxis()
    figure.legend(loc="outside upper center")
    figure.savefig(path, dpi=150)


@click.command()
@options
@click.option("--tool", default="own", type=click.Choice(["own", "dieharder", "practrand"]))
@click.option("--log2-bytes", default=24, show_default=True, type=click.IntRange(22, 45))
@click.option("--streams", default="", help="Only streams whose name matches this.")
@click.option("--controls", is_flag=True, help="Bad streams, which must fail.")
def main(
    seed: int, repeats: int, json_file: Path | None, plot_file: Path | None,
    tool: str, log2_bytes: int, streams: str, controls: bool,
) -> None:  # fmt: skip
    """Test the random streams; --repeats takes that many seeds."""
    click.echo(headline(f"{tool}, seeds {seed} to {seed + repeats - 1}"))
    click.echo(
        "stream           seed  MiB  p-values  least p  worst test              weak  failed"
    )
    rows: list[dict[str, object]] = []
    found: list[Row] = []
    run = {"own": own, "dieharder": dieharder, "practrand": practrand}[tool]
    for name, stream in (CONTROLS if controls else STREAMS).items():
        for number in range(seed, seed + repeats) if re.search(streams, name) else ():
            row = run(name, Tap(stream, number), log2_bytes)
            found.append(row)
            rows.append(asdict(row) | {"seed": number})
            click.echo(
                f"{name:<16} {number:>4} {row.bytes_tested >> 20:>4} {row.p_values:>9} "
                f"{row.least_p:>8.1e}  {row.worst_test:<22} {row.weak:>5} {row.failed:>7}"
            )
    if json_file is not None:
        write(json_file, "random_quality", rows, seed=seed, repeats=repeats, tool=tool)
    if plot_file is not None:
        draw(found, plot_file)


if __name__ == "__main__":
    main()
