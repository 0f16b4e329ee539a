"""``pbit tfim``: a quantum Ising model in transverse fields, at temperatures."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import click

from pbit.cli import options as shared
from pbit.cli import values
from pbit.cli.command import command
from pbit.cli.hardware import read_hardware
from pbit.cli.reading import meaning_options
from pbit.cli.reports.tfim_report import Row, record_of, table, to_csv
from pbit.cli.row_runs import deliver_rows, rows_done
from pbit.cli.running import Interrupt
from pbit.cli.status import INTERRUPTED
from pbit.cli.tfim_order import Order, order_of
from pbit.cli.tfim_source import source_of

_GRAMMAR = "LOW:HIGH:COUNT, log:LOW:HIGH:COUNT or VALUE,VALUE,..."
_GAMMA = values.Number("finite and >= 0", lambda gamma: 0 <= gamma < inf)
_BETA = values.Number("finite and > 0", lambda beta: 0 < beta < inf)
_ERROR = values.Number("finite and > 0", lambda error: 0 < error < inf)
_MOST_SWEEPS = 2**31
_MOST_ROWS = 10_000
_STREAMS = 2**32  # reads of a seed


@command()
@click.argument("file", metavar="WHERE")
@click.option(
    "--gamma",
    type=values.Listed(_GAMMA),
    required=True,
    metavar="VALUES",
    help=f"Transverse fields: {_GRAMMAR}.",
)
@shared.beta(
    "Inverse temperatures, in the same words.",
    values.Listed(_BETA),
    required=True,
    metavar="VALUES",
)
@click.option("--coupling", type=values.FINITE, help="J of a lattice's neighbours.  [default: 1]")
@shared.method(
    "worldlines: clusters in imaginary time; slices: p-bits, bit-sliced; p-bits: the replicated "
    "network on the kernels of pbit solve, or on a chip.",
    "worldlines",
    "slices",
    "p-bits",
)
@click.option(
    "--replicas",
    type=values.REPLICAS,
    default="auto",
    show_default=True,
    metavar="auto|inf|R",
    help="Slices of imaginary time; auto: inf with worldlines, else by --trotter-error.",
)
@click.option(
    "--trotter-error",
    type=_ERROR,
    default=1e-3,
    show_default=True,
    help="Of the energy per spin, that --replicas auto may leave.",
)
@shared.hardware("Measure with this chip (TOML, see pbit chip).")
@shared.sweeps("Of each read.", click.IntRange(1, _MOST_SWEEPS), default=1000)
@click.option(
    "--burn-in",
    type=click.IntRange(0),
    help="Sweeps of each read that are not looked at.  [default: a fifth]",
)
@shared.reads("Independent runs.", click.IntRange(1, 2**20), default=16)
@meaning_options
@shared.run_options
@shared.as_json
@shared.as_csv
@shared.output("Write the JSON, or CSV where the name ends in .csv.")
@shared.plot()
def tfim(**options: Any) -> int:
    """Measure a quantum Ising model in a transverse field by p-bits in imaginary time.

    H = -sum J sz sz - sum h sz - gamma sum sx in Pauli matrices. WHERE is a lattice (chain:64,
    ring:64, square:16, cubic:6, triangular:12) or a problem file with J and h; a weighted graph is
    read as Ising unless --problem says otherwise. Every gamma at every beta is a row, with what is
    known exactly beside it: chains and rings of free fermions, and up to 12 spins.

    Exit status: 0 done, 2 usage, 4 file refused, 5 too large for this machine, 130 interrupted
    (rows that were done are printed and written).
    """
    _check(options)
    chip = None if options["hardware"] is None else read_hardware(options["hardware"])
    order = order_of(source_of(options["file"], options), chip, options)
    if not options["quiet"]:
        click.echo(_header(order), err=True)
    rows, interrupted = rows_done(
        lambda interrupt, show: _rows(order, interrupt, show),
        len(order.points),
        "row",
        quiet=options["quiet"],
    )
    record = record_of(order, rows, interrupted=interrupted)
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
    method, replicas = options["method"], options["replicas"]
    if options["as_json"] and options["as_csv"]:
        raise click.UsageError("--json and --csv exclude each other")
    if options["hardware"] is not None and method not in ("auto", "p-bits"):
        raise click.UsageError(f"--method must be p-bits on a chip, got {method}")
    sliced = options["hardware"] is not None or method in ("slices", "p-bits")
    if sliced and replicas is None:
        raise click.UsageError(
            "--replicas must be finite with p-bits, got inf; give a number, or leave it to auto"
        )
    if sliced and min(options["gamma"].values) == 0:
        raise click.UsageError("--gamma must be > 0 with p-bits; --method worldlines takes 0")
    burn_in, sweeps = options["burn_in"], options["num_sweeps"]
    if burn_in is not None and burn_in >= sweeps:
        raise click.UsageError(f"--burn-in must be < --sweeps = {sweeps}, got {burn_in}")
    rows = len(options["gamma"].values) * len(options["beta"].values)
    if rows > _MOST_ROWS:
        raise click.UsageError(
            f"--gamma and --beta must make at most {_MOST_ROWS} rows, got {rows}"
        )
    if rows * options["num_reads"] > _STREAMS:
        raise click.UsageError(f"--reads must be at most {_STREAMS // rows} for {rows} rows")


def _header(order: Order) -> str:
    source, options = order.source, order.options
    chip = "" if order.chip is None else f", chip {order.chip.name}"
    return (
        f"{source.name}: quantum Ising ({source.format}), {source.model.num_spins} spins, "
        f"{source.num_terms} couplings\n"
        f"{order.method}{chip}, {len(order.points)} rows of {options['num_reads']} reads of "
        f"{options['num_sweeps']} sweeps, seed {options['seed']}"
    )


def _rows(order: Order, interrupt: Interrupt, show: Any) -> Iterator[Row]:
    """Rows as they are done, until the interrupt; the one that it hits is left out."""
    from pbit.problems.transverse_ising import TransverseIsing
    from pbit.problems.transverse_ising.known import known_energy
    from pbit.run.control import Control

    control = Control(interrupt=interrupt, progress=show)
    for k, point in enumerate(order.points):
        quantum = TransverseIsing.of(order.source.model, point.gamma)
        known = known_energy(quantum, point.beta)
        try:
            averages = quantum.measure(
                point.beta,
                replicas=point.replicas,
                method=order.method,  # type: ignore[arg-type]
                control=control,
                **order.measured(k),
            )
        except ValueError:
            if interrupt():  # before the first look
                return
            raise
        if interrupt():
            return
        yield Row(point.gamma, averages, known)


def _draw(path: Path, record: dict[str, Any], order: Order) -> None:
    from pbit.cli.reports.tfim_plot import draw_tfim

    draw_tfim(path, record, is_log=(order.options["gamma"].is_log, order.options["beta"].is_log))
