"""The bytes of a problem file: path, stream or standard input, plain or gzip, never unbounded."""

import os
import sys
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pbit.formats.errors import FormatError, shown

Source = str | os.PathLike[str] | BinaryIO

_BLOCK = 2**22
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31
# Problem files shrink 3 to 20 times; a bomb shrinks about 1000 times.
_MAX_RATIO = 200
_RATIO_CHECKED_FROM = 64 * 2**20


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
                raise _too_large(name, "has", max_bytes)
            return _load_stream(stream, name, max_bytes), name
    attribute = getattr(source, "name", None)
    name = attribute if isinstance(attribute, str) else "<stream>"
    return _load_stream(source, name, max_bytes), name


def _load_stream(stream: BinaryIO, name: str, max_bytes: int) -> bytes:
    blocks = _blocks(stream)
    first = next(blocks, b"")
    while 0 < len(first) < len(_GZIP_MAGIC):
        more = next(blocks, b"")
        first += more
        if not more:
            break
    inflated = first.startswith(_GZIP_MAGIC)
    pieces = _inflate(first, blocks, name) if inflated else _chain(first, blocks)
    kept: list[bytes] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            what = "inflates to" if inflated else "has"
            raise _too_large(name, what, max_bytes)
        kept.append(piece)
    return kept[0] if len(kept) == 1 else b"".join(kept)


def _too_large(name: str, what: str, max_bytes: int) -> FormatError:
    return FormatError(
        name, None, f"{what} more than max_bytes = {max_bytes} bytes, the most accepted; raise it"
    )


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        if not isinstance(block, bytes):
            raise TypeError(
                f"source must be a binary stream, got one of {type(block).__name__}; "
                "open it with mode 'rb'"
            )
        yield block


def _chain(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


def _inflate(first: bytes, blocks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Yield the inflated pieces of all members of a gzip file, in bounded memory."""
    consumed = produced = 0
    member = zlib.decompressobj(_GZIP_WBITS)
    for block in _chain(first, blocks):
        consumed += len(block)
        pending = block
        while pending:
            if member.eof:
                pending = pending.lstrip(b"\0")  # tape padding, which gzip allows
                if not pending:
                    break
                member = zlib.decompressobj(_GZIP_WBITS)
            try:
                piece = member.decompress(pending, _BLOCK)
            except zlib.error as error:
                raise FormatError(
                    name, None, f"damaged gzip data ({error}); download the file again"
                ) from error
            produced += len(piece)
            if produced > _RATIO_CHECKED_FROM and produced > _MAX_RATIO * consumed:
                raise FormatError(
                    name,
                    None,
                    f"inflates more than {_MAX_RATIO}:1, which looks like a gzip bomb; "
                    "inflate it yourself if you trust it",
                )
            yield piece
            pending = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise FormatError(name, None, "gzip data ends early (truncated); download the file again")
