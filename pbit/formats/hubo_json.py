"""Higher-order problems as JSON, with any labels; E = Σ bias Π in dimod's sign.

`{"format": "pbit-hubo", "version": 1, "vartype": "SPIN" or "BINARY", "offset": 0.5,
"variables": n or [label, ...], "terms": [[[label, ...], bias], ...]}`. Labels are strings,
numbers, or lists of such, which stand for tuples. With `"variables": n` they are 0..n - 1; left
out, the variables are those in the terms, sorted if they are whole numbers. Keys "name", "comment"
and "info" are for people; others are refused.
"""

import json
import math
import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from pbit.formats.contents import AnyContents, Ints, TermContents, TermKind
from pbit.formats.dimod_binary import parse_json
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.hubo_text import check_terms
from pbit.formats.lines import MAX_INDEX
from pbit.formats.parts import Parts
from pbit.formats.tokens import clean

NAME = "hubo-json"
_VERSION = 1
_KINDS: dict[object, TermKind] = {"SPIN": "hising", "BINARY": "hubo"}
_VARTYPES = {"hising": "SPIN", "hubo": "BINARY"}
# Inside a JSON string the quotes would be escaped, so that this is a key and its value.
_MARK = re.compile(rb'"format"[ \t\n\r]*:[ \t\n\r]*"pbit-hubo"')
_REMARKS = ("name", "comment", "info")
_MAX_NESTING = 20
_PLAIN_LABELS = {int, str}
LARGEST_LABEL = 2**64
"""Python's hashes of whole numbers repeat with 2^61 - 1, and a table of such labels is slow."""


def has_mark(data: bytes) -> bool:
    """Return whether JSON text says that it is of this format.

    Examples
    --------
    >>> has_mark(b'{"format": "pbit-hubo", "version": 1}')
    True
    """
    return _MARK.search(data) is not None


def read(data: bytes, name: str) -> TermContents:
    """Return the terms of a `pbit-hubo` document.

    Raises
    ------
    FormatError
        No valid JSON, another format or version, an unknown vartype, a term that is not
        `[[label, ...], bias]`, a label that is not among the variables, or an infinite bias.
    """
    document = parse_json(clean(data, name), name)
    if not isinstance(document, dict) or document.get("format") != "pbit-hubo":
        raise FormatError(name, None, 'no "format": "pbit-hubo", expected that key; add it')
    parts = Parts(document, kind="key", name=name)
    parts.take("format")
    version, vartype = parts.take("version"), parts.take("vartype")
    if version != _VERSION or type(version) is not int:
        raise FormatError(name, None, f"version {_brief(version)}, expected {_VERSION}")
    if not isinstance(vartype, str) or vartype not in _KINDS:
        raise FormatError(name, None, f"vartype {_brief(vartype)}, expected SPIN or BINARY")
    offset = _number(parts.take("offset", 0), "offset", name)
    names, sizes, biases = _terms(parts.take("terms"), name)
    labels = variables(parts.take("variables"), names, name)
    values = np.array(biases, dtype=np.float64)
    with np.errstate(over="ignore"):
        offset += float(values[sizes == 0].sum())
    if not math.isfinite(offset):
        raise FormatError(name, None, "offset and the terms without labels add up to inf")
    parts.skip(_REMARKS, "it is no part of the energy")
    return TermContents(
        kind=_KINDS[vartype],
        num_variables=len(labels),
        pointers=np.cumsum(np.append(0, sizes[sizes > 0])),
        members=_positions(names, labels, name),
        values=values[sizes > 0],
        offset=offset,
        labels=labels,
        format=NAME,
        name=name,
        notes=parts.close(),
    )


def _terms(stored: object, name: str) -> tuple[list[Hashable], Ints, list[float]]:
    """Return all labels in a row, how many each term has, and the biases."""
    if not isinstance(stored, list):
        raise FormatError(name, None, "'terms' is no list, expected [[[label, ...], bias], ...]")
    for k, term in enumerate(stored):
        if not isinstance(term, list) or len(term) != 2 or not isinstance(term[0], list):
            raise FormatError(
                name,
                None,
                f"terms[{k}] is {_brief(term)}, expected [[label, ...], bias]; correct it",
            )
    biases = [_number(bias, f"the bias of terms[{k}]", name) for k, (_, bias) in enumerate(stored)]
    sizes = np.fromiter((len(body) for body, _ in stored), dtype=np.int64, count=len(stored))
    return _labels(list(chain.from_iterable(body for body, _ in stored)), name), sizes, biases


def _number(value: object, what: str, name: str) -> float:
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is int and abs(value) < 10**300:
        return float(value)
    raise FormatError(
        name, None, f"{what} is {_brief(value)}, expected a finite number; correct it"
    )


def _brief(value: object) -> str:
    """Return `value` for a message, only the kind of one that may nest deep."""
    return shown(str(value)) if isinstance(value, str | int | float) else type(value).__name__


def _labels(stored: list[Any], name: str) -> list[Hashable]:
    kinds = set(map(type, stored))
    if kinds <= _PLAIN_LABELS:
        if int in kinds:
            _check_sizes(stored, name)
        return stored
    return [_label(label, _MAX_NESTING, name) for label in stored]


