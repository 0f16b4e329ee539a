"""Archives of problem files, tar and zip: one member is read, none is written to the disk."""

import io
import lzma
import tarfile
import zipfile
import zlib
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.parts import first_repeated, listed
from pbit.formats.selection import choose
from pbit.formats.source import load

_ZIP = b"PK\x03\x04"
_MAX_NESTING = 3
# A member of these endings is no problem; archives of instances carry them along.
_ASIDE = (".md", ".sol", ".opt", ".py", ".license")
_ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip


class Unpacked(NamedTuple):
    """Bytes of a member, its name, what is to be chosen inside it, and what else there was."""

    data: bytes
    name: str
    wanted: str | None
    notes: tuple[str, ...] = ()


def unpack(data: bytes, name: str, wanted: str | None, *, max_bytes: int) -> Unpacked:
    """Return the member `wanted`; notes tell of members that are no problems.

    `MEMBER#INSTANCE` chooses further inside; data that are no archive come back as they are.

    Raises
    ------
    FormatError
        A damaged archive, no such member, or one that is larger than `max_bytes`.
    """
    notes: list[str] = []
    for _ in range(_MAX_NESTING):
        kind = _kind(data)
        if kind is None:
            return Unpacked(data, name, wanted, tuple(notes))
        member, _, rest = (wanted or "").partition("#")
        take = _from_tar if kind == "tar" else _from_zip
        found, chosen, others = take(data, name, member or None, max_bytes)
        if others and not member:
            notes.append(f"of the archive only {shown(chosen)} is read, not {listed(others)}")
        name, wanted = f"{name}#{chosen}", rest or None
        data, _ = load(_Named(found, name), max_bytes=max_bytes)
    raise FormatError(name, None, f"archives nest more than {_MAX_NESTING} deep; unpack some")


class _Named(io.BytesIO):
    """Bytes with the name that errors are to tell."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def _kind(data: bytes) -> str | None:
    if data[257:262] == b"ustar":
        return "tar"
    if data.startswith(_ZIP) and not is_npz(data):
        return "zip"
    return None


def is_npz(data: bytes) -> bool:
    """Return whether this is a zip file of NumPy arrays and nothing else."""
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except _ZIP_ERRORS:
        return False
    return bool(names) and all(name.endswith(".npy") for name in names)


def zip_names(data: bytes, name: str) -> list[str]:
    """Return the names of the files in a zip.

    Raises
    ------
    FormatError
        A damaged zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except _ZIP_ERRORS as error:
        raise _damaged(name, error) from error
    return _once(names, name)


def _once(names: list[str], name: str) -> list[str]:
    twice = first_repeated(names)
    if twice is not None:
        raise FormatError(
            name, None, f"holds {shown(twice)} twice, expected each member once; rename one"
        )
    return names


def zip_member(data: bytes, name: str, member: str, *, max_bytes: int) -> bytes:
    """Return one file of a zip, in bounded memory.

    Raises
    ------
    FormatError
        Damaged, encrypted, or larger than `max_bytes`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(member) as stream:
            inflated = stream.read(max_bytes + 1)
    except (*_ZIP_ERRORS, KeyError, MemoryError) as error:
        raise _damaged(name, error) from error
    if len(inflated) > max_bytes:
        raise FormatError(
            f"{name}#{member}",
            None,
            f"inflates to more than max_bytes = {max_bytes} bytes, the most accepted; raise it",
        )
    return inflated


_Found = tuple[bytes, str, list[str]]


def _from_zip(data: bytes, name: str, wanted: str | None, max_bytes: int) -> _Found:
    members = zip_names(data, name)
    names = _problems(members)
    chosen = names[choose(names, wanted, name)]
    others = [member for member in members if member != chosen]
    return zip_member(data, name, chosen, max_bytes=max_bytes), chosen, others


def _from_tar(data: bytes, name: str, wanted: str | None, max_bytes: int) -> _Found:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            everything = [m for m in archive if not m.isdir()]
            # A sparse member may claim any size: it would be filled with zeros.
            members = {m.name: m for m in everything if m.isreg() and not m.issparse()}
            names = _problems(_once([m.name for m in everything], name))
            names = [member for member in names if member in members]
            chosen = names[choose(names, wanted, name)]
            stream = archive.extractfile(members[chosen])
            found = stream.read(max_bytes) if stream is not None else b""
    except (tarfile.TarError, EOFError, OSError, OverflowError) as error:
        raise _damaged(name, error) from error
    return found, chosen, [m.name for m in everything if m.name != chosen]


def _problems(names: list[str]) -> list[str]:
    """Return the names that may be problems; all where none is."""
    kept = [name for name in names if not name.lower().endswith(_ASIDE)]
    return kept or names


def _damaged(name: str, error: Exception) -> FormatError:
    return FormatError(name, None, f"damaged archive ({error}); download the file again")
