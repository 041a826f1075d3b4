"""A design in MJML becomes the HTML of an e-mail, its styles inlined; the Liquid in it stays as written.

This is done once, when a template is put: what is filled in for each contact is the HTML. While it is done,
words and comments stand for the Liquid, so that neither MJML nor the inliner reads, escapes or moves it.
Nothing is fetched: neither includes nor style sheets.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from css_inline import CSSInliner, InlineError
from mjml import mjml2html

LARGEST = 1_000_000
"""Characters that the HTML may have."""
DEEPEST = 100
"""Elements within each other: what compiles MJML has no limit of its own, and would fall over."""

_BLOCK = r"\{%-?\s*(raw|comment)\b.*?\{%-?\s*end\1\s*-?%\}"
_LIQUID = re.compile(rf"{_BLOCK}|\{{%.*?%\}}|\{{\{{.*?\}}\}}", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_ELEMENT = re.compile(r"""<(/?)[A-Za-z](?:"[^"]*"|'[^']*'|[^>"'])*>""")
_STYLE = re.compile(r"<(mj-style|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_POSITION = re.compile(r"(?:in root template )?at position (\d+):\d+")
_VOID = re.compile(r"<(?:area|br|col|hr|img|input|link|meta|source|wbr)\b", re.IGNORECASE)

_inliner = CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


class Undesignable(Exception):
    """MJML that cannot be used. The text says why, and where."""


def html_of(mjml: str) -> str:
    """The HTML that a design stands for. Raises Undesignable."""
    sign = _sign(mjml)
    kept = [found[0] for found in _LIQUID.finditer(mjml)]
    page = _compiled(_stood_for(mjml, sign))
    for number, liquid in enumerate(kept):
        if f"{sign}{number}x" not in page:
            line = mjml.count("\n", 0, mjml.find(liquid)) + 1
            raise Undesignable(
                f"line {line}: {_shown(liquid)} stands where MJML keeps nothing: put it into <mj-raw>"
            )
    stands = re.compile(rf"<!--{sign}(\d+)x-->|{sign}(\d+)x")
    html = stands.sub(lambda found: kept[int(found[1] or found[2])], page)
    if len(html) > LARGEST:
        raise Undesignable(f"its HTML would have {len(html)} characters: at most {LARGEST} are taken")
    return html


def _compiled(mjml: str) -> str:
    _limit_depth(mjml)
    try:
        return _inliner.inline(mjml2html(mjml, fonts={}))  # no Google font that nobody asked for
    except (ValueError, OSError, RuntimeError, InlineError) as error:
        raise Undesignable(_told(str(error), mjml)) from error


def _stood_for(mjml: str, sign: str) -> str:
    """The design with a sign for each piece of Liquid: a comment for a tag between elements, else a word."""
    within = _inside(_LIQUID.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), mjml))
    numbers = iter(range(len(mjml)))

    def stand(found: re.Match[str]) -> str:
        word = f"{sign}{next(numbers)}x"
        is_tag = found[0].startswith("{%")
        return f"<!--{word}-->" if is_tag and not within(found.start()) else word

    return _LIQUID.sub(stand, mjml)


def _inside(masked: str) -> Callable[[int], bool]:
    """Whether a place is within an element's own brackets, a comment or styles: there are no comments."""
    spans = [found.span() for pattern in (_COMMENT, _ELEMENT, _STYLE) for found in pattern.finditer(masked)]
    inside = bytearray(len(masked))
    for start, end in spans:
        inside[start:end] = b"\1" * (end - start)
    return lambda place: bool(inside[place])


def _limit_depth(mjml: str) -> None:
    depth = 0
    for found in _ELEMENT.finditer(_COMMENT.sub("", mjml)):
        if found[1]:
            depth -= 1
        elif not found[0].endswith("/>") and not _VOID.match(found[0]):
            depth += 1
        if depth > DEEPEST:
            raise Undesignable(f"its elements may stand {DEEPEST} deep within each other, not deeper")


def _sign(mjml: str) -> str:
    """A word that does not occur in the design, and is the same each time."""
    return f"liquid{sha256(mjml.encode(errors='replace')).hexdigest()[:10]}n"


def _shown(liquid: str) -> str:
    return liquid if len(liquid) <= 40 else f"{liquid[:37]}..."


def _told(error: str, source: str) -> str:
    """What the compiler says, with a line instead of its count of characters."""
    lined = _POSITION.sub(lambda found: f"line {source.count(chr(10), 0, int(found[1])) + 1}", error)
    return f"it cannot be used as MJML: {lined}"[:300]
