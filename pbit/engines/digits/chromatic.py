"""Digits on sites in the order of their colours, for one read on many threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.engines.together import run_together
from pbit.graphs.colors import Coloring, first_fit_of
from pbit.kernels.digits.boltzmann import WIDTH
from pbit.kernels.digits.chromatic import CHUNK, Classes, Scratch, Team, anneal_classes
from pbit.kernels.digits.sites import PottsSites, TableSites
from pbit.kernels.graphs.rows import rows_in_order

Sites = PottsSites | TableSites


class ChromaticSites:
    """A record of sites, sorted by colour; what comes in and goes out has the model's order.

    Colours are those of first fit (Welsh, Powell, Comput. J. 10, 85 (1967)), in the model's order:
    10^7 sites take seconds.
    """

    def __init__(self, record: Sites) -> None:
        coloring = first_fit_of(record.pointers, record.neighbours)
        self.order = coloring.order
        self.classes = Classes(in_order(record, coloring), coloring.starts)

    @property
    def is_worth_it(self) -> bool:
        """Whether a class has work for threads to share, most of the time."""
        sizes = np.diff(self.classes.starts)
        return bool(sizes.sum() >= CHUNK * sizes.size)

    def anneal(self, reads: Any, plan: Any, stream: Any, watch: Any, *, threads: int) -> None:
        """The one read of ``reads`` through the plan, as
        :func:`pbit.kernels.digits.anneal.anneal_reads` does it in the model's order."""
        model = self.classes.model
        mine = reads._replace(values=reads.values[:, self.order])
        team = Team.of(self.classes, mine.values[0], threads)

        def work(part: int, parts: int) -> None:
            scratch = Scratch.of(model, stream.key0, stream.key1)
            member = team._replace(part=part, parts=parts)
            anneal_classes(self.classes, mine, plan, stream, watch, member, scratch)

        run_together(work, threads)
        reads.values[:, self.order] = mine.values


def in_order(record: Sites, coloring: Coloring) -> Sites:
    """The same sites, sorted; tables as seen from the neighbours, see gather.py."""
    order = coloring.order
    place = np.empty_like(order)
    place[order] = np.arange(order.size, dtype=order.dtype)

    def moved(items: npt.NDArray[Any], pointers: Any) -> npt.NDArray[Any]:
        out = np.empty_like(items)
        rows_in_order(items, pointers, order, out)
        return out

    def bounds(pointers: Any) -> Any:
        return np.concatenate([[0], np.cumsum(np.diff(pointers)[order])])

    edges = record.pointers
    common = (
        record.num_values[order],
        bounds(record.rows),
        moved(record.h, record.rows),
        bounds(edges),
        place[moved(record.neighbours, edges)],
    )
    if isinstance(record, PottsSites):
        return PottsSites(*common, moved(record.weights, edges), record.stride)
    turned = np.argsort(record.neighbours, kind="stable")  # of each entry, that from the other end
    tables = np.concatenate([record.tables, np.zeros(WIDTH, record.tables.dtype)])
    return TableSites(*common, tables, moved(record.table_of[turned], edges))
