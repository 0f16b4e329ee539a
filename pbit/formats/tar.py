"""The members of a tar as views of its bytes: ustar, GNU's long names, pax.

Read here and not with `tarfile`, whose patterns take quadratic time on the headers of pax and which
asks for as much memory as it is told to read.

References
----------
IEEE Std 1003.1-2017, pax, sections "ustar Interchange Format" and "pax Extended Header".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.errors import FormatError

_BLOCK = 512
_FILES, _FOLDER = (b"0", b"\0", b"7"), b"5"
_PAX, _GNU_NAME, _GNU_LINK, _GLOBAL = b"x", b"L", b"K", b"g"
_MOST_DIGITS = 19  # of a size or of the length of a record


class Member(NamedTuple):
    """What is in a tar; links and sparse files, which may claim any size, have no data."""

    name: str
    data: memoryview | None


def is_tar(data: bytes) -> bool:
    """Return whether these bytes begin as a tar does."""
    return data[257:262] == b"ustar"


def members(data: bytes, name: str) -> Iterator[Member]:
    """Yield everything but folders.

    Raises
    ------
    FormatError
        A header that is none, or a member that is longer than the file.
    """
    view, position, told = memoryview(data), 0, dict[str, str]()
    while position + _BLOCK <= len(view):
        header = bytes(view[position : position + _BLOCK])
        if not header.strip(b"\0"):
            return
        _check(header, name)
        kind, size = header[156:157], _number(header[124:136], name)
        if kind in _FILES and told.get("size", "").isdecimal():
            size = int(told["size"][:_MOST_DIGITS])
        body = view[position + _BLOCK : position + _BLOCK + size]
        if len(body) < size:
            raise damaged(name, "unexpected end of data")
        position += _BLOCK + -(-size // _BLOCK) * _BLOCK
        if kind == _GNU_NAME:
            told["path"] = _text(bytes(body))
        elif kind == _PAX:
            told |= _records(body, name)
        elif kind not in (_GNU_LINK, _GLOBAL):
            sparse = any(key.startswith("GNU.sparse") for key in told)
            if kind != _FOLDER:
                plain = kind in _FILES and not sparse
                yield Member(told.get("path") or _path(header), body if plain else None)
            told = {}
    if position < len(view):
        raise damaged(name, "unexpected end of data")


def damaged(name: str, what: str) -> FormatError:
    """Return the error for a damaged archive."""
    return FormatError(name, None, f"damaged archive ({what}); download the file again")


def _check(header: bytes, name: str) -> None:
    stated = _number(header[148:156], name)
    if stated != sum(header[:148]) + sum(header[156:]) + 8 * ord(" "):
        raise damaged(name, "the sum of a header is wrong")


def _number(field: bytes, name: str) -> int:
    """Octal digits; GNU's binary form where the top bit is set."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if digits.strip(b"01234567"):
        raise damaged(name, "no number in a header")
    return int(digits, 8)


def _path(header: bytes) -> str:
    prefix, base = _text(header[345:500]), _text(header[:100])
    return f"{prefix}/{base}" if prefix and header[257:263] == b"ustar\0" else base


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def _records(body: memoryview, name: str) -> dict[str, str]:
    """Records `length key=value` of a pax header; the length counts all of the record."""
    found: dict[str, str] = {}
    position = 0
    while position < len(body) and body[position]:
        digits, blank, _ = bytes(body[position : position + _MOST_DIGITS]).partition(b" ")
        length = int(digits) if blank and digits.isdigit() else 0
        record = bytes(body[position : position + length])
        key, equals, value = record[len(digits) + 1 :].partition(b"=")
        if not equals or len(record) < length or not record.endswith(b"\n"):
            raise damaged(name, "a header of pax is wrong")
        found[_text(key)] = _text(value[:-1])
        position += length
    return found
