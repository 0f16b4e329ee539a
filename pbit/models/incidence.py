"""Terms site by site, as a kernel needs them: which terms a spin is in, and with whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from pbit.models.terms import FloatArray, IntArray, MemberArray, Terms, by_size, pointers_of


class Incidence(NamedTuple):
    """Terms of two bodies and more, by site: for each, its weight and the OTHER members.

    Terms of site i are ``site_ptr[i]:site_ptr[i + 1]``, smaller ones first; the others in term t
    are ``members[member_ptr[t]:member_ptr[t + 1]]``, rising. int64 (n + 1,), float64 (k,),
    int64 (k + 1,), int32.
    """

    site_ptr: IntArray
    weights: FloatArray
    member_ptr: IntArray
    members: MemberArray


def incidence_of(terms: Terms, num_spins: int) -> Incidence:
    """Incidence of canonical terms of two bodies and more.

    Examples
    --------
    >>> pair = Terms(np.array([0, 2]), np.array([0, 1], dtype=np.int32), np.array([2.0]))
    >>> incidence_of(pair, 2).members.tolist()
    [1, 0]
    """
    sizes = np.diff(terms.pointers)
    site_ptr, order = _by_site(terms.members, num_spins)
    member_ptr = pointers_of(np.repeat(sizes, sizes)[order] - 1)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    members = np.empty(int(member_ptr[-1]), dtype=np.int32)
    start = 0
    for rows, _ in by_size(terms):
        k = rows.shape[1]
        columns = np.arange(k)
        others = np.nonzero(columns[:, None] != columns)[1].reshape(k, k - 1)
        targets = member_ptr[place[start : start + rows.size]]
        members[targets[:, None] + columns[:-1]] = rows[:, others].reshape(-1, k - 1)
        start += rows.size
    return Incidence(site_ptr, np.repeat(terms.weights, sizes)[order], member_ptr, members)


def _by_site(sites: MemberArray, num_spins: int) -> tuple[IntArray, IntArray]:
    """Where each site's entries begin, and the entries by site, in order."""
    numbers = np.arange(sites.size + 1)
    shape = (sites.size, num_spins)
    # The transposition of a sparse matrix is a counting sort.
    entries = sparse.csr_array((numbers[:-1], sites, numbers), shape=shape).tocsc()
    return entries.indptr.astype(np.int64), entries.data
