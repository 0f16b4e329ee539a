"""What is left of a command that is killed or interrupted at a random moment?

    python benchmarks/kills_and_interrupts.py [--repeats 200] [--seed 0] [--json FILE]

Each command is started --repeats times for each of kill -9, Ctrl-C and SIGTERM, in a folder that
holds its output from before, and gets the signal after a random time; every third one within the
first 100 ms. Counted: exit status, outputs that are neither the old nor a whole new file,
tracebacks through our code, and temporaries that are still there after the next start. What ends in
Python's own start, before a line of ours runs, is told by the latest time at which that happened;
the finder of an editable installation belongs to it.
--plot does nothing here.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click

from record import headline, options, write

_OLD = '{"old": true}\n'
_EARLY_S = 0.1
_SIGNALS = {"SIGKILL": signal.SIGKILL, "SIGINT": signal.SIGINT, "SIGTERM": signal.SIGTERM}
_COMMANDS = {
    "solve": ("solve", "FILE", "--problem", "maxcut", "--output", "OUT", "--sweeps", "3000"),
    "tts": ("tts", "SMALL", "--problem", "maxcut", "--target", "1", "--output", "OUT"),
    "sweep": (
        "sweep", "SMALL", "--problem", "maxcut", "--vary", "lut_bits=3,4", "--output", "OUT",
    ),
    "convert": ("convert", "FILE", "OUT", "--to", "rudy"),
    "compile": ("compile", "FILE", "--problem", "maxcut", "--max-degree", "4", "--output", "OUT"),
    "factor": ("factor", "1000036000099", "--time-limit", "1", "--output", "OUT"),
}  # fmt: skip


def _graph(path: Path, num_vertices: int, num_edges: int) -> None:
    rng = random.Random(1)
    pairs = {tuple(sorted(rng.sample(range(1, num_vertices + 1), 2))) for _ in range(num_edges)}
    lines = [f"{i} {j} {rng.choice((-1, 1))}\n" for i, j in sorted(pairs)]
    path.write_text(f"{num_vertices} {len(lines)}\n" + "".join(lines))


class Trial:
    """A command in a folder with an output from before."""

    def __init__(self, command: str, folder: Path) -> None:
        self.folder, self.out = folder / "out", folder / "out" / "out.json"
        self.out.parent.mkdir(exist_ok=True)
        self.out.write_text(_OLD)
        names = {"FILE": folder / "large", "SMALL": folder / "small", "OUT": self.out}
        self._arguments = [str(names.get(word, word)) for word in _COMMANDS[command]]

    def run(self, number: int | None = None, after_s: float = 0.0) -> tuple[int, str, float]:
        """Exit status, what was said on stderr, and the seconds that it took."""
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "pbit", *self._arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if number is not None:
            time.sleep(after_s)
            process.send_signal(number)
        _, stderr = process.communicate(timeout=120)
        return process.returncode, stderr, time.perf_counter() - began

    def is_whole(self) -> bool:
        """Whether the output is the old one or ends as it should."""
        text = self.out.read_text()
        return text == _OLD or _parses(text)

    def remnants(self) -> int:
        """Number of files beside the output."""
        return sum(path != self.out for path in self.folder.iterdir())


def _is_ours(stderr: str) -> bool:
    """Whether something of ours is in what was said: not the finder that `site` runs."""
    return "pbit" in stderr.replace("__editable___pbit", "") and "<frozen site>" not in stderr


def _is_raw(stderr: str) -> bool:
    return "Traceback" in stderr or "Exception ignored" in stderr


def _parses(text: str) -> bool:
    if not text.startswith("{"):
        header, *lines = text.splitlines()
        return int(header.split()[1]) == len(lines)
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


def measure(command: str, name: str, repeats: int, rng: random.Random) -> dict[str, Any]:
    """Counts of one command and one signal."""
    status: Counter[int] = Counter()
    row: dict[str, Any] = {"command": command, "signal": name, "runs": repeats}
    row["latest_before_s"] = 0.0
    counts = Counter({"torn": 0, "tracebacks": 0, "left": 0, "left_after_start": 0})
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _graph(folder / "large", 3000, 20000)
        _graph(folder / "small", 8, 16)
        trial = Trial(command, folder)
        usual_s = trial.run()[2]
        for k in range(repeats):
            trial = Trial(command, folder)
            span_s = _EARLY_S if k % 3 == 0 else 1.1 * usual_s
            after_s = rng.uniform(0.0, span_s)
            code, stderr, _ = trial.run(_SIGNALS[name], after_s)
            status[code] += 1
            is_ours = _is_ours(stderr) or (name != "SIGKILL" and code >= 0 and code != 1)
            if not is_ours and name != "SIGKILL":
                row["latest_before_s"] = max(row["latest_before_s"], after_s)
            counts["torn"] += not trial.is_whole()
            counts["tracebacks"] += is_ours and _is_raw(stderr)
            counts["left"] += trial.remnants() > 0
        trial.run()
        counts["left_after_start"] += trial.remnants()
    return row | {"status": dict(sorted(status.items()))} | counts


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Commands of these names.")
@click.option("--signal", "signals", multiple=True, type=click.Choice(list(_SIGNALS)))
@options
def main(
    only: tuple[str, ...],
    signals: tuple[str, ...],
    seed: int,
    repeats: int,
    json_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Print what is left of commands that were ended. --plot does nothing here."""
    for name in only:
        if name not in _COMMANDS:
            raise click.UsageError(f"--only {name}: must be among {', '.join(_COMMANDS)}")
    os.environ["PBIT_QUIET"] = "1"
    signal.signal(signal.SIGINT, signal.default_int_handler)  # commands inherit a shell's "ignore"
    click.echo(headline(f"{repeats} runs each, seed {seed}"))
    click.echo(f"{'command':<9} {'signal':<8} {'torn':>5} {'traces':>7} {'left':>5} "
               f"{'after start':>12} {'Python s':>9}  exit status")  # fmt: skip
    rng, rows = random.Random(seed), []
    for command in only or _COMMANDS:
        for name in signals or _SIGNALS:
            row = measure(command, name, repeats, rng)
            rows.append(row)
            told = ", ".join(f"{code}: {number}" for code, number in row["status"].items())
            click.echo(f"{command:<9} {name:<8} {row['torn']:5} {row['tracebacks']:7} "
                       f"{row['left']:5} {row['left_after_start']:12} "
                       f"{row['latest_before_s']:9.2f}  {told}")  # fmt: skip
    if json_file is not None:
        write(json_file, "kills_and_interrupts", rows, seed=seed)


if __name__ == "__main__":
    main()
