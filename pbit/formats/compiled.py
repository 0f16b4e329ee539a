"""Compiled networks as JSON: what runs on the chip, how it is read, and the problem it stands for.

`{"format": "pbit-compiled", "version": 1, "network": {"pbits": n or [label, ...], "offset",
"h": [...], "rows", "cols", "values"}, "votes": [{"name", "pointers", "members", "signs"}, ...],
"source": {"kind", "problem", "ising_sign", "variables", "offset", ...entries}, "report": [...]}`.
The network has our sign, E = offset - Σ h s - Σ J s s. The entries of the source are "rows",
"cols", "values" or "pointers", "members", "values", as its own file had them; of clauses
"pointers", "literals", moved by n, "values", "hard". All of it is plain data, and every number is
checked before use.
"""

import json
import math
import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Literal, cast

import numpy as np

from pbit.formats.contents import (
    AnyContents,
    ClauseContents,
    CompiledContents,
    Contents,
    Floats,
    Ints,
    Kind,
    TermContents,
    TermKind,
    VoteTable,
)
from pbit.formats.dimod_binary import parse_json
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.hubo_json import label_text, variables
from pbit.formats.parts import Parts
from pbit.formats.tokens import clean
from pbit.formats.writing import check_finite, check_indices, check_num_variables

NAME = "compiled"
_VERSION = 1
_MARK = re.compile(rb'"format"[ \t\n\r]*:[ \t\n\r]*"pbit-compiled"')
_PAIR_KINDS = ("graph", "qubo", "ising")
_TERM_KINDS = ("hubo", "hising")
_CLAUSE_KINDS = ("cnf", "wcnf")
_SIGNS = ("minus", "plus")


Source = Contents | TermContents | ClauseContents


def has_mark(data: bytes) -> bool:
    """Return whether JSON text says that it is of this format.

    Examples
    --------
    >>> has_mark(b'{"format": "pbit-compiled", "version": 1}')
    True
    """
    return _MARK.search(data) is not None


def read(data: bytes, name: str) -> CompiledContents:
    """Return the contents of a `pbit-compiled` document.

    Raises
    ------
    FormatError
        No valid JSON, another format or version, arrays that are missing, of the wrong length or
        with values out of range, or votes that do not lead from the network to the problem.
    """
    document = parse_json(clean(data, name), name)
    if not isinstance(document, dict) or document.get("format") != "pbit-compiled":
        raise FormatError(name, None, 'no "format": "pbit-compiled", expected that key; add it')
    if type(document.get("version")) is not int or document["version"] != _VERSION:
        found = shown(str(document.get("version")))
        raise FormatError(
            name, None, f"version {found}, expected {_VERSION}; compile again with this version"
        )
    parts = Parts(document, kind="key", name=name)
    for key in ("format", "version", "votes", "report"):
        parts.take(key)
    part = _Part(_section(parts, "network"), "network", name)
    labels = part.labels("pbits")
    n = len(labels)
    rows, cols, values = part.entries(n)
    part.refuse((rows == cols).any(), "couples a p-bit to itself")
    h, offset = part.numbers("h", n), part.number("offset")
    part.close()
    stored = _Part(_section(parts, "source"), "source", name)
    source, problem, sign = _source(stored, name)
    report = document.get("report", [])
    if not isinstance(report, list):
        raise FormatError(name, None, "'report' is no list, expected one; compile again")
    parts.close()
    return CompiledContents(
        num_variables=n,
        rows=rows,
        cols=cols,
        values=values,
        h=h,
        offset=offset,
        votes=_votes(document.get("votes"), source, n, name),
        source=source,
        problem=problem,
        ising_sign=sign,
        report=report,
        labels=labels,
        name=name,
        notes=(f"a network for {_described(source, problem)}",),
    )


def _described(source: Source, problem: str | None) -> str:
    return f"a problem of {source.num_variables} variables ({problem or source.kind})"


def _section(parts: Parts, key: str) -> dict[str, Any]:
    section = parts.take(key)
    if not isinstance(section, dict):
        raise FormatError(parts.name, None, f"'{key}' is no object, expected one; compile again")
    return section


