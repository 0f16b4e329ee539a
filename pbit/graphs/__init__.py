"""The graph compiler: colours, and networks that fit a chip and stand for another.

Every pass is a function ``model -> Compiled``: the new model, a table of votes by which its states
are read (:class:`~pbit.graphs.votes.Votes`, the same table for every pass), and a report. Passes
compose to a :class:`~pbit.graphs.compilation.Compilation`, which decodes backwards. Energies
include all offsets: ``compiled.model.energy(compiled.encode(s))`` is the source's energy of s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.graphs.colors import (
        Coloring,
        dsatur_coloring,
        first_fit_coloring,
        largest_first_coloring,
    )
    from pbit.graphs.compilation import Compilation, Compiled
    from pbit.graphs.elimination import Eliminated, eliminate
    from pbit.graphs.embedding import embed
    from pbit.graphs.merging import merge_fixed
    from pbit.graphs.order_reduction import reduce_order
    from pbit.graphs.ordering import reorder
    from pbit.graphs.quantising import quantise
    from pbit.graphs.sparsifying import sparsify
    from pbit.graphs.targets import target_graph
    from pbit.graphs.votes import Votes

__all__ = [
    "Coloring",
    "Compilation",
    "Compiled",
    "Eliminated",
    "Votes",
    "dsatur_coloring",
    "eliminate",
    "embed",
    "first_fit_coloring",
    "largest_first_coloring",
    "merge_fixed",
    "quantise",
    "reduce_order",
    "reorder",
    "sparsify",
    "target_graph",
]

# Imported on first use: a sampler wants colours, and must not wait for scipy's graph routines.
_HOME = {
    "Coloring": "colors",
    "Compilation": "compilation",
    "Compiled": "compilation",
    "Votes": "votes",
    "dsatur_coloring": "colors",
    "Eliminated": "elimination",
    "eliminate": "elimination",
    "embed": "embedding",
    "first_fit_coloring": "colors",
    "largest_first_coloring": "colors",
    "merge_fixed": "merging",
    "quantise": "quantising",
    "reduce_order": "order_reduction",
    "reorder": "ordering",
    "sparsify": "sparsifying",
    "target_graph": "targets",
}


__getattr__ = names_at_home("pbit.graphs", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
