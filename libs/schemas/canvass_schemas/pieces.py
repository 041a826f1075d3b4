"""Broken JSON taken apart: what stands in an array or an object, piece by piece, whatever is inside."""

import re
from collections.abc import Iterator

# A string (closed or cut off), or what gives an array its shape. Possessive: linear on any input.
_STRING = rb'"(?:[^"\\]|\\.)*+"?'
_TOKEN = re.compile(_STRING + rb"|[\[\]{},]", re.DOTALL)
_MEMBER = re.compile(rb"(" + _STRING + rb")\s*+:\s*+", re.DOTALL)


def pieces(body: bytes) -> Iterator[bytes]:
    """What stands between the commas of a JSON array or object, stripped, however broken or deep inside.

    Of anything else that is the whole body. What follows the end of the array or object is a piece, too.
    """
    if not body.lstrip().startswith((b"[", b"{")):
        yield body
        return
    depth = start = 0
    for token in _TOKEN.finditer(body):
        match token[0]:
            case b"[" | b"{":
                depth += 1
                start = token.end() if depth == 1 else start
            case b"]" | b"}":
                depth -= 1
            case b",":
                pass
            case _:
                continue
        if depth == 0 or (depth == 1 and token[0] == b","):
            if piece := body[start : token.start()].strip():
                yield piece
            start = token.end()
    if rest := body[start:].strip():
        yield rest


def members(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The names (still quoted) and values of a JSON object, as far as it is one."""
    if not body.lstrip().startswith(b"{"):
        return
    for piece in pieces(body):
        if name := _MEMBER.match(piece):
            yield name[1], piece[name.end() :]