class _Part:
    """One object of the document, its fields checked as they are taken out."""

    def __init__(self, fields: dict[str, Any], where: str, name: str) -> None:
        self.where, self.name = where, name
        self.parts = Parts(fields, kind="key", name=name, where=f" in '{where}'")
        self.close = self.parts.close

    def refuse(self, bad: Any, problem: str) -> None:
        if bad:
            raise FormatError(self.name, None, f"'{self.where}' {problem}; compile again")

    def choice(self, key: str, allowed: Sequence[str | None]) -> str | None:
        value: str | None = self.parts.take(key)
        good = (value is None or isinstance(value, str)) and value in allowed
        wanted = ", ".join("null" if v is None else v for v in allowed)
        self.refuse(not good, f"has {key} {shown(str(value))}, expected one of {wanted}")
        return value

    def word(self, key: str) -> str | None:
        value: str | None = self.parts.take(key)
        good = value is None or isinstance(value, str)
        self.refuse(not good, f"has {key} {shown(str(value))}, expected a word or null")
        return value

    def labels(self, key: str) -> Sequence[Hashable]:
        return variables(self.parts.take(key, False), [], self.name)

    def number(self, key: str) -> float:
        value = self.parts.take(key)
        self.refuse(type(value) not in (int, float), f"has no number {key}")
        return float(self._floats([value], key)[0])

    def numbers(self, key: str, length: int | None) -> Floats:
        return self._floats(self._list(key, {int, float}, "numbers", length), key)

    def _floats(self, values: list[Any], key: str) -> Floats:
        try:
            array = np.array(values, dtype=np.float64)
        except OverflowError:
            array = np.array([math.inf])
        self.refuse(not np.isfinite(array).all(), f"has a number in {key} beyond float64")
        return array

    def indices(self, key: str, below: int, length: int | None = None) -> Ints:
        values = self._list(key, {int}, "whole numbers", length)
        out = values and not 0 <= min(values) <= max(values) < below
        self.refuse(out, f"has a number in {key} that is not in 0..{below - 1}")
        return np.array(values, dtype=np.int64)

    def _list(self, key: str, kinds: set[type], what: str, length: int | None) -> list[Any]:
        values = self.parts.take(key)
        good = isinstance(values, list) and set(map(type, values)) <= kinds
        self.refuse(not good, f"has no list {key} of {what}")
        found = cast("list[Any]", values)
        if length is not None:
            self.refuse(
                len(found) != length, f"has {len(found)} {what} in {key}, expected {length}"
            )
        return found

    def entries(self, num_variables: int) -> tuple[Ints, Ints, Floats]:
        values = self.numbers("values", None)
        rows, cols = (self.indices(k, num_variables, values.size) for k in ("rows", "cols"))
        return rows, cols, values

    def pointers(self, length: int | None, total: int) -> Ints:
        pointers = self.indices("pointers", total + 1, length)
        ends = pointers.size and pointers[0] == 0 and pointers[-1] == total
        rising = (np.diff(pointers) >= 0).all()
        self.refuse(not ends or not rising, f"has pointers that do not rise from 0 to {total}")
        return pointers


def _source(part: _Part, name: str) -> tuple[Source, str | None, str]:
    kind = part.choice("kind", (*_PAIR_KINDS, *_TERM_KINDS, *_CLAUSE_KINDS))
    labels = part.labels("variables")
    problem = part.word("problem")
    part.refuse(kind == "graph" and problem is None, "is a graph without a problem")
    sign = part.choice("ising_sign", _SIGNS) or "minus"
    offset, n = part.number("offset"), len(labels)
    if kind in _PAIR_KINDS:
        rows, cols, values = part.entries(n)
        pairs = Contents(
            kind=cast("Kind", kind), num_variables=n, rows=rows, cols=cols, values=values,
            offset=offset, labels=labels, format=NAME, name=name,
        )  # fmt: skip
        part.close()
        return pairs, problem, sign
    if kind in _CLAUSE_KINDS:
        part.refuse(offset, "has an offset, which clauses cannot have")
        return _clauses(part, name, cast("Literal['cnf', 'wcnf']", kind), labels), problem, sign
    members = part.indices("members", n)
    values = part.numbers("values", None)
    pointers = part.pointers(values.size + 1, members.size)
    part.refuse((np.diff(pointers) == 0).any(), "has a term without members")
    terms = TermContents(
        kind=cast("TermKind", kind), num_variables=n, pointers=pointers, members=members,
        values=values, offset=offset, labels=labels, format=NAME, name=name,
    )  # fmt: skip
    part.close()
    return terms, problem, sign


def _clauses(
    part: _Part, name: str, kind: Literal["cnf", "wcnf"], labels: Sequence[Hashable]
) -> ClauseContents:
    n = len(labels)
    values = part.numbers("values", None)
    hard = part.indices("hard", 2, values.size) == 1
    part.refuse((values[~hard] <= 0).any(), "has a soft clause without weight")
    # Moved by n, literals are indices as any other.
    literals = part.indices("literals", 2 * n + 1)
    part.refuse((literals == n).any(), "has a literal 0")
    pointers = part.pointers(values.size + 1, literals.size)
    part.close()
    return ClauseContents(
        kind=kind,
        num_variables=n,
        pointers=pointers,
        literals=literals - n,
        values=values,
        hard=hard,
        labels=labels,
        format=NAME,
        name=name,
    )


