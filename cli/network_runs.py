"""Runs of published systems, one a system and seed, until all are done or Ctrl-C comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pbit.cli.refusals import extras, refused
from pbit.cli.row_runs import rows_done

if TYPE_CHECKING:
    from pbit.published import Experiment, Measured

    Entry = tuple[Experiment, list[Measured], list[int]]


def entries_of(
    experiments: Sequence[Experiment], options: dict[str, Any]
) -> tuple[list[Entry], bool]:
    """Each system with the results of the seeds that were done; whether those are not all."""
    seeds = range(options["first_seed"], options["first_seed"] + options["num_seeds"])
    order = [(experiment, seed) for experiment in experiments for seed in seeds]

    def runs(*_: Any) -> Iterator[Measured]:
        for experiment, seed in order:
            yield experiment.measure(seed, size=options["size"], data=options["data"])

    with extras(), refused(options["data"]):
        results, interrupted = rows_done(runs, len(order), "run", quiet=options["quiet"])
    entries: dict[str, Entry] = {}
    for (experiment, seed), result in zip(order, results, strict=False):
        entry = entries.setdefault(experiment.id, (experiment, [], []))
        entry[1].append(result)
        entry[2].append(seed)
    return list(entries.values()), interrupted
