"""What the comments of text files say that is more than a comment: a constant, a maximum wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.lines import weight
from pbit.formats.tokens import Body, Line, wrong

_MARKS = (b"#", b"%", b"!", b"c")
_MENTION = re.compile(
    rb"^[ \t]*(?:[#%!]|c(?=[ \t]))[^\n]*?(?:offset|constant|const\b)[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_MAXIMUM = re.compile(
    rb"^[ \t]*(?:[#%!]|c(?=[ \t]))[^\n]*?maximi[sz]", re.MULTILINE | re.IGNORECASE
)
# Of a comment whose blanks are one each: none of these can be tried twice at the same place.
_STATED = re.compile(
    rb"[#%!c]+ ?(?:objective|energy|qubo|ising)?[ _]?"
    rb"(?:offset|constant|const)(?:[ _]?(?:term|offset))?"
    rb"(?: (?:of|in) (?:the )?[a-z]+)?(?: ?[:=] ?(?P<told>\S*)| (?P<maybe>[-+.0-9][-+.0-9e]*))",
    re.IGNORECASE,
)


class Constants(NamedTuple):
    """The constant that comments state, on which line (0 for none), and what they only mention."""

    value: float
    line: int
    notes: tuple[str, ...]


def constants(body: Body) -> Constants:
    """Return what comments say of a constant, in a format whose energies may have one.

    Raises
    ------
    FormatError
        Something that is no number, or two comments that contradict each other.

    Examples
    --------
    >>> from pbit.formats.tokens import whole
    >>> constants(whole(b"# ObjectiveOffset 5\\n2 1\\n1 2 3\\n", "a.qs"))[:2]
    (5.0, 1)
    """
    value, found = 0.0, 0
    notes = []
    for line, stated in _mentions(body):
        if stated is None:
            notes.append(_mentioned(line))
            continue
        here = weight(body, line, stated)
        if found and here != value:
            raise wrong(body, line, f"contradicts line {found}; remove one of them")
        value, found = here, line.number
    if value:
        notes.append(f"the constant {value:g} is that of the comment in line {found}")
    return Constants(value, found, tuple(notes))


def unused_constants(body: Body) -> list[str]:
    """Return a note on each comment about a constant, in a format that has no place for one."""
    notes = []
    for line, stated in _mentions(body):
        if stated is None:
            notes.append(_mentioned(line))
        elif stated.strip(b"+-.0"):
            text = stated.decode("ascii", "backslashreplace")[:40]
            notes.append(
                f"the comment in line {line.number} states a constant of {text}, for which the "
                "format has no place; it is not added"
            )
    return notes


def maximum_notes(body: Body) -> list[str]:
    """Return a note on the first comment about a maximum, in a format that is always minimised."""
    known = any(body.data.find(part, body.start, body.stop) >= 0 for part in (b"aximi", b"AXIMI"))
    match = _MAXIMUM.search(body.data, body.start, body.stop) if known else None
    if match is None:
        return []
    line = body.line + body.data.count(b"\n", body.start, match.start())
    return [f"the comment in line {line} speaks of a maximum; the energy is minimised all the same"]


def _mentions(body: Body) -> Iterator[tuple[Line, bytes | None]]:
    """Comments that speak of a constant, and the number they give for it if that is all."""
    if not any(body.data.find(mark, body.start, body.stop) >= 0 for mark in _MARKS):
        return
    text = body.data[body.start : body.stop]
    counted, number = 0, body.line
    for match in _MENTION.finditer(text):
        number += text.count(b"\n", counted, match.start())
        counted = match.start()
        line = Line(number, match.group().strip(), body.start + match.end())
        stated = _STATED.fullmatch(b" ".join(line.text.split()))
        if stated is not None:
            yield line, stated["told"] if stated["maybe"] is None else stated["maybe"]
        elif any(byte in b"0123456789" for byte in line.text):
            yield line, None


def _mentioned(line: Line) -> str:
    return f"the comment in line {line.number} speaks of a constant; none is added for it"
