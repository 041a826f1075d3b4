"""Links that let a person into the console once."""

from collections.abc import Mapping

from .api import Api
from .trouble import Trouble

FIRST = "admin@localhost.localdomain"
"""The admin of a checkout, who is made with the first link."""


def link(known: Mapping[str, str], email: str = FIRST) -> str:
    """A link that is good once, for a quarter of an hour. Who is not there yet is made an admin.

    Raises `Trouble` when there is no console, or campaigns does not answer.
    """
    if not (console := known.get("CONSOLE_URL")):
        raise Trouble("CONSOLE_URL not set: run `canvass up`, or set it to where your console is.")
    made = Api.of("campaigns", known).call("POST", "/people/login-link", {"email": email})
    return f"{console}/login#{made['token']}"
