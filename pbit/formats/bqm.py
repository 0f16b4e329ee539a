"""dimod's binary quadratic models: `bqm.to_file()` and `json.dumps(bqm.to_serializable())`.

Read without dimod and without pickle; sizes, indices and biases are checked before use.
"""

import json
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pbit.formats.contents import Contents, Kind
from pbit.formats.dimod_binary import MAGIC, Vectors, parse_json, read_vectors
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import LAST, Format, Holds, Sign, Stage
from pbit.formats.hubo_json import LARGEST_LABEL, label_text
from pbit.formats.lines import MAX_INDEX
from pbit.formats.parts import Parts
from pbit.formats.tokens import clean
from pbit.formats.writing import check_plain

NAME = "bqm"
_MAX_NESTING = 20
_TYPE = "BinaryQuadraticModel"
_KINDS: dict[object, Kind] = {"SPIN": "ising", "BINARY": "qubo"}


def read(data: bytes, name: str) -> Contents:
    """Return the Ising model or QUBO of a dimod file, one diagonal entry a variable first.

    Raises
    ------
    FormatError
        Another dimod model, damaged data, an unknown vartype, or biases that are
        not finite.
    """
    if data.startswith(MAGIC):
        vectors = read_vectors(data, name)
    elif data.startswith(b"DIMOD"):
        raise FormatError(
            name,
            None,
            f"{shown(data[:8])} is another dimod model, expected a binary quadratic "
            "model; convert it, e.g. with dimod.cqm_to_bqm",
        )
    else:
        vectors = _read_json(clean(data, name), name)
    return _contents(vectors, name)


def _contents(vectors: Vectors, name: str) -> Contents:
    num_variables = vectors.linear.size
    vartype = vectors.vartype
    if not isinstance(vartype, str) or vartype not in _KINDS:
        raise FormatError(name, None, f"vartype {shown(str(vartype))}, expected SPIN or BINARY")
    if not num_variables:
        raise FormatError(name, None, "the model has no variables, expected at least one")
    values = np.concatenate([vectors.linear, vectors.quadratic])
    if not (np.isfinite(values).all() and np.isfinite(vectors.offset)):
        raise FormatError(name, None, "a bias is nan or inf, expected finite biases; correct it")
    diagonal = np.arange(num_variables, dtype=np.int64)
    return Contents(
        kind=_KINDS[vartype],
        num_variables=num_variables,
        rows=np.concatenate([diagonal, vectors.heads]),
        cols=np.concatenate([diagonal, vectors.tails]),
        values=values,
        offset=vectors.offset,
        labels=labels_of(vectors.labels, num_variables, name),
        format=NAME,
        name=name,
        notes=vectors.notes,
    )


def labels_of(stored: object, num_variables: int, name: str) -> Sequence[Hashable]:
    """Return labels as dimod has them, from their JSON; ``range`` for 0, 1, 2, ... or None.

    Raises
    ------
    FormatError
        Another number of them, one twice, or one that is no label.
    """
    if stored is None:
        return range(num_variables)
    if not isinstance(stored, list) or len(stored) != num_variables:
        raise FormatError(name, None, f"expected a list of {num_variables} labels; write it again")
    try:
        labels = [_hashable(label, _MAX_NESTING) for label in stored]
        distinct = len(set(labels))
    except TypeError as error:
        raise FormatError(
            name,
            None,
            "a label is a JSON object or nests too deep or is beyond 64 bits, "
            "expected numbers or strings",
        ) from error
    if distinct != num_variables:
        raise FormatError(name, None, "a label occurs twice, expected one a variable; rename it")
    plain = all(type(label) is int and label == k for k, label in enumerate(labels))
    return range(num_variables) if plain else tuple(labels)


def _hashable(label: Any, nesting: int) -> Hashable:
    """Return `label` with lists made tuples, as dimod does."""
    if not isinstance(label, list):
        if type(label) is int and abs(label) > LARGEST_LABEL:
            raise TypeError("label beyond 64 bits")
        return label  # type: ignore[no-any-return]
    if not nesting:
        raise TypeError("label nests too deep")
    return tuple(_hashable(part, nesting - 1) for part in label)


