"""Digital associative memories of junctions: cliques of clusters, nearest stored patterns."""

from pbit.networks.associative.cliques import (
    ERASED,
    CliqueMemory,
    Recalled,
    expected_density,
    expected_error,
)
from pbit.networks.associative.templates import Matched, TemplateMemory

__all__ = [
    "ERASED",
    "CliqueMemory",
    "Matched",
    "Recalled",
    "TemplateMemory",
    "expected_density",
    "expected_error",
]