def _check_sizes(stored: list[Any], name: str) -> None:
    """Refuse whole numbers that are too large to tell apart quickly."""
    large = next((v for v in stored if type(v) is int and abs(v) > LARGEST_LABEL), None)
    if large is not None:
        raise FormatError(
            name, None, f"label {_brief(large)}, expected whole numbers in 64 bits; make it a text"
        )


def _label(label: Any, nesting: int, name: str) -> Hashable:
    """Return `label` with lists made tuples."""
    if type(label) is int:
        _check_sizes([label], name)
        return label
    if type(label) is str or (type(label) is float and math.isfinite(label)):
        return label  # type: ignore[no-any-return]
    if isinstance(label, list) and nesting:
        return tuple(_label(part, nesting - 1, name) for part in label)
    raise FormatError(
        name, None, "a label is no string, number or list of those (20 deep at most); rename it"
    )


def variables(stored: object, names: list[Hashable], name: str) -> Sequence[Hashable]:
    """Return the labels that a document's number or list of variables stands for.

    Raises
    ------
    FormatError
        Neither a number nor a list, no variables or too many, a label twice, or one that is none.
    """
    labels: Sequence[Hashable]
    if stored is None:
        labels = _found(names)
    elif type(stored) is int:
        labels = range(stored) if 1 <= stored <= MAX_INDEX else ()
    elif isinstance(stored, list):
        labels = _labels(stored, name)
    else:
        raise FormatError(name, None, "'variables' is neither a number nor a list; correct it")
    if not labels:
        raise FormatError(name, None, f"no variables or too many, expected 1..{MAX_INDEX}")
    if isinstance(labels, range):
        return labels
    if len(set(labels)) != len(labels):
        raise FormatError(name, None, "a label occurs twice in 'variables'; rename it")
    plain = all(type(label) is int and label == k for k, label in enumerate(labels))
    return range(len(labels)) if plain else labels


def _found(names: list[Hashable]) -> list[Hashable]:
    """Return the distinct labels as they come, whole numbers sorted."""
    found: list[Any] = list(dict.fromkeys(names))
    return sorted(found) if set(map(type, found)) == {int} else found


def _positions(names: list[Any], labels: Sequence[Hashable], name: str) -> Ints:
    if isinstance(labels, range):
        # Not `label in labels`, which would compare a string with every number of the range.
        bad = [v for v in names if type(v) is not int or not 0 <= v < len(labels)][:1]
        positions = names
    else:
        position = {label: k for k, label in enumerate(labels)}
        bad = [v for v in names if v not in position][:1]
        positions = [] if bad else [position[v] for v in names]
    if bad:
        raise FormatError(
            name, None, f"label {_brief(bad[0])} is not among the variables; add it there"
        )
    return np.array(positions, dtype=np.int64)


def render(contents: AnyContents) -> Iterator[str]:
    """Yield the lines of a `pbit-hubo` document, one term a line.

    Raises
    ------
    ValueError
        Entries instead of terms, arrays that do not fit, or labels that JSON does not give back.
    """
    terms = check_terms(contents, NAME)
    plain = isinstance(terms.labels, range) and terms.labels == range(terms.num_variables)
    names = None if plain else [label_text(label) for label in terms.labels]
    variables = terms.num_variables if names is None else f"[{', '.join(names)}]"
    yield f'{{"format": "pbit-hubo", "version": {_VERSION},\n'
    yield f'"vartype": "{_VARTYPES[terms.kind]}", "offset": {float(terms.offset)!r},\n'
    yield f'"variables": {variables},\n'
    yield '"terms": [\n'
    members = terms.members.tolist()
    texts = list(map(str, members)) if names is None else [names[i] for i in members]
    rows = zip(terms.values.tolist(), pairwise(terms.pointers.tolist()), strict=True)
    for k, (value, (first, last)) in enumerate(rows):
        yield f"{',' if k else ''}[[{', '.join(texts[first:last])}], {value!r}]\n"
    yield "]}\n"


def label_text(label: Hashable) -> str:
    """Return the JSON of a label, if reading it gives the label back.

    Raises
    ------
    ValueError
        It does not.
    """
    try:
        text = json.dumps(label, allow_nan=False)
        same = _label(json.loads(text), _MAX_NESTING, "") == label
    except (TypeError, ValueError, RecursionError):
        same = False
    if not same:
        raise ValueError(
            f"labels must be strings, numbers or tuples of those for {NAME}, got {label!r:.60}; "
            "use dataclasses.replace(contents, labels=range(n))"
        )
    return text


FORMAT = Format(
    name=NAME,
    what='any degree and labels: {"format": "pbit-hubo", ..., "terms": [[[i, j], bias]]}',
    read=read,
    write=render,
    holds=Holds(kinds=("hising", "hubo"), labels=True, offset=True),
    signs=(Sign(Stage.JSON, 20, lambda sample: has_mark(sample.text)),),
    endings=(".json",),
    rank=90,
)
