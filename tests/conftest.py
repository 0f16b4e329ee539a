"""Shared options and fixtures; how many processes share the tests."""

import os
import time
from pathlib import Path

# Small matrices, and two processes: more threads only wait for each other. Read at the import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from clock import FakeClock, SteppedClock
from pbit.run import run
from pbit.run.clock import Clock
from random_models import random_model

os.environ["PBIT_QUIET"] = "1"  # or the note about compiling gets into output that tests compare
WORKERS = 2


def pytest_addoption(parser):
    parser.addoption("--run-slow", action="store_true", help="run tests marked slow as well")
    parser.addoption(
        "--slow-part",
        metavar="I/N",
        type=part,
        help="run the I-th of N parts of the tests marked slow, and no others",
    )


def part(text):
    """Two numbers, the first from 1 to the second."""
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise ValueError(f"--slow-part must be I/N with I from 1 to N, got {text!r}")
    return int(number), int(of)


def pytest_xdist_auto_num_workers(config):
    """What ``-n auto`` means: files named one by one are run here, without another start."""
    named = [Path(arg.partition("::")[0]) for arg in config.args]
    return 0 if all(path.is_file() for path in named) else WORKERS


def pytest_collection_modifyitems(config, items):
    slow_part = config.getoption("--slow-part")
    if slow_part:
        number, of = slow_part
        slow = [item for item in items if "slow" in item.keywords]
        kept = set(slow[number - 1 :: of])
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]
    elif not config.getoption("--run-slow"):
        skip = pytest.mark.skip(reason="slow: give --run-slow")
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def not_forced_to_disk():
    """Thousands of files need not outlive a power cut; commands in their own processes do sync."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def data():
    """Folder of instances and data sets, from PBIT_DATA."""
    folder = os.environ.get("PBIT_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PBIT_DATA does not name the folder of instances")
    return Path(folder)


@pytest.fixture
def glass():
    """Six spins, real couplings and fields: no symmetry left to hide behind."""
    return random_model(6, seed=7)


@pytest.fixture
def everywhere(monkeypatch):
    """Have a clock be the clock of all controls and of all timings."""

    def use(clock):
        monkeypatch.setattr(time, "perf_counter", clock.now)
        monkeypatch.setattr(time, "perf_counter_ns", lambda: round(1e9 * clock.now()))
        monkeypatch.setattr(Clock, "wait", lambda self, *arguments: clock.wait(*arguments))
        return clock

    return use


@pytest.fixture
def stepped(everywhere):
    """A round takes a few steps of 10 ms, whatever is done in it."""
    return everywhere(SteppedClock())


@pytest.fixture
def hasty(everywhere):
    """Time is up as soon as work has begun."""
    return everywhere(FakeClock())


@pytest.fixture
def after_blocks(monkeypatch):
    """Clock whose seconds begin to pass when so many blocks of reads are done."""
    done = []
    take = run.Run._take

    def counted(self, block):
        take(self, block)
        done.append(block)

    def of(number):
        done.clear()
        monkeypatch.setattr(run.Run, "_take", counted)
        return FakeClock(lambda: len(done) >= number)

    return of
