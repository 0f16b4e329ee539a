"""Archives of problem files, tar and zip: one member is read, none is written to the disk."""

from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.inflation import Budget
from pbit.formats.parts import first_repeated, listed
from pbit.formats.selection import choose
from pbit.formats.source import inflated
from pbit.formats.tar import is_tar, members
from pbit.formats.zip import Zip, is_npz, is_zip

_MAX_NESTING = 3
# A member of these endings is no problem; archives of instances carry them along.
_ASIDE = (".md", ".sol", ".opt", ".py", ".license")


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
        data = inflated(found, name, max_bytes=max_bytes)
    raise FormatError(name, None, f"archives nest more than {_MAX_NESTING} deep; unpack some")


def _kind(data: bytes) -> str | None:
    if is_tar(data):
        return "tar"
    if is_zip(data) and not is_npz(data):
        return "zip"
    return None


_Found = tuple[bytes, str, list[str]]


def _from_zip(data: bytes, name: str, wanted: str | None, max_bytes: int) -> _Found:
    archive = Zip(data, name)
    names = _once(archive.names, name)
    index = _chosen(names, wanted, name)
    budget = Budget(f"{name}#{names[index]}", max_bytes, "zip")
    others = [*names[:index], *names[index + 1 :]]
    return archive.member(index, budget), names[index], others


def _from_tar(data: bytes, name: str, wanted: str | None, max_bytes: int) -> _Found:
    everything = list(members(data, name))
    _once([member.name for member in everything], name)
    files = {member.name: member.data for member in everything if member.data is not None}
    names = list(files)
    chosen = names[_chosen(names, wanted, name)]
    return bytes(files[chosen]), chosen, [m.name for m in everything if m.name != chosen]


def _once(names: list[str], name: str) -> list[str]:
    twice = first_repeated(names)
    if twice is not None:
        raise FormatError(
            name, None, f"holds {shown(twice)} twice, expected each member once; rename one"
        )
    return names


def _chosen(names: list[str], wanted: str | None, name: str) -> int:
    """Return the index of the wanted one among the names that may be problems, all if none is."""
    kept = [k for k, known in enumerate(names) if not known.lower().endswith(_ASIDE)]
    kept = kept or list(range(len(names)))
    return kept[choose([names[k] for k in kept], wanted, name)]
