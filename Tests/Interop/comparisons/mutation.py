# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""Inputs that are like real ones: the seeds of the fuzzer, changed at random."""

import fuzz_corpus

#: Longer seeds say nothing that shorter ones do not, and take longer.
LONGEST = 400


class Seeds:
    """What the fuzzer begins with for a target, and what it has found to reach new code.

    The latter is refused more often than not, and is not taken as often.
    """

    def __init__(self, target, *, skip=0):
        self.kinds = [
            sorted({seed[skip:] for seed in seeds if len(seed) <= LONGEST})
            for seeds in (fuzz_corpus.TARGETS[target](), fuzz_corpus.unpacked(target))]

    def take(self, rng):
        return rng.choice(self.kinds[rng.random() < 0.25])

    def mutated(self, rng, words):
        """A seed, often changed, with words that have a meaning for the parser in it."""
        data = bytearray(self.take(rng))
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 6])):
            self.change(rng, data, words)
        return bytes(data)

    def change(self, rng, data, words):
        place = rng.randint(0, len(data))
        match rng.randrange(7):
            case 0:
                data[place:place + rng.randint(1, 4)] = b""
            case 1:
                data[place:place] = rng.choice(words)
            case 2:
                data[place:place + rng.randint(1, 3)] = rng.choice(words)
            case 3:
                data[place:place + 1] = bytes([rng.randrange(256)])
            case 4:
                data[place:place] = data[place:place + rng.randint(1, 20)]
            case 5:
                other = self.take(rng)
                start = rng.randint(0, len(other))
                data[place:] = other[start:start + LONGEST]
            case 6 if place < len(data):
                data[place] ^= 1 << rng.randrange(8)


def latin1(data):
    """Bytes as the text that the peer takes for bytes."""
    return data.decode("latin-1")


def text(data):
    """Text without what is not UTF-8."""
    return data.decode("utf-8", "ignore")
