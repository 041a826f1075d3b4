"""Journeys ask whether rules hold for their contacts: all are answered at once, with what was looked at."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from canvass_messaging.consumers import Unworkable
from canvass_rules import Malformed
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import VerdictWanted

from canvass_segments import announce
from canvass_segments.domain.model import Answer
from canvass_segments.store import looking
from canvass_segments.store.looking import Question

AT_ONCE = 10
"""Different rules judged by one statement: a hundred rules each are within the columns that it may have."""


async def answer(tx: Tx, requests: Sequence[VerdictWanted], now: datetime) -> None:
    """Judge each contact by the rules that were asked about it. Raises Unworkable for what are no rules."""
    asked: dict[Question, list[VerdictWanted]] = {}
    for request in requests:
        asked.setdefault(_question(request), []).append(request)
    answers: list[tuple[VerdictWanted, Answer]] = []
    for questions in _portions(list(asked)):
        concerned = {request.subject for question in questions for request in asked[question]}
        found = await looking.look(tx, questions, concerned, now)
        answers += [
            (request, found[question, request.subject])
            for question in questions
            for request in asked[question]
        ]
    await announce.answered(tx, answers, now)


def _question(request: VerdictWanted) -> Question:
    try:
        return looking.question(request.data.rules)
    except Malformed as malformed:
        raise Unworkable(f"these are no rules: {malformed}") from malformed


def _portions(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    return (questions[start : start + AT_ONCE] for start in range(0, len(questions), AT_ONCE))
