"""What every reader returns: the entries or terms of one problem file, not yet a model."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue

Kind = Literal["graph", "qubo", "ising"]
TermKind = Literal["hubo", "hising"]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Contents(ByValue):
    """Entries of a problem file; an entry with `rows == cols` is linear.

    The meaning depends on `kind`:

    - "graph": a weighted graph; the caller chooses (max-cut or Ising), diagonal entries are
      vertex fields;
    - "qubo":  E = offset + Σ v x_row x_col over the listed entries, x ∈ {0, 1};
    - "ising": E = offset + Σ_diag v s_i + Σ_offdiag v s_i s_j, s ∈ {-1, +1} (dimod's sign).

    Parameters
    ----------
    kind : {"graph", "qubo", "ising"}
        See above.
    num_variables : int
        Number of variables, including those in no entry.
    rows, cols : int64 array, shape (num_entries,)
        0-based indices. Entries that are listed twice stay here twice; the model adds them up.
    values : float64 array, shape (num_entries,)
        Weights.
    offset : float
        Constant term of the energy.
    labels : sequence, length num_variables
        What the file calls its variables; `range(num_variables)` if left out.
    format : str
        Name of the format, a key of `pbit.formats.FORMATS`.
    name : str
        The file as the user knows it.
    notes : tuple of str
        Things that the user should be told.
    maximise : bool
        For a QUBO whose file says so: the objective is -E and more of it is better.

    Examples
    --------
    >>> Contents(kind="graph", num_variables=2, rows=np.array([0]), cols=np.array([1]),
    ...          values=np.array([1.0])).labels
    range(0, 2)
    """

    kind: Kind
    num_variables: int
    rows: Ints
    cols: Ints
    values: Floats
    offset: float = 0.0
    labels: Sequence[Hashable] = range(0)
    format: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()
    maximise: bool = False

    def __post_init__(self) -> None:
        if len(self.labels) == 0:
            object.__setattr__(self, "labels", range(self.num_variables))


@dataclass(frozen=True, eq=False, kw_only=True)
class TermContents(ByValue):
    """Terms of a problem file with products of any number of variables.

    ``E = offset + Σ_t values[t] Π members[pointers[t]:pointers[t + 1]]`` (dimod's sign), over bits
    x ∈ {0, 1} where `kind` is "hubo" and over spins s ∈ {-1, +1} where it is "hising".

    Parameters
    ----------
    kind : {"hubo", "hising"}
        See above.
    num_variables : int
        Number of variables, including those in no term.
    pointers : int64 array, shape (num_terms + 1,)
        Where the members of each term begin; rises from 0.
    members : int64 array, shape (pointers[num_terms],)
        0-based indices, as the file has them: repeated ones and repeated terms stay.
    values : float64 array, shape (num_terms,)
        Weights.
    offset : float
        Constant term of the energy, terms without members included.
    labels, format, name, notes
        As for `Contents`.

    Examples
    --------
    >>> TermContents(kind="hubo", num_variables=3, pointers=np.array([0, 3]),
    ...              members=np.array([0, 1, 2]), values=np.array([1.0])).degree
    3
    """

    kind: TermKind
    num_variables: int
    pointers: Ints
    members: Ints
    values: Floats
    offset: float = 0.0
    labels: Sequence[Hashable] = range(0)
    format: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.labels) == 0:
            object.__setattr__(self, "labels", range(self.num_variables))

    @property
    def degree(self) -> int:
        """Most members of a term; 0 without terms."""
        return int(np.diff(self.pointers).max(initial=0))


@dataclass(frozen=True, eq=False, kw_only=True)
class ClauseContents(ByValue):
    """Clauses over variables 1..n: the literal -v is true where variable v is false.

    Parameters
    ----------
    kind : {"cnf", "wcnf"}
        Every clause counts alike, or each has a weight or is hard.
    num_variables : int
        Number of variables, including those in no clause.
    pointers : int64 array, shape (num_clauses + 1,)
        Where the literals of each clause begin; rises from 0.
    literals : int64 array, shape (pointers[num_clauses],)
        1..n or -n..-1, as the file has them.
    values : float64 array, shape (num_clauses,)
        Weights, 0 for hard clauses.
    hard : bool array, shape (num_clauses,)
        Clauses that must be true; none in a "cnf".
    labels, format, name, notes
        As for `Contents`.
    """

    kind: Literal["cnf", "wcnf"]
    num_variables: int
    pointers: Ints
    literals: Ints
    values: Floats
    hard: Bools
    labels: Sequence[Hashable] = range(0)
    format: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_entries(self) -> int:
        """Entries that the file takes in memory."""
        return int(self.literals.size + self.values.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class DistanceContents(ByValue):
    """Distances between cities.

    Parameters
    ----------
    kind : {"tsp"}
        The shortest tour is asked for.
    num_variables : int
        Number of cities.
    values : float64 array, shape (n, n)
        Distance from the city of the row to that of the column, 0 on the diagonal.
    labels, format, name, notes
        As for `Contents`.
    """

    kind: Literal["tsp"]
    num_variables: int
    values: Floats
    labels: Sequence[Hashable] = range(0)
    format: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def num_entries(self) -> int:
        """Entries that the file takes in memory."""
        return int(self.values.size)


class VoteTable(NamedTuple):
    """How the states before a pass are read from those after it; see `pbit.graphs.Votes`."""

    name: str
    pointers: Ints
    members: Ints
    signs: npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False, kw_only=True)
class CompiledContents(ByValue):
    """A network that stands for a problem, how its states are read, and the problem itself.

    ``E = offset - Σ h s - Σ values s_row s_col``, s ∈ {-1, +1}: our sign, J > 0 ferromagnetic.

    Parameters
    ----------
    num_variables : int
        Number of p-bits.
    rows, cols : int64 array, shape (num_couplings,)
        0-based p-bits, no pair with itself.
    values : float64 array, shape (num_couplings,)
        Couplings.
    h : float64 array, shape (num_variables,)
        Biases.
    offset : float
        Constant term of the energy.
    labels : sequence, length num_variables
        What the machine calls its p-bits.
    votes : tuple of VoteTable
        Passes, the one next to the problem first; decoding starts with the last.
    source : Contents, TermContents or ClauseContents
        The problem.
    problem : str, optional
        What a graph or clauses are meant to be.
    ising_sign : {"minus", "plus"}
        As for `pbit.problems.core.reading.problem_of`.
    report : list of [str, dict]
        What the passes said: plain data for people, nothing is computed from it.
    format, name, notes
        As for `Contents`.
    """

    num_variables: int
    rows: Ints
    cols: Ints
    values: Floats
    h: Floats
    offset: float
    votes: tuple[VoteTable, ...]
    source: Contents | TermContents | ClauseContents
    problem: str | None = None
    ising_sign: str = "minus"
    report: Sequence[Any] = ()
    labels: Sequence[Hashable] = range(0)
    format: str = "compiled"
    name: str = ""
    notes: tuple[str, ...] = ()
    kind: Literal["compiled"] = "compiled"

    def __post_init__(self) -> None:
        if len(self.labels) == 0:
            object.__setattr__(self, "labels", range(self.num_variables))


AnyContents = Contents | TermContents | ClauseContents | DistanceContents | CompiledContents
