"""Contents of one format made fit for another: exactly, or refused.

Between bits and spins, x = (1 + s) / 2, products multiply out and weights add up; a sum that
float64 does not hold exactly is refused, so that energies of all states agree to the last bit of
every weight.
"""

import dataclasses
import math
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple, cast

import numpy as np

from pbit.formats.contents import CompiledContents, Contents, TermContents
from pbit.formats.cqm import CqmContents
from pbit.formats.format import Format
from pbit.formats.registry import named

Convertible = Contents | TermContents | CompiledContents | CqmContents
_SPINS = {"ising": True, "hising": True, "qubo": False, "hubo": False}
_MAX_DEGREE = 16

Body = tuple[int, ...]


class Orders(NamedTuple):
    """What may be lost, and what a graph is meant to be.

    Parameters
    ----------
    problem : {"maxcut", "ising", "qubo"}, optional
        What a graph is; max-cut becomes ``E = -cut``.
    ising_sign : {"minus", "plus"}
        For a graph meant as Ising.
    drop_offset, drop_labels, round_weights : bool
        Whether these may go where the format cannot hold them.
    """

    problem: str | None = None
    ising_sign: str = "minus"
    drop_offset: bool = False
    drop_labels: bool = False
    round_weights: bool = False


_EXACT = Orders()


class _Sum(NamedTuple):
    """A polynomial: what is to be added up for each product."""

    parts: dict[Body, list[float]]
    spins: bool


def converted(contents: Convertible, format: str, orders: Orders = _EXACT) -> Convertible:
    """Return contents that `pbit.formats.write` takes for `format`, with the same energies.

    Notes say what the format does not tell a reader: the meaning of a graph, other numbers for
    variables, a maximisation.

    Parameters
    ----------
    contents : Contents, TermContents, CompiledContents or CqmContents
    format : str
        One of `pbit.formats.WRITABLE`.
    orders : Orders

    Raises
    ------
    ValueError
        The format cannot hold the contents, and nothing was said that allows the loss.

    Examples
    --------
    >>> pair = Contents(kind="ising", num_variables=2, rows=np.array([0]), cols=np.array([1]),
    ...                 values=np.array([1.0]))
    >>> bits = converted(pair, "qplib")
    >>> bits.values.tolist(), bits.offset
    ([-2.0, -2.0, 4.0], 1.0)
    """
    target = named(format, written=True)
    kinds = target.holds.kinds
    if isinstance(contents, CompiledContents | CqmContents):
        if contents.kind not in kinds:
            raise ValueError(
                f"{format} holds {' or '.join(kinds)}, got {contents.kind}; {_remedy(contents)}"
            )
        return contents
    given = contents.kind
    contents = _told(contents, kinds, orders)
    contents = _of_kind(contents, kinds, orders)
    if isinstance(contents, Contents) and not target.holds.repeats and _repeats(contents):
        contents = _as_pairs(contents, _sum_of(contents), contents.kind, orders)
    return _fitted(contents, target, given, orders)


def _remedy(contents: CompiledContents | CqmContents) -> str:
    if isinstance(contents, CqmContents):
        return "constraints need lp or cqm, or mps"
    return "convert the file it was compiled from"


def _told(
    contents: Contents | TermContents, kinds: tuple[str, ...], orders: Orders
) -> Contents | TermContents:
    """Return a graph as what it is meant to be, if the format is none of graphs."""
    if contents.kind != "graph" or "graph" in kinds or isinstance(contents, TermContents):
        return contents
    if orders.problem is None:
        raise ValueError(
            f"{contents.name or 'this'} is a weighted graph ({contents.format}), and the format "
            "holds energies; say what it is meant to be with problem='maxcut', 'ising' or 'qubo'"
        )
    if orders.problem == "maxcut":
        return _cut(contents, orders)
    if orders.problem == "qubo":
        if contents.format in ("rudy", "matrix"):
            raise ValueError(
                f"a {contents.format} file as a QUBO counts pairs twice; read it with "
                "format='biqmac' or 'qubo-matrix'"
            )
        return dataclasses.replace(contents, kind="qubo")
    sign = {"minus": -1.0, "plus": 1.0}[orders.ising_sign]
    return dataclasses.replace(contents, kind="ising", values=sign * contents.values)


def _cut(contents: Contents, orders: Orders) -> Contents:
    """Return ``E = -cut = Σ w/2 s s - Σ w/2``."""
    if (contents.rows == contents.cols).any():
        raise ValueError("a max-cut problem has no vertex fields; give problem='ising'")
    if contents.offset:
        raise ValueError("a max-cut problem has no constant; give problem='ising'")
    half = contents.values / 2
    offset = _total([-value for value in half.tolist()], orders)
    return dataclasses.replace(contents, kind="ising", values=half, offset=offset, maximise=True)


