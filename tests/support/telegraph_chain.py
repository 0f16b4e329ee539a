"""The exact law of telegraph junctions that see each other at once, by a finite Markov chain.

p-bit i is up where its threshold u_i is below sigma(2 x_i(s)); only the bin of u_i between the
values that sigma takes matters. States are (bins, s). At rate 1/tau_i a bin is drawn anew with its
length as probability; p-bits are then compared in the order of the flips until all agree.
"""

from collections import deque

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import expm_multiply, spsolve

from pbit.exact import state_number, states


class TelegraphChain:
    def __init__(self, model, beta, tau=None, *, start=None):
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
        top = tuple(len(lengths) - 1 for lengths in self.lengths)
        self.start = {} if start is None else self._given(tuple(start))
        self._explore([(top, (-1,) * self.n), *self.start])

    def _given(self, s):
        """Law of the bins given that every p-bit agrees with spins s."""
        rank = self.rank[sum(1 << k for k in range(self.n) if s[k] > 0)]
        law = {(): 1.0}
        for i, lengths in enumerate(self.lengths):
            agrees = (np.arange(len(lengths)) <= rank[i]) == (s[i] > 0)
            odds = lengths * agrees / (lengths * agrees).sum()
            law = {(*b, k): p * q for b, p in law.items() for k, q in enumerate(odds) if q}
        return {(bins, s): p for bins, p in law.items()}

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

    def _explore(self, starts):
        number = {state: k for k, state in enumerate(dict.fromkeys(starts))}
        todo = list(number)
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
        self.first = np.array([self.start.get(state, 0.0) for state in number])

    def after(self, *times):
        """Joint law of the spins at these times from ``start`` on, shape (2**n,) * len(times)."""
        step = np.eye(2**self.n)[self.numbers]
        paths, since = self.first[None], 0.0
        for t in times:
            moved = expm_multiply(self.generator.T * (t - since), paths.T).T
            paths, since = (moved[:, None] * step.T).reshape(-1, moved.shape[1]), t
        return paths.sum(axis=1).reshape((2**self.n,) * len(times))

    def stationary(self):
        """Law of the spins in the long run, shape (2**n,)."""
        size = self.generator.shape[0]
        # One state's probability put to 1, the others follow.
        balance = self.generator.T.tocsc()[1:]
        rest = spsolve(balance[:, 1:], -balance[:, [0]].toarray().ravel())
        p = np.concatenate([[1.0], np.atleast_1d(rest)]) if size > 1 else np.ones(1)
        return np.bincount(self.numbers, weights=p / p.sum(), minlength=2**self.n)
