"""Text of the small files that describe a chip."""

from __future__ import annotations

from pathlib import Path

from pbit.formats.errors import FormatError

_MOST_BYTES = 2**24


def text_of(path: str | Path) -> str:
    """The text of a file of at most 16 MiB.

    Raises
    ------
    FormatError
        A larger file, or one that is no UTF-8.
    OSError
        The file cannot be read.
    """
    with open(path, "rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise FormatError(str(path), None, f"more than {_MOST_BYTES >> 20} MiB; check the path")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(str(path), line, "expected UTF-8 text; save the file as UTF-8") from error
