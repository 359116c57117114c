"""The random numbers of many seeds at once: to the bit those of `np.random.default_rng`.

NumPy makes one generator after another, and making one takes longer than many a change to a
small picture. Here the two algorithms behind it run for a whole batch: `SeedSequence` (O'Neill,
"Developing a seed_seq Alternative", 2015) and PCG64 (O'Neill, "PCG: A Family of Simple Fast
Space-Efficient Statistically Good Algorithms for Random Number Generation", 2014, XSL-RR
128/64). NumPy keeps both as they are (NEP 19); a test holds the two equal.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

WORDS = 4  # 32-bit numbers of a seed
_ALL_128 = (1 << 128) - 1
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
_HALF, _LOW_HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_MIX_LEFT, _MIX_RIGHT, _SHIFT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715), np.uint32(16)


def _hash_constants(first: int, factor: int, count: int) -> np.ndarray:
    """uint32 (count, 1): what SeedSequence's hash goes through, whatever it hashes."""
    constants = [first]
    for _ in range(count - 1):
        constants.append(constants[-1] * factor & 0xFFFFFFFF)
    return np.array(constants, np.uint32)[:, None]


_TAKEN_IN = _hash_constants(0x43B0D7E5, 0x931E8875, 4 + 12 + 1)
_GIVEN_OUT = _hash_constants(0x8B51F9DD, 0x58F38DED, 8 + 1)


def random_numbers(seeds: np.ndarray, places: Sequence[int]) -> np.ndarray:
    """Chosen random numbers of each seed.

    Args:
        seeds: uint32 (N, 4).
        places: Which of each seed's numbers are wanted, counted from 0.

    Returns:
        float64 (N, len(places)), 0 or more and below 1: in row `i` what
        `np.random.default_rng(tuple(seeds[i])).random(…)` has at these places.
    """
    start_high, start_low, odd_high, odd_low = _seeded(seeds)[:, :, None]
    odd_high = odd_high << np.uint64(1) | odd_low >> np.uint64(63)
    odd_low = odd_low << np.uint64(1) | np.uint64(1)
    by_start, by_odd = _jumps(tuple(places))
    high, low = _times(start_high, start_low, by_start)
    more_high, more_low = _times(odd_high, odd_low, by_odd)
    low = low + more_low
    high = high + more_high + (low < more_low)
    turn, folded = high >> np.uint64(58), high ^ low
    made = folded >> turn | folded << (-turn & np.uint64(63))
    return (made >> np.uint64(11)) * (1 / 2**53)


def _seeded(seeds: np.ndarray) -> np.ndarray:
    """uint64 (4, N): SeedSequence's first four numbers for each seed."""
    pool = _hashed(seeds.T, _TAKEN_IN[:5])
    at = WORDS
    for source in range(WORDS):
        others = [place for place in range(WORDS) if place != source]
        mixed_in = _hashed(pool[source], _TAKEN_IN[at : at + WORDS])
        mixed = _MIX_LEFT * pool[others] - _MIX_RIGHT * mixed_in
        pool[others] = _folded(mixed)
        at += WORDS - 1
    words = _hashed(np.concatenate((pool, pool)), _GIVEN_OUT).astype(np.uint64)
    return words[0::2] | words[1::2] << _HALF


def _hashed(values: np.ndarray, constants: np.ndarray) -> np.ndarray:
    """Each row by its own constant and the next one."""
    return _folded((values ^ constants[:-1]) * constants[1:])


def _folded(values: np.ndarray) -> np.ndarray:
    return values ^ values >> _SHIFT


@lru_cache(maxsize=64)
def _jumps(places: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """uint64 (4, len(places)) each: what start and increment are multiplied by to get there.

    One step of PCG64 is state · multiplier + increment, and its first state is one step from
    start + increment: so that every state is start · a + increment · b, modulo 2¹²⁸.
    """
    by_start, by_odd = [_MULTIPLIER], [(_MULTIPLIER + 1) & _ALL_128]
    for _ in range(max(places, default=0) + 1):
        by_start.append(by_start[-1] * _MULTIPLIER & _ALL_128)
        by_odd.append((by_odd[-1] * _MULTIPLIER + 1) & _ALL_128)
    return _limbs(by_start, places), _limbs(by_odd, places)


def _limbs(factors: list[int], places: tuple[int, ...]) -> np.ndarray:
    """High and low 64 bits, and the two halves of the low ones."""
    chosen = [factors[place + 1] for place in places]
    low = [factor & 0xFFFFFFFFFFFFFFFF for factor in chosen]
    parts = (
        [factor >> 64 for factor in chosen],
        low,
        [part >> 32 for part in low],
        [part & 0xFFFFFFFF for part in low],
    )
    return np.array(parts, np.uint64)


def _times(high: np.ndarray, low: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """High and low 64 bits of the product of 128-bit numbers, modulo 2¹²⁸."""
    factor_high, factor_low, upper, lower = factor
    low_upper, low_lower = low >> _HALF, low & _LOW_HALF
    first = low_upper * lower + (low_lower * lower >> _HALF)
    second = low_lower * upper + (first & _LOW_HALF)
    carried = low_upper * upper + (first >> _HALF) + (second >> _HALF)
    return carried + high * factor_low + low * factor_high, low * factor_low
