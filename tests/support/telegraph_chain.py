"""The exact law of telegraph junctions that see each other at once, by a finite Markov chain.

p-bit i is up where its threshold u_i is below sigma(2 x_i(s)); only the bin of u_i between the
values that sigma takes matters. States are (bins, s). At rate 1/tau_i a bin is drawn anew with its
length as probability; p-bits are then compared in the order of the flips until all agree.
"""

from collections import deque

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

from pbit.exact import state_number, states


class TelegraphChain:
    def __init__(self, model, beta, tau=None):
        self.n = model.num_spins
        self.J = model.J.toarray()
        self.rates = np.ones(self.n) if tau is None else 1 / np.asarray(tau)
        up = 1 / (1 + np.exp(-2 * beta * model.field(states(self.n))))
        up = up.round(12)  # equal fields are equal
        self.edges = [np.unique(up[:, i]) for i in range(self.n)]
        self.rank = np.stack(
            [np.searchsorted(edges, up[:, i]) for i, edges in enumerate(self.edges)], axis=1
        )  # u_i in bin b is below the sigma of rank r where b <= r
        self.lengths = [np.diff(edges, prepend=0.0, append=1.0) for edges in self.edges]
        self._explore()

    def _settled(self, bins, s, first):
        """The state when all agree, after the bin of p-bit ``first`` has changed."""
        s = list(s)
        heard = deque()

        def compare(i):
            number = sum(1 << k for k in range(self.n) if s[k] > 0)
            new = 1 if bins[i] <= self.rank[number, i] else -1
            if new != s[i]:
                s[i] = new
                heard.append(i)

        compare(first)
        for _ in range(10000):
            if not heard:
                return tuple(s)
            j = heard.popleft()
            for i in range(self.n):
                if self.J[i, j]:
                    compare(i)
        raise RuntimeError("does not come to rest")

    def _explore(self):
        top = tuple(len(lengths) - 1 for lengths in self.lengths)
        start = (top, (-1,) * self.n)
        number, todo = {start: 0}, [start]
        rows, columns, rates = [], [], []
        while todo:
            bins, s = state = todo.pop()
            for i in range(self.n):
                for b, p in enumerate(self.lengths[i]):
                    new = (*bins[:i], b, *bins[i + 1 :])
                    then = new, self._settled(new, s, i)
                    if then not in number:
                        number[then] = len(number)
                        todo.append(then)
                    rows.append(number[state])
                    columns.append(number[then])
                    rates.append(p * self.rates[i])
        size = len(number)
        flow = sparse.coo_array((rates, (rows, columns)), shape=(size, size)).tocsr()
        self.generator = (flow - sparse.diags_array(flow.sum(axis=1))).tocsr()
        self.numbers = state_number([s for _, s in number])

    def stationary(self):
        """Law of the spins in the long run, shape (2**n,)."""
        size = self.generator.shape[0]
        # One state's probability put to 1, the others follow.
        balance = self.generator.T.tocsc()[1:]
        rest = spsolve(balance[:, 1:], -balance[:, [0]].toarray().ravel())
        p = np.concatenate([[1.0], np.atleast_1d(rest)]) if size > 1 else np.ones(1)
        return np.bincount(self.numbers, weights=p / p.sum(), minlength=2**self.n)
