"""The bytes of a problem file: path, stream or standard input, plain or gzip, never unbounded."""

import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from pbit.formats.errors import FormatError, shown
from pbit.formats.inflation import Budget, Stream

Source = str | os.PathLike[str] | BinaryIO

_BLOCK = 2**22
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31


def load(source: Source, *, max_bytes: int) -> tuple[bytes, str]:
    """Return the (inflated) bytes of `source` and the name to show for it.

    Parameters
    ----------
    source : path, "-" or binary stream
        "-" is standard input. Gzip is recognised by its first two bytes, not by the suffix.
    max_bytes : int
        Most bytes to accept, counted after inflating.

    Returns
    -------
    (bytes, str)

    Raises
    ------
    FormatError
        Too large, damaged gzip, or a gzip bomb.
    OSError
        The path cannot be opened (FileNotFoundError, IsADirectoryError, PermissionError ...).
    TypeError
        A stream that yields text.
    """
    if source == "-":
        return _load_stream(sys.stdin.buffer, "<stdin>", max_bytes), "<stdin>"
    if isinstance(source, (str, os.PathLike)):
        name = os.fspath(source)
        if "\0" in name:
            raise FormatError(shown(name), None, "a path cannot contain a NUL; check the path")
        with open(name, "rb") as stream:
            if os.fstat(stream.fileno()).st_size > max_bytes:
                raise _too_large(name, max_bytes)
            return _load_stream(stream, name, max_bytes), name
    attribute = getattr(source, "name", None)
    name = attribute if isinstance(attribute, str) else "<stream>"
    return _load_stream(source, name, max_bytes), name


def inflated(data: bytes, name: str, *, max_bytes: int) -> bytes:
    """Return the data themselves, or what they inflate to if they are gzip.

    Raises
    ------
    FormatError
        Too large, damaged gzip, or a gzip bomb.
    """
    return _load_stream(BytesIO(data), name, max_bytes) if data.startswith(_GZIP_MAGIC) else data


def _load_stream(stream: BinaryIO, name: str, max_bytes: int) -> bytes:
    blocks = _blocks(stream)
    first = next(blocks, b"")
    while 0 < len(first) < len(_GZIP_MAGIC):
        more = next(blocks, b"")
        first += more
        if not more:
            break
    whole = chain((first,), blocks)
    if first.startswith(_GZIP_MAGIC):
        return _gathered(_inflate(whole, name, max_bytes))
    return _gathered(_limited(whole, name, max_bytes))


def _gathered(pieces: Iterable[bytes]) -> bytes:
    """Return all pieces in a row; a list of them, joined, would hold the data twice."""
    buffer = BytesIO()
    for piece in pieces:
        buffer.write(piece)
    return buffer.getvalue()


def _limited(blocks: Iterable[bytes], name: str, max_bytes: int) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > max_bytes:
            raise _too_large(name, max_bytes)
        yield block


def _too_large(name: str, max_bytes: int) -> FormatError:
    return FormatError(
        name, None, f"has more than max_bytes = {max_bytes} bytes, the most accepted; raise it"
    )


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    if not hasattr(stream, "read"):
        raise TypeError(
            f"source must be the name of a file, '-' or a binary stream, got {stream!r:.60}"
        )
    while block := stream.read(_BLOCK):
        if not isinstance(block, bytes):
            raise TypeError(
                f"source must be a binary stream, got one of {type(block).__name__}; "
                "open it with mode 'rb'"
            )
        yield block


def _inflate(blocks: Iterable[bytes], name: str, max_bytes: int) -> Iterator[bytes]:
    """Yield the inflated pieces of all members of a gzip file, in bounded memory."""
    budget, stream = Budget(name, max_bytes, "gzip"), Stream(_GZIP_WBITS)
    for block in blocks:
        budget.spend(0, packed=len(block))
        try:
            for piece in stream.pieces(block, many=True):
                budget.spend(len(piece), packed=0)
                yield piece
        except zlib.error as error:
            raise FormatError(
                name, None, f"damaged gzip data ({error}); download the file again"
            ) from error
    if not stream.ended:
        raise FormatError(name, None, "gzip data ends early (truncated); download the file again")
