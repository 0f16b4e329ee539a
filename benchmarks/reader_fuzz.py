"""Does any reader do anything but read a damaged file or refuse it, within a second and 512 MB?

    nice python benchmarks/reader_fuzz.py [--count 10000] [--seed 1] [--reader NAME] [--json FILE]

Each reader gets --count mutated files, made of its own sound ones (``reader_seeds.py``) by cuts,
repeats, swaps, odd bytes and odd texts. A reader runs in a process of its own, whose address space
may grow by 512 MB from where it stands once the reader is imported and warm. An answer other than
contents or ``FormatError``, one that takes more than a second of processor time, and a process that
dies are printed with the file that did it, and make the exit status 1.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import click
import numpy as np

from pbit.formats import FormatError
from reader_seeds import Reader, readers, seeds_of

MOST_SECONDS, MOST_BYTES = 1.0, 512 * 10**6
_TEXTS = (
    *(b"\n", b"\r\n", b" ", b"\t", b",", b";", b"#", b"%", b"\\", b"\0", b"\xff", b"-", b"+", b"."),
    *(b"e", b"=", b":", b"{", b"}", b"[", b"]", b'"', b"'", b"(", b")", b"1e999", b"nan", b"inf"),
    *(b"0", b"1", b"-1", b"2147483648", b"99999999999", b"9" * 400, b"1_0", b"0x1", b"\x1f\x8b"),
    *(b"PK\x03\x04", b"\x93NUMPY", b"p cnf ", b".subckt ", b"[a.b]\n", b"null", b"true"),
)  # fmt: skip


def mutated(rng: np.random.Generator, seed: bytes, other: bytes) -> bytes:
    """The file with a few faults in it."""
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 6))):
        at, kind = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 8))
        end = at + int(rng.integers(1, 16))
        if kind == 0:
            data[at:at] = _TEXTS[int(rng.integers(len(_TEXTS)))]
        elif kind == 1:
            del data[at:end]
        elif kind == 2:
            data[at : at + 1] = bytes([int(rng.integers(256))])
        elif kind == 3:
            data[at:at] = data[at:end] * int(rng.integers(1, 200))
        elif kind == 4:
            data[at:end] = _TEXTS[int(rng.integers(len(_TEXTS)))]
        elif kind == 5:
            start = int(rng.integers(0, len(other) + 1))
            data[at:at] = other[start : start + int(rng.integers(1, 64))]
        elif kind == 6 and at < len(data):
            data[at] ^= 1 << int(rng.integers(8))
        elif kind == 7 and rng.random() < 0.2:
            del data[at:]
    return bytes(data)


def fault_of(reader: Reader, data: bytes) -> str | None:
    """What is wrong with how a file was taken; "" where it was read, None where it was refused."""
    began = time.process_time()
    fault: str | None = ""
    try:
        reader(data)
    except FormatError:
        fault = None
    except Exception as error:
        fault = f"{type(error).__name__}: {error!s:.200}"
    seconds = time.process_time() - began
    return f"{seconds:.1f} s" if seconds > MOST_SECONDS else fault


def fuzz(name: str, count: int, seed: int) -> dict[str, Any]:
    """Counts for one reader, and the files that it takes badly; memory is limited from here on."""
    reader, seeds = readers()[name], seeds_of(name)
    for sound in seeds:
        reader(sound)
    _limit_memory()
    rng = np.random.default_rng([seed, sum(name.encode())])
    read, faults = 0, []
    for _ in range(count):
        picked, other = rng.integers(len(seeds), size=2)
        data = mutated(rng, seeds[picked], seeds[other])
        fault = fault_of(reader, data)
        read += fault == ""
        if fault:
            faults.append({"fault": fault, "file": data.hex()})
    return {"reader": name, "count": count, "read": read, "faults": faults}


def _limit_memory() -> None:
    with open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, used + MOST_BYTES))


def in_a_process(name: str, count: int, seed: int) -> dict[str, Any]:
    """`fuzz` in a process of its own; one that dies is a fault."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "found.json")  # not its output, on which readers in C++ print
        options = ["--child", name, "--count", str(count), "--seed", str(seed), "--json", str(path)]
        command = [sys.executable, __file__, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not path.exists():
            fault = {"fault": f"status {done.returncode}: {done.stderr[-300:]}", "file": ""}
            return {"reader": name, "count": count, "read": 0, "faults": [fault]}
        found: dict[str, Any] = json.loads(path.read_text())
        return found


@click.command()
@click.option("--count", default=10_000, show_default=True, help="Files for each reader.")
@click.option("--seed", default=1, show_default=True)
@click.option("--reader", "names", multiple=True, help="These alone.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Write all numbers here.")
@click.option("--child", hidden=True)
def main(count: int, seed: int, names: tuple[str, ...], path: Path | None, child: str) -> None:
    """Give every reader damaged files."""
    if child and path is not None:
        warnings.simplefilter("ignore")
        path.write_text(json.dumps(fuzz(child, count, seed)))
        return
    rows = []
    click.echo(f"{'reader':<13} {'files':>8} {'read':>8} {'faults':>7} {'seconds':>8}")
    for name in names or readers():
        began = time.perf_counter()
        rows.append(row := in_a_process(name, count, seed))
        click.echo(
            f"{name:<13} {count:>8} {row['read']:>8} {len(row['faults']):>7} "
            f"{time.perf_counter() - began:>8.1f}"
        )
        for fault in row["faults"][:5]:
            click.echo(f"    {fault['fault']}\n    {bytes.fromhex(fault['file'])!r:.200}")
    faults = sum(len(row["faults"]) for row in rows)
    click.echo(f"{count * len(rows)} files, {faults} faults")
    if path is not None:
        path.write_text(json.dumps({"seed": seed, "rows": rows}, indent=1) + "\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