def _votes(stored: object, source: Source, num_pbits: int, name: str) -> tuple[VoteTable, ...]:
    """Tables from the problem to the network: each votes on the spins of the one before."""
    num_variables = source.num_variables
    may_split = isinstance(source, ClauseContents)  # long ones have further variables
    if not isinstance(stored, list) or not all(isinstance(table, dict) for table in stored):
        raise FormatError(name, None, "'votes' is no list of objects, expected one; compile again")
    parts = [_Part(table, f"votes[{k}]", name) for k, table in enumerate(stored)]
    sizes = [len(part.numbers("signs", None)) for part in parts] + [num_pbits]
    fits = sizes[0] >= num_variables if may_split else sizes[0] == num_variables
    if not fits:
        raise FormatError(
            name,
            None,
            f"votes are on {sizes[0]} spins, expected the {num_variables} of the problem; "
            "compile again",
        )
    tables = []
    for k, part in enumerate(parts):
        members = part.indices("members", sizes[k + 1])
        signs = part.numbers("signs", None)
        part.refuse((np.abs(signs) != 1).any(), "has signs other than -1 and 1")
        pointers = part.pointers(sizes[k] + 1, members.size)
        what = part.parts.take("name")
        part.close()
        tables.append(
            VoteTable(
                what if isinstance(what, str) else "", pointers, members, signs.astype(np.int8)
            )
        )
    return tuple(tables)


def render(contents: AnyContents) -> Iterator[str]:
    """Yield the lines of a `pbit-compiled` document.

    Raises
    ------
    ValueError
        Contents of another kind, arrays that do not fit, or labels that JSON does not give back.
    """
    if not isinstance(contents, CompiledContents):
        raise ValueError(f"contents must be compiled for {NAME}, got {contents.kind}; compile it")
    _check(contents)
    yield f'{{"format": "pbit-compiled", "version": {_VERSION},\n'
    yield '"network": {\n'
    yield from _fields(
        pbits=_named(contents.labels),
        offset=float(contents.offset),
        h=contents.h,
        rows=contents.rows,
        cols=contents.cols,
        values=contents.values,
    )
    yield '},\n"votes": ['
    for k, table in enumerate(contents.votes):
        yield f"{',' if k else ''}{{\n"
        yield from _fields(**table._asdict())
        yield "}"
    yield '],\n"source": {\n'
    yield from _fields(**_source_fields(contents))
    yield f'}},\n"report": {json.dumps(contents.report, allow_nan=False)}\n}}\n'


def _source_fields(contents: CompiledContents) -> dict[str, Any]:
    source = contents.source
    fields = {
        "kind": source.kind,
        "problem": contents.problem,
        "ising_sign": contents.ising_sign,
        "variables": _named(source.labels),
        "offset": 0.0 if isinstance(source, ClauseContents) else float(source.offset),
    }
    if isinstance(source, ClauseContents):
        moved = source.literals + source.num_variables
        entries: dict[str, Any] = {
            "pointers": source.pointers, "literals": moved, "hard": source.hard.astype(np.int64)
        }  # fmt: skip
    elif isinstance(source, Contents):
        entries = {"rows": source.rows, "cols": source.cols}
    else:
        entries = {"pointers": source.pointers, "members": source.members}
    return fields | entries | {"values": source.values}


def _named(labels: Sequence[Hashable]) -> int | list[Any]:
    """Return the number of labels 0..n - 1, or all of them, as reading gives them back."""
    if isinstance(labels, range) and labels == range(len(labels)):
        return len(labels)
    return [json.loads(label_text(label)) for label in labels]


def _fields(**fields: Any) -> Iterator[str]:
    for k, (key, value) in enumerate(fields.items()):
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        yield f'{"," if k else ""}"{key}": {json.dumps(plain)}\n'


def _check(contents: CompiledContents) -> None:
    check_num_variables(contents.num_variables)
    check_finite(np.concatenate([contents.values, contents.h]), contents.offset)
    check_finite(contents.source.values, getattr(contents.source, "offset", 0.0))
    for indices in (contents.rows, contents.cols):
        check_indices("rows and cols", indices, contents.num_variables)
    if contents.h.size != contents.num_variables or contents.rows.size != contents.values.size:
        raise ValueError("h, rows, cols and values must be as long as the network; compile again")


FORMAT = Format(
    name=NAME,
    what="what pbit compile writes: a network, how to read it, and the problem",
    read=read,
    write=render,
    holds=Holds(kinds=("compiled",), labels=True, offset=True),
    signs=(Sign(Stage.JSON, 10, lambda sample: has_mark(sample.text)),),
    rank=270,
)
