"""The referee of constrained problems: every state and every answer of small instances."""

import itertools

import numpy as np


def all_states(n):
    return 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.int8) - 1


def all_answers(domain, n):
    return [np.array(values, dtype=np.int64) for values in itertools.product(domain, repeat=n)]


def check_problem(
    problem, answers, feasible, worth, *, only_answers=True, downhill=True, always=False
):
    """Hold a problem to the protocol; `feasible` and `worth` are the plain rules, of a tuple.

    With `only_answers` the ground states are exactly the encoded best answers; without (a model
    with ancillas) they decode to them. `downhill`: no repair costs energy. `always`: every state
    decodes to a feasible answer.
    Returns the best worth, None if nothing is feasible.
    """
    states = all_states(problem.model.num_spins)
    energies = np.asarray(problem.model.energy(states))
    by_state = dict(zip(map(bytes, states), energies, strict=True))
    good = []
    for answer in answers:
        assert problem.check(answer) == feasible(tuple(answer.tolist())), answer
        assert problem.check(answer) == (not problem.violations(answer))
        if feasible(tuple(answer.tolist())):
            good.append(answer)
            assert problem.objective(answer) == worth(tuple(answer.tolist()))
            state = problem.encode(answer)
            said = problem.energy_of(problem.objective(answer))
            assert abs(by_state[state.tobytes()] - said) < 1e-9
            assert said <= _lowest_that_says(problem, answer, by_state) + 1e-9
            again = problem.decode(state)
            assert problem.check(again)
            assert problem.energy_of(problem.objective(again)) <= said + 1e-9
    lowest = energies.min()
    ground = states[energies <= lowest + 1e-9]
    for state, energy in zip(states, energies, strict=True):
        answer = problem.decode(state)
        assert answer.dtype == np.int64
        problem.answer(answer)  # whatever it says, it is an answer
        is_good = problem.check(answer)
        assert is_good or not always, state
        if downhill and is_good:
            assert problem.energy_of(problem.objective(answer)) <= energy + 1e-9
    if not good:
        return None
    best = (max if problem.maximise else min)(problem.objective(answer) for answer in good)
    assert abs(lowest - problem.energy_of(best)) < 1e-9
    found = {tuple(problem.decode(state).tolist()) for state in ground}
    optimal = {tuple(a.tolist()) for a in good if abs(problem.objective(a) - best) < 1e-9}
    assert found <= optimal
    if only_answers:
        encoded = {problem.encode(np.array(answer)).tobytes() for answer in optimal}
        assert {state.tobytes() for state in ground} == encoded
    return best


def _lowest_that_says(problem, answer, by_state):
    """The energy of the encoded state: no state of the same decoded answer lies below it."""
    return by_state[problem.encode(answer).tobytes()]
