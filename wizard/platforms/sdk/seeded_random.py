"""Chance that is the same on every machine: a seed and a counter give the same number everywhere (SplitMix64)."""

_MASK = (1 << 64) - 1


def number(seed: int, position: int) -> int:
    """The 64-bit number at a position of a seed's sequence."""
    mixed = (seed * 0x9E3779B97F4A7C15 + (position + 1) * 0xD1342543DE82EF95) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def guid(high: int, low: int) -> str:
    """A version 4 UUID out of two 64-bit numbers."""
    digits = f"{high:016x}{low:016x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def of_text(text: str) -> int:
    """A number that belongs to a text, the same in every process."""
    total = 0
    for byte in text.encode():
        total = (total * 1099511628211 + byte + 1) & _MASK
    return number(total, 0)
