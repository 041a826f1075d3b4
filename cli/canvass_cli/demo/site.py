"""What people do: on a site with the official Segment SDK and a form, and in their mail program."""

import re
from html import unescape

from segment.analytics import Client as SegmentSdk

from canvass_cli.trouble import Trouble

from . import documents
from .addresses import Addresses
from .definitions import answer, client
from .people import Person
from .watching import EMAIL, Timeline

_PIXEL = re.compile(r'<img[^>]* src="([^"]+/o/[^"]+)"')
_LINK = re.compile(r'<a[^>]* href="([^"]+/c/[^"]+)"')
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


class Site:
    """A web site whose visitors are tracked."""

    def __init__(self, at: Addresses) -> None:
        self._at = at
        self._sdk = SegmentSdk(at.write_key, host=at.tracking, gzip=True, upload_interval=0.01)
        self._browser = client({"User-Agent": _BROWSER})

    def look_at(self, person: Person, *paths: str) -> None:
        """Load pages; the SDK tells of them at once."""
        for path in paths:
            self._sdk.page(anonymous_id=person.anonymous_id, properties={"path": path})
        self._sdk.flush()

    def fill_in(self, person: Person) -> None:
        """Post the webinar's form as a browser does."""
        filled = {
            "email": person.email,
            "phone": person.phone,
            "first_name": person.name,
            "country": "CA",
            "_anonymous_id": person.anonymous_id,
        }
        answer(self._browser.post(f"{self._at.tracking}/forms/{documents.FORM}/submit", data=filled))

    def log_in(self, person: Person) -> None:
        """Tell, by the SDK, by which id the site knows its visitor."""
        self._sdk.identify(person.user_id, {"plan": "trial"}, anonymous_id=person.anonymous_id)
        self._sdk.flush()

    def close(self) -> None:
        """Tell what has not been told yet."""
        self._sdk.shutdown()
        self._browser.close()


class MailProgram:
    """Shows mail and follows links, as a person would have it do."""

    def __init__(self, at: Addresses, timeline: Timeline) -> None:
        self._at = at
        self._timeline = timeline
        self._http = client({"User-Agent": _BROWSER})

    def open(self, person: Person, subject: str) -> None:
        """Load the pictures of a mail, the pixel among them. Raises `Trouble` when it has none."""
        pixel = _first(_PIXEL, self._mail(person, subject))
        answer(self._http.get(self._at.here(pixel)))

    def follow(self, person: Person, subject: str, url: str) -> None:
        """Follow the link of a mail that leads to `url`. Raises `Trouble` when none does."""
        link = _first(_LINK, self._mail(person, subject))
        led = self._http.get(self._at.here(link)).headers.get("Location")
        if led != url:
            raise Trouble(f"the link leads to {led} and not to {url}")

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def _mail(self, person: Person, subject: str) -> str:
        for one in self._timeline.all():
            if (one.what, one.whom, one.details.get("subject")) == (EMAIL, person.email, subject):
                return str(one.details["html"])
        raise Trouble(f"{person.name} has no mail “{subject}”")


def _first(pattern: re.Pattern[str], html: str) -> str:
    if found := pattern.search(html):
        return unescape(found[1])
    raise Trouble(f"the mail has nothing like {pattern.pattern}")
