"""``pbit sweep``: one problem on chips that differ in one parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbit.by_value import ByValue
from pbit.cli import options as shared
from pbit.cli.command import command
from pbit.cli.hardware import check_fits, read_hardware
from pbit.cli.reading import energy_of, file_options, pairwise, read_contents
from pbit.cli.refusals import InputRefused, TooLarge
from pbit.cli.reports.sweep_report import Row, record_of, table, to_csv
from pbit.cli.row_runs import deliver_rows, rows_done
from pbit.cli.running import Interrupt
from pbit.cli.solve import check_sweeps
from pbit.cli.status import INTERRUPTED
from pbit.machine import memory_bytes

if TYPE_CHECKING:
    from pbit.formats import AnyContents
    from pbit.hardware.parameters import Hardware
    from pbit.hardware.variation import Variation
    from pbit.models.ising import IsingModel
    from pbit.problems.core.problem import Problem
    from pbit.schedules.schedule import Schedule

_READS, _SWEEPS, _SWEEPS_OF_A_LAW = 64, 1000, 10_000
_MOST_SWEEPS = 2**40
_COPIES = 4  # of the time spent in each state by each read


@command()
@file_options
@click.option(
    "--vary",
    required=True,
    metavar="KEY=VALUES",
    help="KEY=LOW:HIGH:COUNT, KEY=log:LOW:HIGH:COUNT or KEY=VALUE,VALUE,...; times are in tau, or "
    "with :ns and the like behind.",
)
@shared.hardware("The chip to vary (TOML, see pbit chip).  [default: ideal]")
@click.option(
    "--metric",
    type=click.Choice(["auto", "distance", "success"]),
    default="auto",
    show_default=True,
    help="distance: from the exact law, with --beta and up to 12 spins; success: reads that reach "
    "the target.",
)
@shared.beta("A fixed inverse temperature, in place of annealing.")
@shared.beta_range()
@shared.reads("Independent runs on each chip.", click.IntRange(1, 2**31), default=_READS)
@shared.sweeps(
    "Sweeps of each; one lasts tau.  [default: 1000, distance: 10000]",
    click.IntRange(1, _MOST_SWEEPS),
)
@shared.target("Objective to reach.  [default: the best one found]")
@click.option("--calibrate", is_flag=True, help="Calibrate each chip before it runs.")
@shared.run_options
@shared.as_json
@shared.as_csv
@shared.output("Write the JSON, or CSV where the name ends in .csv.")
@shared.plot()
def sweep(**options: Any) -> int:
    """Run the problem in FILE on chips that differ in one parameter, and on an ideal chip.

    All chips run the same schedule from the same seed. A weighted graph is read as Ising unless
    --problem says otherwise. Examples of --vary: delay=0:2:9, delay=log:1:100:5:ps,
    gain_spread=0,0.1,0.2, dynamics=heat-bath,arrhenius, weight_bits=none,8,4.

    Exit status: 0 done, 2 usage, 4 file refused, 5 too large for this machine or for an exact
    law, 130 interrupted (chips that were done are printed and written).
    """
    _check(options)
    variation, chip = _variation(options)
    contents = read_contents(options["file"], options["format_"])
    order = _order(_problem(contents, chip, options), variation, chip, options)
    if not options["quiet"]:
        click.echo(_header(contents, order), err=True)
    rows, interrupted = rows_done(
        lambda interrupt, show: _rows(order, interrupt, show),
        len(order.chips),
        f"{order.variation.key}: chip",
        quiet=options["quiet"],
    )
    record = record_of(contents, order, rows, interrupted=interrupted)
    deliver_rows(
        record,
        options,
        table=table,
        to_csv=to_csv,
        draw=lambda path: _draw(path, record, order),
    )
    return INTERRUPTED if interrupted else 0


def _check(options: dict[str, Any]) -> None:
    """Whatever can be refused is refused before a file is read."""
    beta, betas = options["beta"], options["beta_range"]
    if betas and not all(1e-300 <= each < float("inf") for each in betas):
        raise click.UsageError(f"--beta-range must be two numbers > 0, got {betas}")
    if beta is not None and betas is not None:
        raise click.UsageError("--beta and --beta-range exclude each other")
    if options["as_json"] and options["as_csv"]:
        raise click.UsageError("--json and --csv exclude each other")
    if beta is None:
        check_sweeps(options["num_sweeps"])
    if options["metric"] == "distance":
        if beta is None:
            raise click.UsageError("--metric distance needs --beta, the temperature of the law")
        if options["target"] is not None:
            raise click.UsageError("--target needs --metric success")


def _variation(options: dict[str, Any]) -> tuple[Variation, Hardware]:
    from pbit.hardware.parameters import Hardware
    from pbit.hardware.variation import parse_variation

    chip = Hardware() if options["hardware"] is None else read_hardware(options["hardware"])
    try:
        return parse_variation(options["vary"], chip), chip
    except ValueError as error:
        raise click.UsageError(f"--vary {options['vary']:.60}: {error}") from error


def _problem(contents: AnyContents, chip: Hardware, options: dict[str, Any]) -> Problem:
    problem = energy_of(contents, options["problem"], options["ising_sign"])
    if problem.constrained:
        raise InputRefused(
            f"{contents.name}: pbit sweep compares energies, and states of this {problem.name} "
            "problem may be infeasible; pbit solve takes it"
        )
    if options["hardware"] is not None and not options["calibrate"]:
        check_fits(chip, problem, options["hardware"])
    return problem


@dataclass(frozen=True, eq=False)
class Order(ByValue):
    """What is run: the problem, the chips, and how long."""

    problem: Problem
    variation: Variation
    chip: Hardware
    metric: str
    seed: int
    options: dict[str, Any] = field(repr=False)

    @property
    def num_sweeps(self) -> int:
        """Sweeps of a read."""
        default = _SWEEPS_OF_A_LAW if self.metric == "distance" else _SWEEPS
        return int(self.options["num_sweeps"] or default)

    @property
    def num_reads(self) -> int:
        """Reads on each chip."""
        from pbit.measure.chip_sweep import GROUPS

        reads = int(self.options["num_reads"])
        return reads // GROUPS * GROUPS if self.metric == "distance" else reads

    @property
    def chips(self) -> list[Hardware]:
        """The ideal chip of the same speed, then those that are compared with it."""
        from pbit.hardware.parameters import Hardware

        ideal = Hardware(tau_s=self.chip.tau_s, prices=self.chip.prices)
        return [ideal, *self.variation.chips]


def _order(
    problem: Problem, variation: Variation, chip: Hardware, options: dict[str, Any]
) -> Order:
    size = pairwise(problem, "pbit sweep").num_spins
    metric = _metric(size, options)
    if metric == "distance":
        _check_distance(size, options["num_reads"])
    return Order(problem, variation, chip, metric, options["seed"], options)


def _metric(size: int, options: dict[str, Any]) -> str:
    from pbit.measure.chip_sweep import MAX_DISTANCE_SPINS

    if options["metric"] != "auto":
        return str(options["metric"])
    exact = options["beta"] is not None and options["target"] is None
    return "distance" if exact and size <= MAX_DISTANCE_SPINS else "success"


def _check_distance(size: int, reads: int) -> None:
    from pbit.measure.chip_sweep import GROUPS, MAX_DISTANCE_SPINS

    if size > MAX_DISTANCE_SPINS:
        raise TooLarge(
            f"--metric distance: the exact law takes {MAX_DISTANCE_SPINS} spins at most, this "
            f"problem has {size}; use --metric success"
        )
    if reads < GROUPS:
        raise click.UsageError(f"--reads must be >= {GROUPS} for a distance and its error bar")
    _check_laws(reads, size)


def _check_laws(reads: int, size: int) -> None:
    needed, memory = _COPIES * 8 * 2**size * reads, memory_bytes()
    if needed > 0.8 * memory:
        raise TooLarge(
            f"the laws of {reads} reads of {size} spins need about {needed / 2**30:.1f} GiB, this "
            f"machine has {memory / 2**30:.1f}; lower --reads, or raise --sweeps instead"
        )


def _header(contents: AnyContents, order: Order) -> str:
    model = pairwise(order.problem, "pbit sweep")
    return (
        f"{contents.name}: {order.problem.name} ({contents.format}), {model.num_spins} variables, "
        f"{model.num_couplings} couplings\n"
        f"chip {order.chip.name}, {order.variation.label} over {len(order.variation.values)} "
        f"values, metric {order.metric}, seed {order.seed}"
    )


def _rows(order: Order, interrupt: Interrupt, show: Any) -> Iterator[Row]:
    """Rows as they are done, until the interrupt."""
    from pbit.measure import chip_sweep as hardware_sweep
    from pbit.run.control import Control

    options = order.options
    model = pairwise(order.problem, "pbit sweep")
    common: dict[str, Any] = {
        "num_reads": order.num_reads,
        "seed": order.seed,
        "num_threads": options["num_threads"],
        "control": Control(interrupt=interrupt, progress=show),
    }
    made: list[Hardware] = []
    values = ["ideal", *order.variation.values]
    if order.metric == "distance":
        distances = hardware_sweep.sweep_distance(
            model, _made(order, made), options["beta"], num_sweeps=order.num_sweeps, **common
        )
        for value, distance in zip(values, distances, strict=False):
            yield Row(value, made[-1], distance=distance)
    else:
        reads = hardware_sweep.sweep_reads(
            model, _made(order, made), _schedule(model, order), **common
        )
        for value, read in zip(values, reads, strict=False):
            yield Row(value, made[-1], reads=read)


def _made(order: Order, made: list[Hardware]) -> Iterator[Hardware]:
    """Chips as they are needed, calibrated if that was asked for; noted in ``made``."""
    for k, chip in enumerate(order.chips):
        if k > 0 and order.options["calibrate"]:
            from pbit.measure.calibration import calibrate

            chip = calibrate(chip, order.problem.model.num_spins, seed=order.seed)
        made.append(chip)
        yield chip


def _schedule(model: IsingModel, order: Order) -> Schedule:
    import numpy as np

    from pbit.schedules.schedule import Schedule, default_schedule

    beta, betas = order.options["beta"], order.options["beta_range"]
    if beta is not None:
        return Schedule(np.array([beta]), sweeps_per_beta=order.num_sweeps)
    return default_schedule(model, num_sweeps=order.num_sweeps, beta_range=betas)


def _draw(path: Path, record: dict[str, Any], order: Order) -> None:
    from pbit.cli.reports.sweep_plot import draw_sweep

    draw_sweep(path, record, is_log=order.variation.is_log)
