"""The members of a zip: listed once, their sizes checked before any of them is inflated."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from pbit.formats.errors import FormatError, shown
from pbit.formats.inflation import PIECE, Budget

_MAGIC = b"PK\x03\x04"
_ENCRYPTED = 0x1
# What the standard library raises for a damaged zip; it has no name for all of it.
_DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError,
    OSError, RuntimeError, ValueError, OverflowError, LookupError,
)  # fmt: skip


class Zip:
    """The files in a zip.

    Parameters
    ----------
    data : bytes
    name : str
        The file as the user knows it.
    what : str
        What kind of file it is, for messages.

    Raises
    ------
    FormatError
        A damaged zip, or a member without a name.
    """

    def __init__(self, data: bytes, name: str, what: str = "archive") -> None:
        self.name, self._what, self._unspent = name, what, len(data)
        with _told(name, what):
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        entries = self._archive.infolist()
        if not all(entry.filename for entry in entries):
            raise FormatError(name, None, "has a member without a name; pack it again")
        self._files = [entry for entry in entries if not entry.filename.endswith("/")]

    @property
    def names(self) -> list[str]:
        """Names of the files, folders left out."""
        return [entry.filename for entry in self._files]

    def announced(self, index: int) -> int:
        """Bytes that the zip says a file has; it never gives more."""
        return self._files[index].file_size

    def spend(self, index: int, budget: Budget) -> None:
        """Count what a file is said to inflate to; each once.

        Raises
        ------
        FormatError
            More than the budget has left.
        """
        entry = self._files[index]
        packed = min(entry.compress_size, self._unspent)  # members may claim the same bytes
        self._unspent -= packed
        budget.spend(entry.file_size, packed=packed)

    @contextmanager
    def opened(self, index: int) -> Iterator[io.BufferedIOBase]:
        """The inflated bytes of a file.

        Raises
        ------
        FormatError
            Damaged, encrypted, or packed in a way that is not read.
        """
        entry = self._files[index]
        name = f"{self.name}#{entry.filename}"
        if entry.flag_bits & _ENCRYPTED:
            raise FormatError(name, None, "is encrypted; unpack it with its password")
        with _told(name, self._what), self._archive.open(entry) as stream:
            yield stream  # type: ignore[misc]

    def member(self, index: int, budget: Budget) -> bytes:
        """Return the bytes of a file, no more than it is said to have.

        Raises
        ------
        FormatError
            As for `spend` and `opened`.
        """
        self.spend(index, budget)
        buffer = io.BytesIO()
        with self.opened(index) as stream:
            while piece := stream.read(PIECE):
                buffer.write(piece)
        return buffer.getvalue()


def is_zip(data: bytes) -> bool:
    """Return whether these bytes begin as a zip does."""
    return data.startswith(_MAGIC)


def is_npz(data: bytes) -> bool:
    """Return whether this is a zip file of NumPy arrays and nothing else."""
    if not is_zip(data):
        return False
    try:
        names = Zip(data, "").names
    except FormatError:
        return False
    return bool(names) and all(name.endswith(".npy") for name in names)


@contextmanager
def _told(name: str, what: str) -> Iterator[None]:
    try:
        yield
    except FormatError:
        raise
    except NotImplementedError as error:
        raise FormatError(name, None, f"{error}; pack it again with 'zip'") from error
    except MemoryError as error:
        raise FormatError(name, None, "does not fit into memory; allow it more") from error
    except _DAMAGED as error:
        raise FormatError(
            name, None, f"damaged {what} ({shown(str(error))[1:-1]}); download the file again"
        ) from error