def _of_kind(
    contents: Contents | TermContents, kinds: tuple[str, ...], orders: Orders
) -> Contents | TermContents:
    """Return the same energies over the variables and products that the format holds."""
    if contents.kind in kinds:
        return contents
    if kinds == ("compiled",):
        raise ValueError(
            f"compiled holds what pbit compile writes, got {contents.kind}; run pbit compile"
        )
    if kinds == ("graph",):
        return _as_graph(contents, orders)
    pairs = {"ising", "qubo"} & set(kinds)
    same = "ising" if pairs and _SPINS[contents.kind] else "hising" if _SPINS[contents.kind] else ""
    if not same:
        same = "qubo" if pairs else "hubo"
    found = _sum_of(contents)
    if same not in kinds:
        found = _turned(found)
        same = {"ising": "qubo", "qubo": "ising", "hising": "hubo", "hubo": "hising"}[same]
    return (_as_pairs if pairs else _as_terms)(contents, found, same, orders)


def _as_graph(contents: Contents | TermContents, orders: Orders) -> Contents:
    """Return spins as a graph with dimod's sign."""
    if contents.kind != "ising":
        found = _sum_of(contents)
        found = found if found.spins else _turned(found)
        contents = _as_pairs(contents, found, "ising", orders)
    note = "a graph does not say what it is: read it with problem='ising', ising_sign='plus'"
    return dataclasses.replace(contents, kind="graph", notes=(*contents.notes, note))


def _sum_of(contents: Contents | TermContents) -> _Sum:
    spins = _SPINS.get(contents.kind, True)  # a graph has no products with itself
    parts: dict[Body, list[float]] = {(): [contents.offset]}
    values = contents.values.tolist()
    for body, value in zip(_bodies(contents), values, strict=True):
        key = _reduced(body, spins)
        parts.setdefault(key, []).append(value)
    return _Sum(parts, spins)


def _repeats(contents: Contents) -> bool:
    """Return whether an entry is listed twice."""
    low = np.minimum(contents.rows, contents.cols)
    high = np.maximum(contents.rows, contents.cols)
    return bool(np.unique(low << 31 | high).size < low.size)


def _bodies(contents: Contents | TermContents) -> Iterator[Body]:
    if isinstance(contents, TermContents):
        members = contents.members.tolist()
        for first, last in pairwise(contents.pointers.tolist()):
            yield tuple(members[first:last])
        return
    for row, col in zip(contents.rows.tolist(), contents.cols.tolist(), strict=True):
        yield (row,) if row == col else (row, col)


def _reduced(body: Body, spins: bool) -> Body:
    """Return the members once: x x = x, s s = 1."""
    if len(body) == 1:
        return body
    distinct = sorted(set(body))
    if spins and len(distinct) < len(body):
        distinct = [k for k in distinct if body.count(k) % 2]
    return tuple(distinct)


def _turned(found: _Sum) -> _Sum:
    """Return the polynomial over the other kind of variables."""
    degree = max(map(len, found.parts))
    if degree > _MAX_DEGREE:
        raise ValueError(
            f"products of {degree} variables multiply out to 2^{degree} others, expected at most "
            f"{_MAX_DEGREE} variables; write a hubo file over the same kind of variables"
        )
    parts: dict[Body, list[float]] = {}
    for body, values in found.parts.items():
        for count in range(len(body) + 1):
            for subset in combinations(body, count):
                factor = _factor(len(body), count, found.spins)
                scaled = [value * factor for value in values]
                if any(v and s / factor != v for v, s in zip(values, scaled, strict=True)):
                    raise ValueError(
                        "weights must stay within float64 when multiplied by powers of two, got "
                        f"{values[0]}; scale the problem"
                    )
                parts.setdefault(subset, []).extend(scaled)
    return _Sum(parts, not found.spins)


def _factor(size: int, count: int, spins: bool) -> float:
    """``Π s = Σ (-1)^(k - |S|) 2^|S| Π_S x`` and ``Π x = 2^-k Σ Π_S s``."""
    return float((-1) ** (size - count) * 2**count) if spins else 2.0**-size


def _total(values: list[float], orders: Orders) -> float:
    """Return the sum, which must be exact."""
    try:
        total = math.fsum(values)
    except OverflowError as error:
        raise ValueError("weights that are added up exceed float64; scale the problem") from error
    if not orders.round_weights and math.fsum([*values, -total]):
        raise ValueError(
            f"weights add up to about {total!r}, which float64 does not hold exactly; give "
            "round_weights=True to round such sums, or a format over the same kind of variables"
        )
    return total + 0.0


