"""Constrained problems of dimod: LP files and `cqm.to_file()`, both read by dimod itself."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pbit.formats.contents import Contents
from pbit.formats.errors import FormatError, shown
from pbit.formats.format import Format, Holds, Sign, Stage
from pbit.formats.parts import first_repeated
from pbit.formats.selection import refuse_instance
from pbit.formats.tokens import Body, clean, first_line, whole

LP, CQM = "lp", "cqm"
_MAGIC = b"DIMODCQM"
# dimod leaves an empty objective out.
_SENSE = re.compile(rb"(?:min|max)(?:imi[sz]e|imum)?\b|subject[ \t]+to\b", re.IGNORECASE)
_MEMBER = re.compile(
    r"varinfo|variable_labels\.json|objective|constraints/.+/(?:lhs|rhs|sense|weight|penalty|discrete)"
)
_LP_COMMENT = re.compile(rb"\\[^\n]*")


@dataclass(frozen=True, eq=False, kw_only=True)
class CqmContents:
    """A constrained quadratic model.

    Parameters
    ----------
    cqm : dimod.ConstrainedQuadraticModel
        Minimised.
    maximise : bool
        Whether the file asks for the largest value of minus the objective of `cqm`.
    format, name, notes
        As for `Contents`.
    """

    kind: ClassVar[str] = "cqm"
    cqm: Any
    maximise: bool = False
    format: str = LP
    name: str = ""
    notes: tuple[str, ...] = ()
    num_variables: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "num_variables", len(self.cqm.variables))


def is_cqm(data: bytes) -> bool:
    """Return whether these bytes are a file of `cqm.to_file()`."""
    return data.startswith(_MAGIC)


def looks_like_lp(body: Body) -> bool:
    """Return whether the first line, comments in LP's own way left out, names a sense.

    Examples
    --------
    >>> looks_like_lp(whole(b"\\\\ made by hand\\nMaximize\\n obj: x\\nEnd\\n", "a.lp"))
    True
    """
    found = _without_comments(body.data).lstrip()
    match = _SENSE.match(found)
    return match is not None and found[match.end() : match.end() + 1] in (b"", b"\n", b" ", b"\t")


def _without_comments(text: bytes) -> bytes:
    return _LP_COMMENT.sub(b"", text)


def read_lp(data: bytes, name: str) -> CqmContents:
    """Return the model of an LP file.

    Raises
    ------
    FormatError
        dimod cannot read it, or it has no variables.
    """
    import dimod

    body = whole(clean(data, name), name)
    if not looks_like_lp(body):
        line = first_line(body)
        raise FormatError(name, line.number, "expected 'Minimize' or 'Maximize' at the beginning")
    text = _without_comments(body.data)
    try:
        cqm = dimod.lp.loads(text.decode("ascii"))
    except UnicodeDecodeError as error:
        line_number = text.count(b"\n", 0, error.start) + 1
        raise FormatError(name, line_number, "not ASCII, as LP files are; rename it") from error
    except Exception as error:  # dimod's reader is in C++ and raises what it meets
        raise FormatError(
            name, None, f"dimod cannot read this LP file ({error}); see its documentation"
        ) from error
    maximise = text.lstrip()[:3].lower() == b"max"
    notes = ("a maximisation: the energy falls as the objective rises",) if maximise else ()
    return _checked(CqmContents(cqm=cqm, maximise=maximise, format=LP, name=name, notes=notes))


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
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            _check_members(archive.namelist(), name)
        if total > max_bytes:
            raise FormatError(
                name, None, f"inflates to more than max_bytes = {max_bytes} bytes; raise it"
            )
        cqm = dimod.ConstrainedQuadraticModel.from_file(data)
    except FormatError:
        raise
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


def render_lp(contents: Contents | CqmContents) -> Iterator[str]:
    """Yield an LP file, as dimod writes it; numbers as labels become names `x1`.

    Raises
    ------
    ValueError
        What LP files cannot hold, spins and labels of other characters among it.
    """
    import dimod

    cqm = model_of(contents)
    if all(isinstance(label, int) for label in cqm.variables):
        cqm = cqm.relabel_variables({v: f"x{v}" for v in cqm.variables}, inplace=False)
    maximise = contents.maximise
    if maximise:
        cqm = dimod.ConstrainedQuadraticModel.from_file(cqm.to_file())
        cqm.set_objective(_negated(cqm.objective))
    text = dimod.lp.dumps(cqm)
    if maximise:
        text = text.replace("Minimize", "Maximize", 1)
    yield text


def _negated(objective: Any) -> list[tuple[Any, ...]]:
    """Return the terms of minus an objective, those of bias 0 included."""
    linear = [(v, -float(objective.get_linear(v))) for v in objective.variables]
    products = [(u, v, -float(bias)) for u, v, bias in objective.iter_quadratic()]
    return [*linear, *products, (-float(objective.offset),)]


def render_cqm(contents: Contents | CqmContents) -> Iterator[bytes]:
    """Yield the bytes of `cqm.to_file()`.

    Raises
    ------
    ValueError
        A graph, which has no energy.
    """
    with model_of(contents).to_file() as stream:
        yield stream.read()


LP_FORMAT = Format(
    name=LP,
    what="LP file, read by dimod: linear constraints, integers with bounds",
    read=read_lp,
    write=render_lp,
    holds=Holds(kinds=("qubo", "cqm"), labels=True, offset=True, sense=True, repeats=False),
    signs=(Sign(Stage.TEXT, 50, lambda sample: looks_like_lp(sample.body)),),
    endings=(".lp",),
    rank=150,
)
CQM_FORMAT = Format(
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
