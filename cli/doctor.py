"""``pbit doctor``: what is installed here, and whether it samples right."""

from __future__ import annotations

import platform
import time
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import click

from pbit.cli.command import command
from pbit.machine import available_threads
from pbit.versions import versions

if TYPE_CHECKING:
    from pbit.run.reads import Reads

_ALPHA = 1e-6
_SECONDS = 2.0
_READS = 20000


@command()
def doctor() -> int:
    """Print versions, threads and the kernel cache, then test the sampler for two seconds.

    The test compares the states of a frustrated network of six p-bits after five sweeps with the
    exact law, by chi-square, as often as two seconds allow. A sound installation fails with
    probability of about 1e-6.

    Exit status: 0 sound, 1 not.
    """
    for name, version in versions(neal=True).items():
        click.echo(f"{name:<16} {version}")
    click.echo(f"{'platform':<16} {platform.platform()}")
    click.echo(f"{'threads':<16} {available_threads()}")
    click.echo(f"{'kernel cache':<16} {_cache()}")
    for refusal in _refused():
        click.echo(f"{'':<16} {refusal}")
    began = time.perf_counter()
    _warm_up()
    click.echo(f"{'first call':<16} {time.perf_counter() - began:.2f} s")
    p_value, tests = _self_test()
    click.echo(f"{'speed':<16} {_speed():.2f} ns an update (one thread, 64 reads, 12^3 lattice)")
    sound = p_value > _ALPHA
    verdict = "sound" if sound else "WRONG: the sampler does not follow the exact law"
    click.echo(f"{'self-test':<16} {verdict} ({tests} tests, corrected p = {p_value:.2g})")
    return 0 if sound else 1


def _cache() -> str:
    from pbit.kernels.cache import cache_folder

    folder = cache_folder()
    return str(folder) if folder else "none can be written: kernels compile in every process"


def _refused() -> list[str]:
    """Folders that would have come first, and why they are not used."""
    from pbit.kernels.cache import looked_at

    return [
        f"not {folder}: {reason}"
        for folder, reason in takewhile(lambda seen: seen[1] is not None, looked_at())
    ]


def _warm_up() -> None:
    from pbit import IsingModel

    _anneal(IsingModel.from_edges([0], [1], [1.0]), num_reads=16, seed=0)


def _anneal(*args: Any, **options: Any) -> Reads:
    from pbit import anneal

    reads: Reads = anneal(*args, **options)
    if reads.info["stop_reason"] == "interrupted":
        raise KeyboardInterrupt
    return reads


def _self_test() -> tuple[float, int]:
    """Smallest p-value, times the number of tests, over two seconds of tests."""
    import numpy as np

    from pbit import IsingModel, Schedule
    from pbit.exact import exact_law, state_number
    from pbit.statistics import chi_square_p_value

    betas = np.array([0.2, 0.5, 0.8, 1.1, 1.4])
    began, tests, smallest = time.perf_counter(), 0, 1.0
    while time.perf_counter() - began < _SECONDS:
        rng = np.random.default_rng(tests)
        upper = np.triu(rng.normal(size=(6, 6)), k=1)
        model = IsingModel(rng.normal(size=6), upper + upper.T)
        spins = _anneal(model, Schedule(betas), num_reads=_READS, seed=tests).spins
        law = exact_law(model, betas)
        smallest = min(smallest, chi_square_p_value(state_number(spins), law))
        tests += 1
    return min(1.0, smallest * tests), tests


def _speed() -> float:
    import numpy as np

    from pbit import IsingModel, Schedule

    sites = np.arange(12**3).reshape(12, 12, 12)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    signs = np.random.default_rng(1).choice([-1.0, 1.0], ends.size)
    model = IsingModel.from_edges(np.tile(sites.ravel(), 3), ends, signs)
    schedule = Schedule.geometric(0.1, 3.0, num_betas=300)
    info = _anneal(model, schedule, num_reads=64, seed=1, num_threads=1).info
    return float(info["timing"]["sampling_ns"] / info["updates"])
