"""Links and the open pixel of an e-mail, so that tracking hears of them.

A template is marked once, in its source: each link is handed to the filter `tracked_link`, and the pixel is
written by `open_pixel`. Only the attributes are touched; a parser that wrote the page anew would move what
stands between the rows of a table, and there stand the loops.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from itertools import accumulate

from canvass_runtime.links import Links, Reaction
from markupsafe import Markup

_RAW = re.compile(r"\{%-?\s*(raw|comment)\b.*?\{%-?\s*end\1\s*-?%\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_HREF = re.compile(r"""(?<=[\s"'])href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_UNSUBSCRIBES = re.compile(r"\{\{-?\s*unsubscribe_url\b")
_LED = re.compile(r"https?://", re.IGNORECASE)
_LINK = "{{% capture _href %}}{}{{% endcapture %}}{{{{ _href | tracked_link }}}}"
_PIXEL = "{{ '' | open_pixel }}"


def marked(source: str) -> str:
    """The HTML of a template, with its links and the pixel marked."""
    masked = _masked(source)
    finder = _Finder(masked)
    parts: list[str] = []
    done = 0
    for start, end in finder.hrefs():
        value = source[start:end]
        if not _UNSUBSCRIBES.search(value) and (
            _LED.match(value.lstrip()) or value.lstrip().startswith("{{")
        ):
            parts += [source[done:start], _quoted(source, start, _LINK.format(value))]
            done = end
    parts.append(source[done:])
    return _with_pixel("".join(parts))


def _masked(source: str) -> str:
    """The source, as long as before, without Liquid: a value is a word, all else is a gap."""
    for pattern in (_RAW, _TAG):
        source = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)
    return _OUTPUT.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), source)


def _quoted(source: str, start: int, value: str) -> str:
    return value if source[start - 1] in "\"'" else f'"{value}"'


def _with_pixel(source: str) -> str:
    end = _masked(source).lower().rfind("</body")
    return source + _PIXEL if end < 0 else source[:end] + _PIXEL + source[end:]


class _Finder(HTMLParser):
    """Where the links of a page are. Comments, scripts and styles have none."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self._starts = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self._found: list[tuple[int, int]] = []
        self._page = page

    def hrefs(self) -> list[tuple[int, int]]:
        """Where their addresses begin and end, in order."""
        self.feed(self._page)
        self.close()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """HTMLParser calls this at each tag."""
        text = self.get_starttag_text() if tag in ("a", "area") else None
        if text and (found := _HREF.search(text)):
            line, column = self.getpos()
            begins = self._starts[line - 1] + column
            start, end = found.span(found.lastindex or 0)
            self._found.append((begins + start, begins + end))


@dataclass(slots=True)
class Marks:
    """What the two filters write. Between messages `reaction` is changed; without one, nothing is tracked."""

    links: Links
    tracking_url: str
    reaction: Reaction | None = field(default=None)

    def tracked_link(self, value: object) -> Markup:
        """The address by which tracking leads to `value`; as it is where nothing is tracked."""
        url = unescape(str(value)).strip()
        if self.reaction is None or not _LED.match(url):
            return Markup(escape(url))  # noqa: S704 - it is escaped
        try:
            token = self.links.click_token(self.reaction, url)
        except ValueError:  # too long for a token: better not tracked than broken
            return Markup(escape(url))  # noqa: S704
        return Markup(f"{self.tracking_url}/c/{token}")  # noqa: S704 - tokens are URL-safe

    def open_pixel(self, _: object) -> Markup:
        """An image that tells of the opening."""
        if self.reaction is None:
            return Markup("")
        address = f"{self.tracking_url}/o/{self.links.open_token(self.reaction)}.gif"
        return Markup(f'<img src="{address}" width="1" height="1" alt="" style="border:0">')  # noqa: S704
