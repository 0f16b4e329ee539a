"""Networks that people know: the chest clinic, the burglar alarm, and the genes of a family."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.bayes.exact import exact_table
from pbit.problems.bayes.network import BayesianNetwork, Node


def _binary(yes: float) -> list[float]:
    return [1 - yes, yes]


def asia() -> BayesianNetwork:
    """The chest clinic, eight nodes: a visit to Asia, smoking, three diseases, two signs.

    "either" is tuberculosis or lung cancer, a table of zeros and ones.

    References
    ----------
    Lauritzen, Spiegelhalter, J. R. Stat. Soc. B 50, 157 (1988), table 1.

    Examples
    --------
    >>> asia().num_nodes
    8
    """
    return BayesianNetwork.from_tables(
        {
            "asia": ((), _binary(0.01)),
            "smoke": ((), _binary(0.5)),
            "tub": (("asia",), [_binary(0.01), _binary(0.05)]),
            "lung": (("smoke",), [_binary(0.01), _binary(0.1)]),
            "bronc": (("smoke",), [_binary(0.3), _binary(0.6)]),
            "either": (
                ("tub", "lung"),
                [[_binary(0), _binary(1)], [_binary(1), _binary(1)]],
            ),
            "xray": (("either",), [_binary(0.05), _binary(0.98)]),
            "dysp": (
                ("bronc", "either"),
                [[_binary(0.1), _binary(0.7)], [_binary(0.8), _binary(0.9)]],
            ),
        }
    )


def earthquake() -> BayesianNetwork:
    """The burglar alarm, five nodes: burglary and earthquake set it off, John and Mary call.

    References
    ----------
    Pearl, Probabilistic Reasoning in Intelligent Systems (1988); numbers of Korb, Nicholson,
    Bayesian Artificial Intelligence (2010), section 2.5.

    Examples
    --------
    >>> earthquake().num_nodes
    5
    """
    return BayesianNetwork.from_tables(
        {
            "burglary": ((), _binary(0.01)),
            "earthquake": ((), _binary(0.02)),
            "alarm": (
                ("burglary", "earthquake"),
                [[_binary(0.001), _binary(0.29)], [_binary(0.94), _binary(0.95)]],
            ),
            "john": (("alarm",), [_binary(0.05), _binary(0.9)]),
            "mary": (("alarm",), [_binary(0.01), _binary(0.7)]),
        }
    )


def family(parents: Mapping[Hashable, tuple[Hashable, ...]]) -> BayesianNetwork:
    r"""The genes of a family: a p-bit a person, which is that of one of the parents.

    With parents f and m a child is +1 with probability :math:`(2 + s_f + s_m) / 4`: a p-bit with
    one strong coupling to both, which follows them where they agree and is a fair coin where they
    do not. So :math:`\langle s_a s_b \rangle` is the relatedness of a and b: 1/2 for parent and
    child and for siblings, 1/4 for grandparents, half-siblings and aunts, 1/8 for first cousins.

    Parameters
    ----------
    parents : mapping of person to parents
        Two, one (the other is not among the family) or none.

    Raises
    ------
    ValueError
        More than two parents, one person twice, a parent who is nobody, somebody's own ancestor.

    References
    ----------
    Faria, Kaiser, Camsari, Datta, Front. Comput. Neurosci. 15, 584797 (2021), fig. 4.

    Examples
    --------
    >>> people = family({"f": (), "m": (), "a": ("f", "m"), "b": ("f", "m")})
    >>> relatedness(people, "a", "b"), relatedness(people, "f", "m")
    (0.5, 0.0)
    """
    tables: dict[int, npt.ArrayLike] = {
        0: _binary(0.5),
        1: [_binary(0.25), _binary(0.75)],
        2: [[_binary(0), _binary(0.5)], [_binary(0.5), _binary(1)]],
    }
    for person, known in parents.items():
        if len(known) > 2:
            raise ArgumentError("parents", "must be two at most", got=f"{len(known)} of {person!r}")
    return BayesianNetwork.from_tables(
        {person: (known, tables[len(known)]) for person, known in parents.items()}
    )


def relatedness(network: BayesianNetwork, a: Node, b: Node) -> float:
    r"""Exact :math:`\langle s_a s_b \rangle`: how many genes two people of a family share.

    Raises
    ------
    ValueError
        Somebody who is not of the family, one person twice.
    """
    table = exact_table(network, (a, b))
    return float(table[0, 0] + table[1, 1] - table[0, 1] - table[1, 0])
