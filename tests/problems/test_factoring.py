"""Factoring: every small number, certificates, reproducibility and the ends of a search."""

from dataclasses import replace
from itertools import product
from math import isqrt

import numpy as np
import pytest

from cases import of_all
from pbit.problems.factoring import Columns, Factoring, ProductCost, factor, shapes_of
from pbit.problems.factoring.primality import is_prime

# Semiprimes of 16 bits whose factors have 8 bits, and 64507 of widths 8 and 9.
HARDEST = 3643219747 * 3905417839  # 64 bits
SIXTEEN_BITS = [(131, 251), (181, 191), (197, 211), (223, 227), (239, 251), (251, 257)]


def divisors(n: int) -> list[int]:
    return [d for d in range(2, n) if n % d == 0]


def test_ground_states_are_the_factorisations_of_the_given_widths():
    found = {}
    for n, x, y in [(35, 3, 3), (49, 3, 3), (33, 2, 4), (27, 2, 4), (37, 3, 3), (45, 3, 4)]:
        problem = Factoring(n, x, y)
        if not problem.is_possible:
            found[n] = []
            continue
        num_spins = problem.model.num_spins
        states = np.array(list(product((-1, 1), repeat=num_spins)), dtype=np.int8)
        energies = problem.model.energy(states)
        ground = states[energies == problem.ground_energy]
        assert np.all(energies >= problem.ground_energy)
        assert all(problem.check(answer) for answer in problem.decode_reads(ground))
        found[n] = sorted(set(problem.decode_reads(ground)))
    assert found == {
        35: [(5, 7), (7, 5)],
        49: [(7, 7)],
        33: [(3, 11)],
        27: [(3, 9)],
        37: [],
        45: [(5, 9)],
    }


def test_check_wants_two_proper_factors():
    problem = Factoring(35, 3, 3)
    answers = [(5, 7), (7, 5), (1, 35), (35, 1), (-5, -7), (5, 5)]
    assert [problem.check(answer) for answer in answers] == [True, True, False, False, False, False]


