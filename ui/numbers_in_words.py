"""Large numbers, sizes and times as people say them."""


def short(number: int) -> str:
    """`1.2 million`, `3.4 billion`, or the number itself."""
    for size_of_unit, unit in ((1_000_000_000, "billion"), (1_000_000, "million")):
        if number >= size_of_unit:
            return f"{number / size_of_unit:.1f} {unit}"
    return f"{number:,}"


def size(count: int) -> str:
    """Bytes as `120 kB`, `3.4 MB` or `1.2 GB`."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    if count >= 1e6:
        return f"{count / 1e6:.1f} MB"
    return f"{count / 1e3:.0f} kB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def time_range(low: float, high: float) -> str:
    """Seconds as a range: `1.2 to 1.6 s`, `40 to 55 s`, `12 to 15 min`, `1.5 to 2 h`."""
    for unit, seconds in (("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if high >= seconds * (1 if unit == "s" else 1.5):
            return _range(low / seconds, high / seconds, unit)
    return _range(low, high, "s")


def _range(low: float, high: float, unit: str) -> str:
    first, last = _plain(low), _plain(high)
    return f"{first} {unit}" if first == last else f"{first} to {last} {unit}"


def _plain(number: float) -> str:
    if number >= 10:
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 0.1 else f"{number:.2f}"
