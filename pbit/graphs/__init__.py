"""The graph compiler: colours and orders of the couplings' graph."""

from __future__ import annotations

from pbit.graphs.coloring import Coloring, first_fit_coloring

__all__ = ["Coloring", "first_fit_coloring"]
