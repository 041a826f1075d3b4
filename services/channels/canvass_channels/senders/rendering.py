"""Templates in Liquid: compiled once, with a limit on everything that a template could make grow.

What no limit holds is held by the process that does this: see `press`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from math import prod
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.expression import Expression

from .marking import Marks, marked
from .message import Content

LONGEST_RANGE = 10_000
LONGEST_TAG = 1_000
"""Characters between `{{` and `}}`, or `{%` and `%}`."""
MOST_TAGS = 5_000
_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
LARGEST = 1_000_000
"""Bytes that a part of a message may grow to, or what a template remembers on its way there."""
MOST_WORK = 10_000_000
"""The product of the sizes of all that a filter is given: what it gives back cannot be larger."""


class Mistaken(Exception):
    """A template cannot be used. `fields`: what is wrong in its `subject`, `text` or `html`, and where."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {what}" for field, what in fields.items()))
        self.fields = fields


class Unrenderable(Exception):
    """A template is right in itself, but not for this contact."""


class Boundless(Unrenderable):
    """It would grow, or take, beyond what is allowed."""


class _Limited(Environment):
    """Liquid as it is, without what includes other templates (there are none), and with bounds."""

    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = LONGEST_RANGE
    local_namespace_limit = LARGEST
    output_stream_limit = LARGEST

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in ("include", "render"):
            del self.tags[tag]
        self.filters = {name: _bounded(name, apply) for name, apply in self.filters.items()}


def _bounded(name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which refuses to be given so much that its answer could be too large."""

    @wraps(apply)
    def bounded(*given: Any, **context: Any) -> Any:
        if prod(max(_size(value), 1) for value in given) > MOST_WORK:
            raise ResourceLimitError(f"the filter '{name}' is given too much", token=None)
        return apply(*given, **context)

    return bounded


def _size(value: Any) -> int:
    match value:
        case str():
            return len(value)
        case list() | tuple() | range():
            return sum(_size(item) for item in value) + len(value)
        case int():
            return value.bit_length()
        case _:
            return 1


_PLAIN = _Limited()
_HTML = _Limited(autoescape=True)


def tracking(marks: Marks) -> Environment:
    """Liquid for HTML whose links are tracked."""
    environment = _Limited(autoescape=True)
    environment.add_filter("tracked_link", marks.tracked_link)
    environment.add_filter("open_pixel", marks.open_pixel)
    return environment


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template that is ready to be filled in."""

    subject: BoundTemplate
    text: BoundTemplate
    html: BoundTemplate | None

    def render(self, values: Mapping[str, Any]) -> Content:
        """What it says to one contact. Raises Unrenderable."""
        html = _render(self.html, values) if self.html else None
        return Content(_render(self.subject, values), _render(self.text, values), html)

    def boundless(self) -> dict[str, str]:
        """What grows too large in each part, even when nothing is known of the contact."""
        found: dict[str, str] = {}
        for name, part in (("subject", self.subject), ("text", self.text), ("html", self.html)):
            try:
                _ = part and _render(part, {})
            except Boundless as error:
                found[name] = str(error)
            except Unrenderable:  # for some contact it may well be right
                continue
        return found


def _render(part: BoundTemplate, values: Mapping[str, Any]) -> str:
    try:
        return part.render(**values)
    except ResourceLimitError as error:
        raise Boundless(_told(error)) from error
    except LiquidError as error:
        raise Unrenderable(_told(error)) from error
    except MemoryError as error:
        raise Boundless("it takes too much memory") from error
    except Exception as error:  # whatever Liquid stumbles over, only this message is held up
        raise Unrenderable(f"{type(error).__name__}: {error}"[:300]) from error


def compile_template(
    subject: str, text: str, html: str | None, tracked: Environment | None = None
) -> Compiled:
    """Raises Mistaken with what is wrong in each part. With `tracked`, the links of the HTML are marked."""
    sources = {"subject": (_PLAIN, subject), "text": (_PLAIN, text), "html": (_HTML, html)}
    compiled: dict[str, Any] = {}
    mistakes: dict[str, str] = {}
    for part, (environment, source) in sources.items():
        try:
            compiled[part] = None if source is None else _compile(environment, source)
        except LiquidError as error:
            mistakes[part] = _told(error)
    if mistakes:
        raise Mistaken(mistakes)
    if tracked and html:
        compiled["html"] = tracked.from_string(marked(html))
    return Compiled(**compiled)


def _compile(environment: Environment, source: str) -> BoundTemplate:
    _limit_tags(source)
    template = environment.from_string(source)
    context = RenderContext(template)
    for node in template.nodes:
        for expression in _expressions(node, context):
            _check(expression, environment)
    return template


def _limit_tags(source: str) -> None:
    """A long tag takes far longer to read than as many characters elsewhere: seconds, in the loop."""
    tags = _TAG.findall(source)
    if len(tags) > MOST_TAGS:
        raise LiquidError(f"it has {len(tags)} tags: at most {MOST_TAGS} are taken", token=None)
    if max(map(len, tags), default=0) > LONGEST_TAG:
        raise LiquidError(f"a tag is longer than {LONGEST_TAG} characters", token=None)


def _expressions(node: Node, context: RenderContext) -> Iterator[Expression]:
    for expression in node.expressions():
        yield from _within(expression)
    for child in node.children(context):
        yield from _expressions(child, context)


def _within(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in expression.children():
        yield from _within(child)


def _check(expression: Expression, environment: Environment) -> None:
    """A range is made before any limit is asked, so it must show how long it is; and filters must exist."""
    if isinstance(expression, RangeLiteral):
        start, stop = expression.start, expression.stop
        if not (isinstance(start, IntegerLiteral) and isinstance(stop, IntegerLiteral)):
            raise LiquidError("a range must be between two numbers, such as (1..10)", token=expression.token)
        if stop.value - start.value >= LONGEST_RANGE:
            raise LiquidError(f"a range may have {LONGEST_RANGE} numbers, not more", token=expression.token)
    for one in getattr(expression, "filters", None) or ():
        if one.name not in environment.filters:
            raise LiquidError(f"there is no filter '{one.name}'", token=one.token)


def _told(error: LiquidError) -> str:
    place = error.context()
    if place is None:
        return f"{error.message}, at the end"[:300] if error.token else str(error.message)[:300]
    return f"line {place[0]}: {error.message}"[:300]
