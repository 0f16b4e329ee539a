"""Constrained problems of dimod: `cqm.to_file()`, read by dimod itself."""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pbit.by_value import ByValue
from pbit.formats.contents import Contents
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.inflation import Budget
from pbit.formats.parts import first_repeated
from pbit.formats.selection import refuse_instance
from pbit.formats.zip import Zip

CQM = "cqm"
_MAGIC = b"DIMODCQM"
_MEMBER = re.compile(
    r"varinfo|variable_labels\.json|objective|constraints/.+/(?:lhs|rhs|sense|weight|penalty|discrete)"
)


@dataclass(frozen=True, eq=False, kw_only=True)
class CqmContents(ByValue):
    """A constrained quadratic model.

    Parameters
    ----------
    cqm : dimod.ConstrainedQuadraticModel
        Minimised.
    maximise : bool
        Whether the file asks for the largest value of minus the objective of `cqm`.
    objective_name : str
        What the file calls its objective.
    format, name, notes
        As for `Contents`.
    places : mapping
        Line and column of ``("variable", label)`` and ``("constraint", label)``, where the file
        has them.
    """

    kind: ClassVar[str] = "cqm"
    cqm: Any
    maximise: bool = False
    objective_name: str = "objective"
    format: str = CQM
    name: str = ""
    notes: tuple[str, ...] = ()
    places: Mapping[tuple[str, Hashable], tuple[int, int]] = field(default_factory=dict)
    num_variables: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "num_variables", len(self.cqm.variables))


def is_cqm(data: bytes) -> bool:
    """Return whether these bytes are a file of `cqm.to_file()`."""
    return data.startswith(_MAGIC)


def read_cqm(
    data: bytes, name: str, wanted: str | None = None, *, max_bytes: int = 2**32
) -> CqmContents:
    """Return the model of a file of `cqm.to_file()`.

    Raises
    ------
    FormatError
        Damaged data, more than `max_bytes` when inflated, no variables, or an instance wanted.
    """
    import dimod

    refuse_instance(wanted, name)
    archive, budget = Zip(data, name, "dimod CQM file"), Budget(name, max_bytes, "zip")
    _check_members(archive.names, name)
    for index in range(len(archive.names)):
        archive.spend(index, budget)
    try:
        cqm = dimod.ConstrainedQuadraticModel.from_file(data)
    except Exception as error:  # dimod raises whatever damaged bytes lead it to
        raise FormatError(
            name, None, f"damaged dimod CQM file ({error}); write it again"
        ) from error
    return _checked(CqmContents(cqm=cqm, format=CQM, name=name))


def _check_members(members: list[str], name: str) -> None:
    """Check that nothing is in the container but what dimod reads, each once."""
    foreign = next((member for member in members if not _MEMBER.fullmatch(member)), None)
    foreign = foreign or first_repeated(members)
    if foreign is not None:
        raise FormatError(
            name, None, f"holds {shown(foreign)}, expected what dimod writes and each once"
        )


def _checked(contents: CqmContents) -> CqmContents:
    if not contents.num_variables:
        raise FormatError(
            contents.name, None, "the model has no variables, expected at least one; is it cut off?"
        )
    return contents


def model_of(contents: Contents | CqmContents) -> Any:
    """Return a dimod CQM: the one there is, or one without constraints.

    Raises
    ------
    ValueError
        A graph, which has no energy.
    """
    import dimod

    if isinstance(contents, CqmContents):
        return contents.cqm
    if contents.kind not in ("qubo", "ising"):
        raise ValueError(f"kind must be qubo or ising for a CQM, got {contents.kind}; convert it")
    bqm = dimod.BinaryQuadraticModel(dimod.SPIN if contents.kind == "ising" else dimod.BINARY)
    labels = list(contents.labels)
    for label in labels:
        bqm.add_variable(label)
    entries = zip(
        contents.rows.tolist(), contents.cols.tolist(), contents.values.tolist(), strict=True
    )
    for row, col, value in entries:
        if row == col:
            bqm.add_linear(labels[row], value)
        else:
            bqm.add_quadratic(labels[row], labels[col], value)
    bqm.offset = contents.offset
    return dimod.ConstrainedQuadraticModel.from_bqm(bqm)


def render_cqm(contents: Contents | CqmContents) -> Iterator[bytes]:
    """Yield the bytes of `cqm.to_file()`.

    Raises
    ------
    ValueError
        A graph, which has no energy.
    """
    with model_of(contents).to_file() as stream:
        yield stream.read()


FORMAT = Format(
    name=CQM,
    what="dimod: cqm.to_file()",
    read=read_cqm,
    several=True,
    write=render_cqm,
    holds=Holds(kinds=("cqm", "qubo", "ising"), labels=True, offset=True, repeats=False),
    signs=(Sign(Stage.BYTES, 10, lambda sample: is_cqm(sample.data)),),  # before other DIMOD files
    endings=(".cqm",),
    rank=160,
)
