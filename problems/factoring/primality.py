"""A proof of primality, so that a prime gets a plain answer instead of a search."""

from __future__ import annotations

from pbit.checks import ArgumentError

# The first 13 primes decide primality of every n below this bound: Sorenson and Webster,
# Math. Comp. 86, 985 (2017).
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
WITNESS_BOUND = 3_317_044_064_679_887_385_961_981


def is_prime(n: int) -> bool:
    """Whether n is prime: the deterministic Miller-Rabin test.

    Raises
    ------
    ValueError
        n beyond the proven range, about 3.3e24.
    """
    if n >= WITNESS_BOUND:
        raise ArgumentError("n", f"must be below {WITNESS_BOUND} for a proof of primality", n)
    if n < 2 or n in _WITNESSES:
        return n in _WITNESSES
    if n % 2 == 0:
        return False
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    return all(_passes(n, witness, twos) for witness in _WITNESSES)


def _passes(n: int, witness: int, twos: int) -> bool:
    power = pow(witness, (n - 1) >> twos, n)
    if power in (1, n - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % n
        if power == n - 1:
            return True
    return False