def _as_pairs(source: Contents | TermContents, found: _Sum, kind: str, orders: Orders) -> Contents:
    longest = max(map(len, found.parts))
    if longest > 2:
        raise ValueError(
            f"a format of pairs cannot hold products of {longest} variables; write hubo or "
            "hubo-json, or reduce it first with pbit compile"
        )
    totals = {body: _total(values, orders) for body, values in found.parts.items()}
    offset = totals.pop((), 0.0)
    bodies = sorted((b for b in totals if totals[b]), key=lambda body: (len(body), body))
    return Contents(
        kind=kind,  # type: ignore[arg-type]
        num_variables=source.num_variables,
        rows=np.array([body[0] for body in bodies], dtype=np.int64),
        cols=np.array([body[-1] for body in bodies], dtype=np.int64),
        values=np.array([totals[body] for body in bodies], dtype=np.float64),
        offset=offset,
        labels=source.labels,
        format=source.format,
        name=source.name,
        notes=source.notes,
        maximise=getattr(source, "maximise", False),
    )


def _as_terms(
    source: Contents | TermContents, found: _Sum, kind: str, orders: Orders
) -> TermContents:
    totals = {body: _total(values, orders) for body, values in found.parts.items()}
    offset = totals.pop((), 0.0)
    bodies = sorted((b for b in totals if totals[b]), key=lambda body: (len(body), body))
    notes = source.notes
    if getattr(source, "maximise", False):
        notes = (*notes, _MINIMISED)
    return TermContents(
        kind=kind,  # type: ignore[arg-type]
        num_variables=source.num_variables,
        pointers=np.cumsum([0, *map(len, bodies)]),
        members=np.array([k for body in bodies for k in body], dtype=np.int64),
        values=np.array([totals[body] for body in bodies], dtype=np.float64),
        offset=offset,
        labels=source.labels,
        format=source.format,
        name=source.name,
        notes=notes,
    )


_MINIMISED = "a maximisation: written as the minimisation of the negative"


def _fitted(
    contents: Contents | TermContents, target: Format, given: str, orders: Orders
) -> Contents | TermContents:
    """Return the contents without what the format has no place for, if that may go."""
    notes = list(contents.notes)
    changes: dict[str, object] = {}
    if contents.offset and not target.holds.offset:
        if not orders.drop_offset:
            raise ValueError(
                f"{target.name} has no place for the offset {contents.offset!r}; give "
                "drop_offset=True, or write coo, bqm, qplib or hubo-json"
            )
        changes["offset"] = 0.0
        notes.append(f"the offset {contents.offset!r} is left out")
    if isinstance(contents, Contents):
        _check_fields(contents, target)
        if contents.maximise and not target.holds.sense:
            changes["maximise"] = False
            if given != "graph":
                notes.append(_MINIMISED)
    changes["labels"], told = _labels(contents, target, orders)
    return dataclasses.replace(contents, notes=(*notes, *told), **changes)  # type: ignore[arg-type]


def _check_fields(contents: Contents, target: Format) -> None:
    fields = contents.rows == contents.cols
    if contents.kind == "graph" and fields.any() and not target.holds.fields:
        raise ValueError(
            f"{target.name} has no place for the fields of vertices; write edge-list, or coo"
        )


def _labels(
    contents: Contents | TermContents, target: Format, orders: Orders
) -> tuple[object, list[str]]:
    labels = contents.labels
    if target.holds.labels:
        return labels, []
    first = target.holds.first
    numbers = range(first, first + contents.num_variables)
    if labels == numbers:
        return numbers, []
    if _in_a_row(labels):
        return numbers, [f"variables are numbers from {first}: {labels[0]} is now {first}"]
    if not orders.drop_labels:
        raise ValueError(
            f"{target.name} has no names for variables, got {_shown(labels[0])}, ...; give "
            f"drop_labels=True for numbers from {first}, or write bqm or hubo-json"
        )
    return numbers, [f"names are left out: {_shown(labels[0])} is now {first}, and so on"]


def _in_a_row(labels: Sequence[Hashable]) -> bool:
    """Return whether the labels are whole numbers that follow each other, as those of JSON may."""
    if not all(type(label) is int for label in labels):
        return False
    first = cast("int", labels[0])
    return list(labels) == list(range(first, first + len(labels)))


def _shown(label: Hashable) -> str:
    return repr(label)[:40]
