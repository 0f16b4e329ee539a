"""TSPLIB travelling salesman problems: `.tsp` and `.atsp`, by coordinates or by weights.

Distances are those of the format's own rules, all rounded to whole numbers as they say: lengths
of published tours are only then what they should be.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pbit.formats.contents import DistanceContents, Floats
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.lines import DECIMAL, whole_number
from pbit.formats.parts import Parts
from pbit.formats.tokens import Body, Line, clean, whole, wrong

NAME = "tsplib"
_HEADER = re.compile(rb"(NAME|TYPE|COMMENT|DIMENSION|EDGE_WEIGHT_TYPE)[ \t]*:", re.IGNORECASE)
_FIELD = re.compile(rb"([A-Za-z_0-9]+)[ \t]*:[ \t]*(.*)")
_MOST_CITIES = 5000  # whose distances, with what it takes to find them, fill about 1 GiB
_DRAWN = "DISPLAY_DATA_SECTION"
_DRAWING = ("DISPLAY_DATA_TYPE", _DRAWN)
_COMMENTS = ("NAME", "COMMENT")  # these may stand there twice
_PI, _EARTH_KM = 3.141592, 6378.388  # the format's own, not better ones


class _Section(NamedTuple):
    word: bytes
    start: Line
    numbers: list[float]
    lines: list[Line]


class _Read(NamedTuple):
    """The fields ``KEY : value`` and the sections of a file by name, and what is after its end."""

    fields: dict[str, bytes]
    sections: dict[str, _Section]
    lines: dict[str, int]
    notes: list[str]

    def parts(self, body: Body) -> Parts:
        found = {**self.fields, **self.sections}
        return Parts(found, kind="keyword", name=body.name, lines=self.lines)


def has_header(first: Line) -> bool:
    """Return whether a text begins as TSPLIB files do."""
    return _HEADER.match(first.text) is not None


def read(data: bytes, name: str) -> DistanceContents:
    """Return the distances of a TSPLIB problem of type TSP or ATSP.

    Raises
    ------
    FormatError
        Another type of problem, a kind of weights or a section that is not known, or numbers that
        are missing or too many.

    References
    ----------
    Reinelt, "TSPLIB 95", Universität Heidelberg (1995), and its "Questions and answers" on the
    geographical distance.
    """
    body = whole(clean(data, name), name)
    read = _parts(body)
    parts = read.parts(body)
    for key in _COMMENTS:
        parts.take(key)
    kind = _word(parts, "TYPE")
    if kind not in ("TSP", "ATSP"):
        raise FormatError(name, None, f"TYPE is {kind}, expected TSP or ATSP; no other is read")
    count = whole_number(parts.take("DIMENSION", b""))
    if count is None or not 1 <= count <= _MOST_CITIES:
        raise FormatError(name, None, f"DIMENSION is no number of cities 1..{_MOST_CITIES}")
    weights = _word(parts, "EDGE_WEIGHT_TYPE")
    if weights == "EXPLICIT":
        matrix = _explicit(parts, count, body)
        parts.skip(("NODE_COORD_TYPE", "NODE_COORD_SECTION"), "the weights are given")
    else:
        matrix = _from_coordinates(weights, parts, count, body)
        parts.skip(("EDGE_WEIGHT_FORMAT",), "the weights follow from coordinates")
        parts.take("NODE_COORD_TYPE")
    parts.skip(_DRAWING, "how it is drawn is no part of the problem")
    np.fill_diagonal(matrix, 0.0)
    return DistanceContents(
        kind="tsp",
        num_variables=count,
        values=matrix,
        labels=range(1, count + 1),
        format=NAME,
        name=name,
        notes=(*parts.close(), *read.notes),
    )


def _word(parts: Parts, key: str) -> str:
    """Return the value of a field: one word, perhaps with a remark in brackets."""
    value: bytes = parts.take(key)
    if not value:
        raise FormatError(parts.name, None, f"no {key}, expected that line")
    word, *more = value.split(None, 1)
    if more and not more[0].startswith(b"("):
        line = parts.lines.get(key)
        raise FormatError(parts.name, line, f"{shown(value)} as {key}, expected one word")
    return word.decode("ascii", errors="replace").upper()


def _parts(body: Body) -> _Read:
    read = _Read({}, {}, {}, [])
    section: _Section | None = None
    for line in (lines := body.lines()):
        word = line.text.upper().rstrip(b":").strip()
        field = _FIELD.fullmatch(line.text)
        if word == b"EOF":
            break
        if word.endswith(b"_SECTION"):
            if word == b"FIXED_EDGES_SECTION":
                raise wrong(body, line, "fixed edges are not supported; remove them")
            section = _Section(word, line, [], [])
            _add(read, body, line, word, section)
        elif field is not None:
            _add(read, body, line, field[1].upper(), field[2].strip())
        elif section is None:
            raise wrong(body, line, "expected 'KEYWORD : value' or the name of a section")
        elif section is not read.sections.get(_DRAWN):
            section.lines.append(line)
            section.numbers.extend(_number(body, line, part) for part in line.text.split())
    after = next(lines, None)
    if after is not None:
        read.notes.append(f"what follows EOF, from line {after.number} on, is not read")
    return read


def _add(read: _Read, body: Body, line: Line, word: bytes, value: bytes | _Section) -> None:
    key = word.decode("ascii", errors="backslashreplace")
    if key in read.lines and key not in _COMMENTS:
        raise wrong(body, line, f"{key} is in line {read.lines[key]} too; remove one of them")
    read.lines[key] = line.number
    if isinstance(value, _Section):
        read.sections[key] = value
    else:
        read.fields[key] = value


def _number(body: Body, line: Line, text: bytes) -> float:
    value = float(text) if DECIMAL.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise wrong(body, line, f"{shown(text)} is no finite decimal number")
    return value


def _section(parts: Parts, key: str) -> _Section:
    found = parts.take(key)
    if not isinstance(found, _Section):
        raise FormatError(parts.name, None, f"no {key}, expected that section")
    return found


def _explicit(parts: Parts, count: int, body: Body) -> Floats:
    layout = _word(parts, "EDGE_WEIGHT_FORMAT")
    section = _section(parts, "EDGE_WEIGHT_SECTION")
    if layout not in _LAYOUTS:
        known = ", ".join(_LAYOUTS)
        raise FormatError(body.name, None, f"EDGE_WEIGHT_FORMAT {layout}, expected one of {known}")
    expected = _num_weights(layout, count)
    if expected != len(section.numbers):
        raise wrong(
            body,
            section.start,
            f"{len(section.numbers)} weights follow, expected {expected} for {count} cities as "
            f"{layout}; the file is truncated or its DIMENSION wrong",
        )
    rows, cols = _LAYOUTS[layout](count)
    matrix = np.zeros((count, count))
    matrix[rows, cols] = section.numbers
    if layout != "FULL_MATRIX":
        matrix[cols, rows] = section.numbers
    return matrix


def _num_weights(layout: str, count: int) -> int:
    if layout == "FULL_MATRIX":
        return count * count
    return count * (count + 1 if "DIAG" in layout else count - 1) // 2


_Cells = tuple[np.ndarray, np.ndarray]


def _full(n: int) -> _Cells:
    rows, cols = np.divmod(np.arange(n * n), n)
    return rows, cols


# By columns the upper triangle is the lower one by rows, of a symmetric matrix.
_LAYOUTS: dict[str, Callable[[int], _Cells]] = {
    "FULL_MATRIX": _full,
    "UPPER_ROW": lambda n: np.triu_indices(n, 1),
    "LOWER_ROW": lambda n: np.tril_indices(n, -1),
    "UPPER_DIAG_ROW": lambda n: np.triu_indices(n),
    "LOWER_DIAG_ROW": lambda n: np.tril_indices(n),
    "UPPER_COL": lambda n: np.tril_indices(n, -1),
    "LOWER_COL": lambda n: np.triu_indices(n, 1),
    "UPPER_DIAG_COL": lambda n: np.tril_indices(n),
    "LOWER_DIAG_COL": lambda n: np.triu_indices(n),
}


def _from_coordinates(weights: str, parts: Parts, count: int, body: Body) -> Floats:
    if weights not in _DISTANCES:
        known = ", ".join(["EXPLICIT", *_DISTANCES])
        raise FormatError(body.name, None, f"EDGE_WEIGHT_TYPE {weights}, expected one of {known}")
    section = _section(parts, "NODE_COORD_SECTION")
    width = 4 if weights.endswith("3D") else 3
    for line in section.lines:
        if len(line.text.split()) != width:
            raise wrong(body, line, f"expected a city and {width - 1} coordinates")
    if len(section.lines) != count:
        raise wrong(
            body,
            section.start,
            f"{len(section.lines)} cities follow, expected {count} as DIMENSION says",
        )
    table = np.array(section.numbers).reshape(count, width)
    order = np.argsort(table[:, 0])
    bad = np.flatnonzero(table[order, 0] != np.arange(1, count + 1))
    if bad.size:
        line = section.lines[int(order[bad[0]])]
        raise wrong(body, line, f"expected each city 1..{count} once")
    points = table[order, 1:]
    return _DISTANCES[weights](points)


def _differences(points: Floats) -> Floats:
    apart: Floats = np.abs(points[:, None, :] - points[None, :, :])
    return apart


def _nint(values: Floats) -> Floats:
    return np.floor(values + 0.5)


def _euclidean(points: Floats) -> Floats:
    lengths: Floats = np.sqrt((_differences(points) ** 2).sum(axis=2))
    return lengths


def _pseudo_euclidean(points: Floats) -> Floats:
    return np.ceil(_euclidean(points) / math.sqrt(10.0))


def _geographical(points: Floats) -> Floats:
    degrees = np.trunc(points)
    radians = _PI * (degrees + 5.0 * (points - degrees) / 3.0) / 180.0
    latitude, longitude = radians[:, 0], radians[:, 1]
    q1 = np.cos(longitude[:, None] - longitude)
    q2 = np.cos(latitude[:, None] - latitude)
    q3 = np.cos(latitude[:, None] + latitude)
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.floor(_EARTH_KM * np.arccos(cosine) + 1.0)


_DISTANCES: dict[str, Callable[[Floats], Floats]] = {
    "EUC_2D": lambda points: _nint(_euclidean(points)),
    "EUC_3D": lambda points: _nint(_euclidean(points)),
    "CEIL_2D": lambda points: np.ceil(_euclidean(points)),
    "MAN_2D": lambda points: _nint(_differences(points).sum(axis=2)),
    "MAN_3D": lambda points: _nint(_differences(points).sum(axis=2)),
    "MAX_2D": lambda points: _nint(_differences(points)).max(axis=2),
    "MAX_3D": lambda points: _nint(_differences(points)).max(axis=2),
    "ATT": _pseudo_euclidean,
    "GEO": _geographical,
}


FORMAT = Format(
    name=NAME,
    what="travelling salesman (TSPLIB .tsp, .atsp): coordinates or weights",
    read=read,
    holds=Holds(kinds=("tsp",)),
    signs=(Sign(Stage.LINE, 10, lambda sample: has_header(sample.first)),),
    rank=250,
)
