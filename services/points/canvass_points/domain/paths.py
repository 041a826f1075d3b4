"""Which paths (or names) a pattern means. Linear in the path, whatever the pattern: no regex."""


def matches(pattern: str, path: str) -> bool:
    """`*` stands for anything, nothing included; all else for itself."""
    first, *middle = pattern.split("*")
    if not middle:
        return path == pattern
    last = middle.pop()
    end = len(path) - len(last)
    if len(first) > end or not path.startswith(first) or not path.endswith(last):
        return False
    return _in_order(middle, path, len(first), end)


def _in_order(parts: list[str], path: str, start: int, end: int) -> bool:
    """Each part after the one before. The earliest place is always right: it leaves most for the next."""
    for part in parts:
        found = path.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True
