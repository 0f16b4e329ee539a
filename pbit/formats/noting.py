"""What a user is told of any file, whatever its format: repeated entries, what comments say."""

from __future__ import annotations

from typing import Any

from pbit.formats.contents import Contents, TermContents
from pbit.formats.errors import FormatError
from pbit.formats.format import Format
from pbit.formats.remarks import maximum_notes, unused_constants
from pbit.formats.repeats import repeat_notes
from pbit.formats.tokens import Body, clean, whole

_ENERGIES = ("qubo", "ising", "hubo", "hising")


def notes_of(contents: Any, data: bytes, format: Format) -> list[str]:
    """Return the notes on contents that no reader has to think of.

    Examples
    --------
    >>> from pbit.formats.rudy import FORMAT
    >>> text = b"# constant 7\\n2 2\\n1 2 1\\n1 2 3\\n"
    >>> notes_of(FORMAT.read(text, "a"), text, FORMAT)[0]
    '1 entry repeats what is listed before; the weights were added up'
    """
    notes = []
    if isinstance(contents, Contents | TermContents) and format.holds.repeats:
        notes += repeat_notes(contents)
    body = _text_of(data, contents.name)
    if body is not None and not format.reads_constants:
        notes += unused_constants(body)
    if body is not None and contents.kind in _ENERGIES and not format.holds.sense:
        notes += maximum_notes(body)
    return notes


def _text_of(data: bytes, name: str) -> Body | None:
    try:
        return whole(clean(data, name), name)
    except FormatError:  # no text, no comments
        return None
