"""The tables of ``pbit compile``: the network before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbit.models.polynomial import AnyModel

_MOST_ROWS = 12


def facts_of(model: AnyModel, *, colors: bool) -> dict[str, Any]:
    """Numbers about a model; of one with longer terms, its neighbours are counted by pairs."""
    import numpy as np

    from pbit.models.ising import IsingModel

    pairwise = isinstance(model, IsingModel)
    if isinstance(model, IsingModel):
        degrees, weights = np.diff(model.J.indptr), model.J.data
    else:
        incidence = model.incidence()
        degrees, weights = np.diff(incidence.site_ptr), incidence.weights
    values, counts = np.unique(degrees, return_counts=True)
    facts: dict[str, Any] = {
        "p-bits": model.num_spins,
        "couplings" if pairwise else "terms": _couplings(model),
        "largest degree": int(degrees.max(initial=0)),
        "mean degree": float(degrees.mean()) if degrees.size else 0.0,
        "largest coupling": float(np.abs(weights).max(initial=0.0)),
        "smallest coupling": float(np.abs(weights).min(initial=np.inf)) if weights.size else 0.0,
        "largest bias": float(np.abs(model.h).max(initial=0.0)),
        "degrees": dict(zip(values.tolist(), counts.tolist(), strict=True)),
    }
    if colors:
        facts["colours"] = _colors(model)
    return facts


def _couplings(model: AnyModel) -> int:
    from pbit.models.ising import IsingModel

    return model.num_couplings if isinstance(model, IsingModel) else model.num_terms


def _colors(model: AnyModel) -> int | None:
    from pbit.graphs import dsatur_coloring
    from pbit.models.ising import IsingModel

    return dsatur_coloring(model).num_colors if isinstance(model, IsingModel) else None


def table_of(before: dict[str, Any], after: dict[str, Any], passes: list[Any]) -> str:
    """Both networks side by side, the degrees, and what each pass says."""
    names = [name for name in before if name not in ("degrees", "colours")]
    if "colours" in before:
        names.insert(4, "colours")
    lines = [f"{'':<18} {'before':>10} {'after':>10}"]
    for name in names:
        other = "couplings" if name == "terms" else name
        lines.append(f"{name:<18} {_shown(before[name]):>10} {_shown(after[other]):>10}")
    lines += _histogram(before["degrees"], after["degrees"])
    lines += [f"{name:<12} {text}" for name, report in passes for text in _SAID[name](report)]
    return "\n".join(lines)


def _histogram(before: dict[int, int], after: dict[int, int]) -> list[str]:
    """P-bits by degree, in at most a dozen rows."""
    largest = max([*before, *after], default=0)
    width = largest // _MOST_ROWS + 1
    lines = []
    for low in range(0, largest + 1, width):
        high = min(low + width - 1, largest)
        counts = [
            sum(count for degree, count in found.items() if low <= degree <= high)
            for found in (before, after)
        ]
        if any(counts):
            name = f"  of degree {low}" + (f"-{high}" if high > low else "")
            lines.append(f"{name:<18} {counts[0]:>10} {counts[1]:>10}")
    return lines


def _chains(report: dict[str, Any]) -> list[str]:
    safe = "ground states exact"
    if not report["exact"]:
        safe = f"{report['links_below_bound']} below the bound: ground states may be lost"
    lines = [
        f"{report['pbits']} p-bits, chains of {report['mean_chain']:.3g} on average, "
        f"{report['longest_chain']} at most",
        f"{report['links']} links of {report['weakest_link']:.4g} to "
        f"{report['strongest_link']:.4g}, {safe}",
    ]
    if "target_nodes" in report:
        lines[0] += f"; the target has {report['target_nodes']}, seed {report['seed']}"
    return lines


def _bits(report: dict[str, Any]) -> list[str]:
    said = report["ground_states"] or "not enumerated"
    return [
        f"{report['bits']} bits, step {report['step']:.4g}, {report['vanished']} weights vanish, "
        f"ground states {said}",
        f"error {report['max_error']:.2%} at most, {report['rms_error']:.2%} rms, "
        "of the largest weight",
    ]


_SAID: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "reduce_order": lambda r: [
        f"products of {r['degree']} to pairs with {r['ancillas']} ancillas (by {r['method']})"
    ],
    "merge_fixed": lambda r: [f"{r['fixed']} fixed, {r['merged']} merged, {r['left']} left"],
    "sparsify": _chains,
    "embed": _chains,
    "quantise": _bits,
    "reorder": lambda r: [
        f"mean distance in memory {r['mean_distance_before']:.4g} to {r['mean_distance_after']:.4g}"
    ],
}


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
