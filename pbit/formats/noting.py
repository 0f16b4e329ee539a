"""What a user is told of any file, whatever its format: repeated entries, constants in comments."""

from __future__ import annotations

from typing import Any

from pbit.formats.contents import Contents, TermContents
from pbit.formats.errors import FormatError
from pbit.formats.format import Format
from pbit.formats.remarks import unused_constants
from pbit.formats.repeats import repeat_notes
from pbit.formats.tokens import clean, whole


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
    if not format.reads_constants:
        notes += _unused_constants(data, contents.name)
    return notes


def _unused_constants(data: bytes, name: str) -> list[str]:
    try:
        text = clean(data, name)
    except FormatError:  # no text, no comments
        return []
    return unused_constants(whole(text, name))