def test_decoding_reads_off_x_and_y():
    problem = Factoring(64507, 8, 9)
    spins = problem.circuit.encode({"x_inner": (251 - 129) // 2, "y_inner": 0})
    assert problem.decode(spins) == (251, 257)
    assert problem.model.energy(spins) == problem.ground_energy


@of_all(range(9, 400, 2))
def test_shapes_cover_all_factors_and_no_trivial_one(n):
    shapes = shapes_of(n)
    assert len(set(shapes)) == len(shapes)
    for d in divisors(n):
        if d <= isqrt(n):
            assert (d.bit_length(), (n // d).bit_length()) in shapes
    assert all(2 <= x <= y < n.bit_length() for x, y in shapes)


def test_the_most_balanced_shape_comes_first():
    assert shapes_of(64507)[:4] == [(8, 8), (8, 9), (7, 9), (7, 10)]


METHODS = ("cost", "columns", "multiplier")


@pytest.mark.parametrize("method", METHODS)
def test_all_small_numbers(method):
    for n in range(1, 130 if method == "cost" else 70):
        result = factor(n, method=method, seed=n)
        if n == 1 or not divisors(n):
            assert result.factors is None
            assert result.reason == ("one" if n == 1 else "prime")
        else:
            x, y = result.factors
            assert 1 < x <= y < n and x * y == n
            assert result.reason == ("even" if n % 2 == 0 else "found")
            # The few bits of some numbers are all fixed by the widths.
            assert result.p_bits == 0 if n % 2 == 0 else result.method == method


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("p", "q"), SIXTEEN_BITS)
def test_sixteen_bits(p, q, method):
    result = factor(p * q, method=method, seed=1)
    assert result.factors == (p, q)
    assert result.shape == (p.bit_length(), q.bit_length())
    assert result.sweeps > 0 and result.updates > 100 and result.terms > 100
    kind = {"cost": ProductCost, "columns": Columns, "multiplier": Factoring}[method]
    problem = kind(p * q, *result.shape)
    assert (result.p_bits, result.terms) == (problem.model.num_spins, problem.num_terms)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [3 * 21841, 5 * 8191, 11 * 13 * 17 * 19, 945, 161, 6561])
def test_unbalanced_and_composite_numbers(n, method):
    x, y = factor(n, method=method, seed=2).factors
    assert x * y == n and 1 < x <= y


def test_24_bit_semiprimes_of_every_shape():
    """The most balanced ones, 3 times a prime, squares of primes and all between."""
    primes = [p for p in range(2**11, 2**12) if is_prime(p)][-40:]
    numbers = [p * q for p, q in zip(primes, reversed(primes), strict=True)]
    numbers += [p * p for p in primes[-10:]]
    for width in range(2, 12):
        p = next(p for p in range(2**width - 1, 2, -2) if is_prime(p))
        first = -(-(2**23) // p) | 1
        numbers.append(p * next(q for q in range(first, 2 * first, 2) if is_prime(q)))
    for n in numbers:
        result = factor(n, seed=n, time_limit_s=10)
        assert result.factors is not None, n
        assert result.factors[0] * result.factors[1] == n and n.bit_length() in (23, 24)


def test_a_48_bit_semiprime():
    assert factor(16777213 * 16777199, seed=1).factors == (16777199, 16777213)


@pytest.mark.parametrize("n", [3 * 5124095576030429, 19 * 0x1FFF_FFFF_FFFF, 7 * (2**61 - 1)])
def test_large_numbers_with_a_small_factor(n):
    x, y = factor(n, seed=3).factors
    assert x * y == n and 1 < x


@pytest.mark.parametrize(("method", "n"), [("cost", 4292870399), *[(m, 55973) for m in METHODS]])
def test_same_seed_same_result_on_any_number_of_threads(method, n):
    first, second, other = (
        replace(factor(n, method=method, seed=7, num_threads=threads), seconds=0.0)
        for threads in (1, 2, 3)
    )
    assert first == second == other
    assert factor(35).seed != factor(35).seed


@pytest.mark.parametrize("method", METHODS)
def test_time_limit_ends_a_search(method, hasty):
    result = factor(HARDEST, method=method, time_limit_s=0.3, seed=1)
    assert (result.factors, result.reason, result.shape) == (None, "time_limit", None)
    assert 0.25 < result.seconds < 0.5
    assert result.updates > 0 and result.p_bits >= 60


@pytest.mark.parametrize("method", METHODS)
def test_interrupt_ends_a_search(method):
    seen = []
    result = factor(
        HARDEST, method=method, seed=1, interrupt=lambda: len(seen) > 2, progress=seen.append
    )
    assert (result.factors, result.reason) == (None, "interrupted")
    assert seen[0].shape == (32, 32) and seen[0].p_bits == result.p_bits
    assert seen[-1].elapsed_s <= result.seconds and seen[0].method == method


def test_auto_is_the_cost_as_far_as_words_go():
    seen = []
    assert factor(35, seed=1).method == "cost"
    options = {"seed": 1, "interrupt": lambda: len(seen) > 1, "progress": seen.append}
    assert factor(HARDEST, **options).method == "cost"
    assert factor(3 * (2**65 + 13), **options).method == "multiplier"


@pytest.mark.parametrize("threads", [0, -1])
def test_no_threads_are_refused(threads):
    with pytest.raises(ValueError, match="num_threads must be >= 1"):
        factor(15, num_threads=threads)


def test_methods_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"method must be 'auto', 'cost', .* got 'sieve'"):
        factor(15, method="sieve")
    with pytest.raises(ValueError, match=r"at most 64 bits with method 'cost'.* got 67"):
        factor(2**67 - 1, method="cost")


@pytest.mark.parametrize("method", METHODS)
def test_a_prime_is_told_whatever_the_method(method):
    result = factor(2**67 - 19, method=method)
    assert (result.factors, result.reason, result.method) == (None, "prime", None)


def test_primality_agrees_with_the_definition():
    sieve = [n for n in range(3000) if n > 1 and all(n % d for d in range(2, isqrt(n) + 1))]
    assert [n for n in range(3000) if is_prime(n)] == sieve


@pytest.mark.parametrize(
    ("n", "prime"),
    [
        (2**61 - 1, True),
        (2**31 - 1, True),
        (2**67 - 1, False),
        (3215031751, False),  # strong pseudoprime to the bases 2, 3, 5 and 7
        (318665857834031151167461, False),  # to the first 12 primes
        (561, False),
    ],
)
def test_primality_of_hard_cases(n, prime):
    assert is_prime(n) is prime


def test_primality_is_not_claimed_beyond_the_proof():
    with pytest.raises(ValueError, match="n must be below 3317044064679887385961981 for a proof"):
        is_prime(3317044064679887385961981)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((64, 3, 4), "n must be odd, got 64; 2 is a factor"),
        ((7, 2, 2), "n must be >= 9, got 7"),
        ((35, 3, 5), "add up to 6 or 7 for the 6-bit number 35, got 3 and 5"),
        ((35, 5, 1), "must be >= 2 and add up to 6 or 7"),
    ],
)
def test_factoring_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        Factoring(*arguments)


def test_factor_refuses():
    with pytest.raises(TypeError, match=r"n must be an int, got 15\.0"):
        factor(15.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n must be >= 1, got 0"):
        factor(0)
    with pytest.raises(ValueError, match="time_limit_s must be > 0, got 0; None is no limit"):
        factor(15, time_limit_s=0)
    with pytest.raises(ValueError, match="seed must be >= 0"):
        factor(15, seed=-1)
