"""Named parts of a file (arrays, keys, columns): each is used, noted or refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from pbit.formats.errors import FormatError, shown
from pbit.formats.tokens import Body, Line, wrong

_LISTED = 12
# A field of a table, and the comma after it; as csv.reader has it, but of any length.
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)"[ \t]*|([^",][^,]*)?)(,|$)')


class Parts:
    """What a file holds by name, and what of it a reader has not asked for yet.

    Parameters
    ----------
    found : mapping of str to anything
    kind : str
        What a part is called in messages: "array", "key", "column".
    name : str
        The file as the user knows it.
    where : str
        Of which object inside the file they are parts, as ``" in 'network'"``.
    lines : mapping of str to int, optional
        On which lines of a text they stand.

    Examples
    --------
    >>> parts = Parts({"J": 1, "h": 2, "made": "by hand"}, kind="array", name="a.npz")
    >>> parts.take("J"), parts.take("h"), parts.take("offset", 0)
    (1, 2, 0)
    >>> parts.skip(lambda key: key == "made", "says where the file is from")
    >>> parts.close()
    ("array 'made' is not read: says where the file is from",)
    """

    def __init__(
        self,
        found: Mapping[str, Any],
        *,
        kind: str,
        name: str,
        where: str = "",
        lines: Mapping[str, int] | None = None,
    ) -> None:
        self.found, self.kind, self.name, self.where = found, kind, name, where
        self.lines = lines or {}
        self.left = dict.fromkeys(found)
        self.known: dict[str, None] = {}
        self.notes: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def take(self, key: str, default: Any = None) -> Any:
        """Return a part, which is used from now on."""
        self.known[key] = None
        self.left.pop(key, None)
        return self.found.get(key, default)

    def skip(self, told: Callable[[str], bool] | Collection[str], why: str) -> None:
        """Leave parts out that the format allows to be left out; a note tells of them."""
        chosen = told if callable(told) else told.__contains__
        names = [key for key in self.left if chosen(key)]
        for key in names:
            del self.left[key]
        # Empty ones say nothing.
        told_names = [key for key in names if not _is_empty(self.found[key])]
        if told_names:
            what, verb = (self.kind, "is") if len(told_names) == 1 else (f"{self.kind}s", "are")
            self.notes.append(f"{what} {listed(told_names)}{self.where} {verb} not read: {why}")

    def close(self, remedy: str = "remove it if it does not matter") -> tuple[str, ...]:
        """Return the notes.

        Raises
        ------
        FormatError
            A part that was neither taken nor left out.
        """
        for key in self.left:
            expected = f"expected {', '.join(self.known)}" if self.known else "expected none"
            raise FormatError(
                self.name,
                self.lines.get(key),
                f"{self.kind} {shown(key)}{self.where} has no meaning here, {expected}; {remedy}",
            )
        return tuple(self.notes)


def first_repeated(names: Iterable[str]) -> str | None:
    """Return the first name that is there twice, None if there is none."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def column_parts(body: Body, header: Line, row: Line) -> Parts:
    """Return the fields of a row of a table by the names of its columns.

    Raises
    ------
    FormatError
        Another number of fields than of columns, two columns of one name, or quotation marks that
        are not closed.
    """
    columns, fields = _split(body, header), _split(body, row)
    if len(fields) != len(columns):
        raise wrong(body, row, f"{len(fields)} columns, expected {len(columns)} as in the header")
    if (twice := first_repeated(columns)) is not None:
        raise wrong(body, header, f"two columns are called {shown(twice)}; rename one")
    return Parts(dict(zip(columns, fields, strict=True)), kind="column", name=body.name)


def _split(body: Body, line: Line) -> list[str]:
    text = line.text.decode("utf-8", "backslashreplace")
    fields, position, comma = [], 0, ","
    while comma:
        match = _FIELD.match(text, position)
        if match is None:
            raise wrong(body, line, "quotation marks that do not enclose a field; close them")
        quoted, plain, comma = match.groups()
        fields.append((plain or "" if quoted is None else quoted.replace('""', '"')).strip())
        position = match.end()
    return fields


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | bytes | list | dict) and not value)


def listed(names: list[str]) -> str:
    """Return names for a message, the first dozen of them."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(map(shown, names[:_LISTED])) + more
