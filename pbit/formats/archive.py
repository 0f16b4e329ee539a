"""Archives of problem files, tar and zip: one member is read, none is written to the disk."""

from pbit.formats.errors import FormatError
from pbit.formats.inflation import Budget
from pbit.formats.selection import choose
from pbit.formats.source import inflated
from pbit.formats.tar import is_tar, members
from pbit.formats.zip import Zip, is_npz, is_zip

_MAX_NESTING = 3
# A member of these endings is no problem; archives of instances carry them along.
_ASIDE = (".md", ".sol", ".opt", ".py", ".license")


def unpack(
    data: bytes, name: str, wanted: str | None, *, max_bytes: int
) -> tuple[bytes, str, str | None]:
    """Return the bytes and the name of the member `wanted`, and what is to be chosen inside it.

    `MEMBER#INSTANCE` chooses further inside; data that are no archive come back as they are.

    Raises
    ------
    FormatError
        A damaged archive, no such member, or one that is larger than `max_bytes`.
    """
    for _ in range(_MAX_NESTING):
        kind = _kind(data)
        if kind is None:
            return data, name, wanted
        member, _, rest = (wanted or "").partition("#")
        take = _from_tar if kind == "tar" else _from_zip
        found, chosen = take(data, name, member or None, max_bytes)
        name, wanted = f"{name}#{chosen}", rest or None
        data = inflated(found, name, max_bytes=max_bytes)
    raise FormatError(name, None, f"archives nest more than {_MAX_NESTING} deep; unpack some")


def _kind(data: bytes) -> str | None:
    if is_tar(data):
        return "tar"
    if is_zip(data) and not is_npz(data):
        return "zip"
    return None


def _from_zip(data: bytes, name: str, wanted: str | None, max_bytes: int) -> tuple[bytes, str]:
    archive = Zip(data, name)
    names = archive.names
    index = _chosen(names, wanted, name)
    budget = Budget(f"{name}#{names[index]}", max_bytes, "zip")
    return archive.member(index, budget), names[index]


def _from_tar(data: bytes, name: str, wanted: str | None, max_bytes: int) -> tuple[bytes, str]:
    found = {member.name: member.data for member in members(data, name)}
    names = list(found)
    chosen = names[_chosen(names, wanted, name)]
    return bytes(found[chosen]), chosen


def _chosen(names: list[str], wanted: str | None, name: str) -> int:
    """Return the index of the wanted one among the names that may be problems, all if none is."""
    kept = [k for k, known in enumerate(names) if not known.lower().endswith(_ASIDE)]
    kept = kept or list(range(len(names)))
    return kept[choose([names[k] for k in kept], wanted, name)]