def _read_json(text: bytes, name: str) -> Vectors:
    document = parse_json(text, name)
    if not isinstance(document, dict) or "variable_type" not in document:
        raise FormatError(
            name, None, "JSON without 'variable_type', expected json.dumps(bqm.to_serializable())"
        )
    parts = Parts(document, kind="key", name=name)
    version = parts.take("version")
    versions = Parts(
        version if isinstance(version, dict) else {}, kind="key", name=name, where=" of 'version'"
    )
    schema = versions.take("bqm_schema")
    versions.take("dimod")  # which wrote it
    versions.close()
    if str(schema)[:2] not in ("2.", "3.") or parts.take("use_bytes"):
        raise FormatError(
            name,
            None,
            f"bqm_schema {shown(str(schema))} or bytes, expected 2 or 3 with lists; "
            "write it with to_serializable() of dimod >= 0.10",
        )
    linear = _numbers(parts.take("linear_biases"), "linear_biases", name)
    quadratic = _numbers(parts.take("quadratic_biases"), "quadratic_biases", name)
    heads = _indices(parts, "quadratic_head", linear.size)
    tails = _indices(parts, "quadratic_tail", linear.size)
    if not heads.size == tails.size == quadratic.size:
        raise FormatError(name, None, "quadratic lists differ in length; write the file again")
    if (heads == tails).any():
        raise FormatError(name, None, "an interaction of a variable with itself; make it linear")
    offset = _numbers([parts.take("offset")], "offset", name)[0]
    labels = parts.take("variable_labels", False)
    for key, size in (("num_variables", linear.size), ("num_interactions", quadratic.size)):
        if parts.take(key, size) != size:
            raise FormatError(
                name, None, f"'{key}' is {parts.take(key)!r:.60}, the lists have {size}"
            )
    if parts.take("type", _TYPE) != _TYPE:
        raise FormatError(name, None, f"'type' is {parts.take('type')!r:.60}, expected {_TYPE}")
    for key in ("index_type", "bias_type"):  # of dimod's own arrays
        parts.take(key)
    vartype = parts.take("variable_type")
    parts.skip(("info",), "it is no part of the energy")
    return Vectors(vartype, linear, heads, tails, quadratic, float(offset), labels, parts.close())


def _numbers(values: Any, key: str, name: str) -> Any:
    if not isinstance(values, list) or not all(type(value) in (int, float) for value in values):
        raise FormatError(name, None, f"'{key}' is no list of numbers; write the file again")
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError as error:
        raise FormatError(name, None, f"'{key}' has a number too large for a float64") from error


def _indices(parts: Parts, key: str, num_variables: int) -> Any:
    values = parts.take(key)
    limit = min(num_variables, MAX_INDEX)
    if not isinstance(values, list) or not all(type(v) is int and 0 <= v < limit for v in values):
        raise FormatError(
            parts.name, None, f"'{key}' is no list of indices in 0..{num_variables - 1}"
        )
    return np.array(values, dtype=np.int64)


def render(contents: Contents) -> Iterator[str]:
    """Yield the lines of `json.dumps(bqm.to_serializable())`, which dimod reads back.

    Raises
    ------
    ValueError
        Another kind, or labels that JSON does not give back.
    """
    plain = replace(contents, labels=range(contents.num_variables))
    check_plain(plain, NAME, kinds=("ising", "qubo"), offset=True)
    linear, pairs = _added_up(contents)
    heads, tails = zip(*pairs, strict=True) if pairs else ((), ())
    document = {
        "type": "BinaryQuadraticModel",
        "version": {"bqm_schema": "3.0.0"},
        "use_bytes": False,
        "index_type": "int32",
        "bias_type": "float64",
        "num_variables": contents.num_variables,
        "num_interactions": len(pairs),
        "variable_labels": [json.loads(label_text(label)) for label in contents.labels],
        "variable_type": "SPIN" if contents.kind == "ising" else "BINARY",
        "offset": float(contents.offset),
        "info": {},
        "linear_biases": linear.tolist(),
        "quadratic_biases": list(pairs.values()),
        "quadratic_head": list(heads),
        "quadratic_tail": list(tails),
    }
    yield json.dumps(document, allow_nan=False) + "\n"


def _added_up(contents: Contents) -> tuple[Any, dict[tuple[int, int], float]]:
    """Return a linear bias a variable, and each pair once: dimod keeps no entry twice."""
    on_diagonal = contents.rows == contents.cols
    linear = np.zeros(contents.num_variables)
    np.add.at(linear, contents.rows[on_diagonal], contents.values[on_diagonal])
    pairs: dict[tuple[int, int], float] = {}
    rows, cols = contents.rows[~on_diagonal].tolist(), contents.cols[~on_diagonal].tolist()
    for row, col, value in zip(rows, cols, contents.values[~on_diagonal].tolist(), strict=True):
        key = (min(row, col), max(row, col))
        pairs[key] = pairs.get(key, 0.0) + value
    return linear, pairs


FORMAT = Format(
    name=NAME,
    what="dimod: bqm.to_file() or json.dumps(bqm.to_serializable())",
    read=read,
    write=render,
    holds=Holds(kinds=("ising", "qubo"), labels=True, offset=True, repeats=False),
    signs=(
        Sign(Stage.BYTES, 20, lambda sample: sample.data.startswith(b"DIMOD")),
        Sign(Stage.JSON, LAST, lambda sample: True),  # JSON without a mark of another format
    ),
    endings=(".bqm",),
    rank=70,
)
