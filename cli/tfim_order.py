"""What ``pbit tfim`` was asked for: the model, the method, the points, and whether they fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pbit.by_value import ByValue
from pbit.cli.hardware import check_network
from pbit.cli.reading import check_pbits
from pbit.cli.refusals import InputRefused, TooLarge
from pbit.cli.tfim_source import Source

if TYPE_CHECKING:
    from pbit.hardware.parameters import Hardware


class Point(NamedTuple):
    """A row to be measured; ``replicas`` None: continuous time."""

    gamma: float
    beta: float
    replicas: int | None


@dataclass(frozen=True, eq=False)
class Order(ByValue):
    """What is measured, by which method, at which points."""

    source: Source
    chip: Hardware | None
    method: str
    points: tuple[Point, ...]
    options: dict[str, Any] = field(repr=False)

    def measured(self, k: int) -> dict[str, Any]:
        """Keywords of the measurement of row k; no two rows share random numbers."""
        names = ("num_sweeps", "burn_in", "num_reads", "seed", "num_threads")
        reads = {"first_read": k * self.options["num_reads"]}
        chip = {} if self.chip is None else {"hardware": self.chip}
        return {name: self.options[name] for name in names} | reads | chip


def order_of(source: Source, chip: Hardware | None, options: dict[str, Any]) -> Order:
    """The points, all combinations of beta and gamma.

    Raises
    ------
    click.ClickException
        What no row, or not every row, would fit into; what the method does not take.
    """
    method = options["method"]
    if method == "auto":
        method = "worldlines" if chip is None else "p-bits"
    both = product(options["beta"].values, options["gamma"].values)
    points = tuple(_point(source, method, gamma, beta, options) for beta, gamma in both)
    order = Order(source, chip, method, points, options)
    _check_sizes(order)
    return order


def _point(
    source: Source, method: str, gamma: float, beta: float, options: dict[str, Any]
) -> Point:
    replicas = options["replicas"]
    if replicas == "auto":
        if method == "worldlines":
            return Point(gamma, beta, None)
        from pbit.problems.transverse_ising.trotter import replicas_for

        replicas, _ = replicas_for(source.model, gamma, beta, options["trotter_error"])
    return Point(gamma, beta, replicas)


def _check_sizes(order: Order) -> None:
    """Refuse what no row, or not every row, would fit into."""
    source, options = order.source, order.options
    n, terms = source.model.num_spins, source.num_terms
    most = max(point.replicas or 0 for point in order.points)
    if order.method == "worldlines":
        from pbit.samplers.imaginary_time.quantities import check_cuts

        for point in order.points:
            check_cuts(point.beta, point.gamma)
        cuts = max(point.gamma * point.beta for point in order.points)
        check_pbits(f"{source.name} as worldlines", n, n * cuts, what="spins")
        return
    what = f"{source.name} in {most} slices"
    check_pbits(what, n * most, (n + terms) * most, what="p-bits")
    if order.chip is not None:
        _check_pairs(source)
        check_network(order.chip, range(n * most), options["hardware"])
    if order.method == "p-bits":
        _check_states(what, n * most, options)
    else:
        _check_weights(source)


def _check_pairs(source: Source) -> None:
    from pbit.models.ising import IsingModel

    if not isinstance(source.model, IsingModel):
        raise InputRefused(
            f"{source.name}: has terms of {source.model.degree} spins and a chip takes pairs; "
            "leave --hardware out"
        )


def _check_weights(source: Source) -> None:
    from pbit.samplers.imaginary_time.slices import Slices

    try:
        Slices.of(source.model, 1)
    except (TypeError, ValueError) as error:
        raise click.UsageError(f"--method slices: {error}") from error


def _check_states(what: str, size: int, options: dict[str, Any]) -> None:
    """Whole states are kept until they are measured."""
    from pbit.machine import memory_bytes

    sweeps, burn_in = options["num_sweeps"], options["burn_in"]
    looks = sweeps - (sweeps // 5 if burn_in is None else burn_in)
    needed, memory = 3 * looks * size * options["num_reads"], memory_bytes()
    if needed > 0.8 * memory:
        raise TooLarge(
            f"{what}: {looks} states of {options['num_reads']} reads need about "
            f"{needed / 2**30:.1f} GiB, this machine has {memory / 2**30:.1f}; lower --sweeps, "
            "--reads or --replicas, or use --method worldlines"
        )
