"""How far packed data may inflate, said before it does, and its pieces in bounded memory."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from pbit.formats.errors import FormatError
from pbit.machine import memory_bytes

PIECE = 2**22
# Problem files shrink 3 to 20 times, zeros of a dense matrix more; a bomb about 1000 times.
MAX_RATIO = 200
RATIO_CHECKED_FROM = 64 * 2**20
# What is held by the time that a stream without a stated size is refused.
LARGE, MAX_RATIO_OF_LARGE = 512 * 2**20, 50
_MEMORY_SHARE = 0.8
_FIRST_WINDOW = 256
_PADDING = re.compile(rb"\0*")


class Budget:
    """How many bytes a file may still inflate to: by a limit, its own size and the memory.

    Parameters
    ----------
    name : str
        The file, for messages.
    max_bytes : int
        Most bytes in all.
    kind : str
        What packs the data, for messages.

    Examples
    --------
    >>> budget = Budget("a.zip", 1000, "zip")
    >>> budget.spend(600, packed=100)
    >>> budget.left
    400
    """

    def __init__(self, name: str, max_bytes: int, kind: str) -> None:
        self.name, self.max_bytes, self.kind = name, max_bytes, kind
        self._memory = memory_bytes()
        self._spent = self._packed = 0

    @property
    def left(self) -> int:
        """Bytes that may follow."""
        return self.max_bytes - self._spent

    def spend(self, size: int, *, packed: int) -> None:
        """Count bytes that are to be held, and those of the file that they come from.

        Raises
        ------
        FormatError
            More than the limit, the memory, or what such files shrink.
        """
        self._spent += size
        self._packed += packed
        if self._spent > self.max_bytes:
            raise self._refused(
                f"inflates to more than max_bytes = {self.max_bytes} bytes, the most accepted; "
                "raise it"
            )
        ratio = MAX_RATIO_OF_LARGE if self._spent > LARGE else MAX_RATIO
        if self._spent > RATIO_CHECKED_FROM and self._spent > ratio * self._packed:
            raise self._refused(
                f"inflates more than {ratio}:1, which looks like a {self.kind} bomb; "
                "inflate it yourself if you trust it"
            )
        if self._spent > _MEMORY_SHARE * self._memory:
            raise self._refused(
                f"inflates to {self._spent / 2**30:.1f} GiB or more, and there are "
                f"{self._memory / 2**30:.1f} GiB of memory; allow it more memory"
            )

    def _refused(self, problem: str) -> FormatError:
        return FormatError(self.name, None, problem)


class Stream:
    """One zlib or gzip stream, or several gzip streams in a row, inflated piece by piece.

    Parameters
    ----------
    wbits : int
        As for `zlib.decompressobj`.
    """

    def __init__(self, wbits: int = zlib.MAX_WBITS) -> None:
        self._wbits = wbits
        self.unread = 0  # bytes after the end, where no other stream may follow
        self._member = zlib.decompressobj(wbits)

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""
        return self._member.eof

    def pieces(self, block: bytes | memoryview, *, many: bool = False) -> Iterator[bytes]:
        """Yield what a block of packed bytes inflates to.

        zlib copies all that it is given past the end of a stream. It is given little where one
        begins, so that a block of many streams is not copied once for each.

        Parameters
        ----------
        block : bytes or memoryview
        many : bool
            Whether more streams may follow, zeros between them.

        Raises
        ------
        zlib.error
            Damaged data.
        """
        view, position, window = memoryview(block), 0, _FIRST_WINDOW
        while position < len(view):
            if self._member.eof:
                padding = _PADDING.match(view, position)
                if padding is None or not many:
                    self.unread = len(view) - position
                    return
                position = padding.end()
                if position == len(view):
                    return
                self._member, window = zlib.decompressobj(self._wbits), _FIRST_WINDOW
            given = view[position : position + window]
            piece = self._member.decompress(given, PIECE)
            unused = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            position += len(given) - len(unused)
            window = min(2 * window, PIECE)
            yield piece
