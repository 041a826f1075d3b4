"""The story: what people do, chapter by chapter, and what has to come of it, each of it once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from . import documents as d
from .people import Person
from .watching import EMAIL, SMS, WEBHOOK, Happening, Timeline
from .world import World

CONTACT, FORM = "tracking.contact_changed.v1", "tracking.form_submitted.v1"
PAGE, OPENED, CLICKED = "tracking.page_viewed.v1", "tracking.email_opened.v1", "tracking.link_clicked.v1"
SCORE, CROSSED = "points.score_changed.v1", "points.threshold_crossed.v1"
ENTERED, LEFT = "segments.contact_entered.v1", "segments.contact_left.v1"
BEGUN, ENDED = "campaigns.journey_entered.v1", "campaigns.journey_ended.v1"
SENT = "channels.message_sent.v1"


@dataclass(frozen=True, slots=True)
class Beat:
    """Something that comes of it: a fact about a person, or a message to one, with these details."""

    told: str
    what: str
    person: Person
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def found(self, timeline: Timeline) -> list[Happening]:
        """Everything that is it, in order: a fact that is said twice is one fact, two e-mails are two."""
        whom = {self.person.email, self.person.phone} | timeline.contacts(self.person.email)
        found = {one.id: one for one in reversed(timeline.all()) if one.whom in whom and self._is(one)}
        return sorted(found.values(), key=lambda one: one.at)

    def _is(self, one: Happening) -> bool:
        details = {name: one.details.get(name) for name in self.details}
        return one.what == self.what and details == self.details


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is done, and what comes of it. The next one begins when all of it has."""

    told: str
    act: Callable[[World], None]
    beats: Sequence[Beat]
    rests: tuple[Person, str] | None = None
    """Whose journey must then rest at which step."""


def chapters(ada: Person, ben: Person) -> list[Chapter]:
    """All of them: Ada reads what she is sent, and Ben does not."""
    return [*_becoming_hot(ada), _ben_too(ben), *_reading(ada), *_waiting(ada, ben), *_selling(ada)]


def never(ada: Person, ben: Person) -> list[Beat]:
    """What must not come of it."""
    return [
        Beat("Ada, who has opened, is reminded", EMAIL, ada, {"subject": _reminder(ada)}),
        Beat("Ben, who has not, is thanked or given a code", SMS, ben),
        Beat("Ben becomes a prospect", WEBHOOK, ben),
    ]


def _becoming_hot(ada: Person) -> list[Chapter]:
    return [
        Chapter(
            "Somebody reads the blog and looks at /pricing",
            lambda world: world.site.look_at(ada, "/blog", "/pricing"),
            [],
        ),
        Chapter(
            "She fills in the form of the webinar",
            lambda world: world.site.fill_in(ada),
            [
                Beat("tracking has the form", FORM, ada, {"form": d.FORM}),
                Beat("she is a contact", CONTACT, ada, {"email": ada.email, "user_id": None}),
                Beat("who has read the blog", PAGE, ada, {"path": "/blog"}),
                Beat("41 points, 10 of them for /pricing before", SCORE, ada, {"score": 41}),
            ],
        ),
        Chapter(
            "She logs in",
            lambda world: world.site.log_in(ada),
            [Beat("the contact has the id of the site", CONTACT, ada, {"user_id": ada.user_id})],
        ),
        Chapter(
            "She looks at /pricing again",
            lambda world: world.site.look_at(ada, "/pricing"),
            [Beat("51 points", SCORE, ada, {"score": 51}), *_welcomed(ada)],
        ),
    ]


def _ben_too(ben: Person) -> Chapter:
    def act(world: World) -> None:
        world.site.fill_in(ben)
        world.site.look_at(ben, "/pricing", "/pricing")

    return Chapter("Ben does the same", act, _welcomed(ben), rests=(ben, "opened"))


def _welcomed(person: Person) -> list[Beat]:
    """What follows from more than 50 points in Canada."""
    return [
        Beat("the contact enters “Canada hot leads”", ENTERED, person, {"segment": d.SEGMENT}),
        Beat("the journey begins", BEGUN, person, {"campaign": d.CAMPAIGN}),
        Beat("the mail server has the welcome", EMAIL, person, {"subject": _welcome(person)}),
        Beat("channels says that it is sent", SENT, person, {"template": d.WELCOME}),
    ]


def _reading(ada: Person) -> list[Chapter]:
    return [
        Chapter(
            "Ada opens the e-mail",
            lambda world: world.mail.open(ada, _welcome(ada)),
            [
                Beat("tracking has the open", OPENED, ada, {"template": d.WELCOME}),
                Beat("56 points", SCORE, ada, {"score": 56}),
                Beat("her telephone: Thanks for reading!", SMS, ada, {"text": d.THANKS_TEXT}),
                Beat("channels says that it is sent", SENT, ada, {"template": d.THANKS}),
            ],
            rests=(ada, "clicked"),
        ),
        Chapter(
            "She clicks product X",
            lambda world: world.mail.follow(ada, _welcome(ada), d.PRODUCT_URL),
            [Beat("tracking has the click", CLICKED, ada, {"url": d.PRODUCT_URL})],
            rests=(ada, "pause"),
        ),
    ]


def _waiting(ada: Person, ben: Person) -> list[Chapter]:
    return [
        Chapter(
            "The clocks are turned by four hours",
            lambda world: world.turn(timedelta(hours=4)),
            [
                Beat("her telephone: 20 % off", SMS, ada, {"text": d.CODE_TEXT}),
                Beat("her journey ends", ENDED, ada, {"campaign": d.CAMPAIGN, "reason": "completed"}),
            ],
        ),
        Chapter(
            "The clocks are turned by three days, and Ben has not opened his e-mail",
            lambda world: world.turn(timedelta(days=3)),
            [
                Beat("the mail server has a reminder", EMAIL, ben, {"subject": _reminder(ben)}),
                Beat("his journey ends", ENDED, ben, {"campaign": d.CAMPAIGN, "reason": "completed"}),
            ],
        ),
    ]


def _selling(ada: Person) -> list[Chapter]:
    return [
        Chapter(
            "Ada looks at /pricing five times more",
            lambda world: world.site.look_at(ada, *["/pricing"] * 5),
            [
                Beat("100 points are reached", CROSSED, ada, {"trigger": d.TRIGGER}),
                Beat("the CRM has a signed webhook: Hot Prospect", WEBHOOK, ada, {"stage": d.HOT_PROSPECT}),
                Beat("106 points", SCORE, ada, {"score": 106}),
            ],
        ),
        Chapter(
            "A salesman takes 60 points away",
            lambda world: world.take_points(ada, 60),
            [
                Beat("46 points", SCORE, ada, {"score": 46}),
                Beat("she leaves “Canada hot leads”", LEFT, ada, {"segment": d.SEGMENT}),
            ],
        ),
    ]


def _welcome(person: Person) -> str:
    return f"Welcome, {person.name}"


def _reminder(person: Person) -> str:
    return f"Still there, {person.name}?"
