"""Where the unsubscribe links of messages lead (RFC 8058). Who has the link needs no key.

Looking at the page changes nothing: scanners of mail look at every link. The POST does, at once.
"""

from typing import Annotated, Any, cast

from canvass_runtime.app import Now, Transaction
from canvass_runtime.links import Forged, Links, Unsubscription
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from canvass_channels.use_cases import consenting
from canvass_channels.use_cases.consenting import Saying

router = APIRouter(tags=["unsubscribing"])

LARGEST_FORM = 1_000
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:1.1em sans-serif;max-width:32em;margin:4em auto;padding:0 1em}}
button{{font:inherit;padding:.6em 1.2em}}</style></head><body><h1>{title}</h1>{body}</body></html>
"""
_ASK = '<p>You will get no more {what} from us.</p><form method="post"><button>Unsubscribe</button></form>'
_DONE = "<p>You will get no more {what} from us.</p>"
_UNKNOWN = "<p>This link is not complete. Open it again from the message that it came with.</p>"
_WHAT = {"email": "marketing e-mails", "sms": "marketing messages by SMS"}
_PAGES: dict[int | str, dict[str, Any]] = {
    404: {"description": "No link of ours", "content": {"text/html": {}}}
}


def _links(request: Request) -> Links:
    return cast("Links", request.app.state.links)


def _unsubscription(
    token: Annotated[str, Path(max_length=4_096)], links: Annotated[Links, Depends(_links)]
) -> Unsubscription | None:
    try:
        return links.read_unsubscribe(token)
    except Forged:
        return None


Asked = Annotated[Unsubscription | None, Depends(_unsubscription)]


@router.get("/u/{token}", response_class=HTMLResponse, responses=_PAGES)
async def show_unsubscribe_page(asked: Asked) -> HTMLResponse:
    """A page with a button. Nothing is changed by looking at it."""
    if asked is None:
        return _page("This link is not complete", _UNKNOWN, 404)
    return _page("Unsubscribe?", _ASK.format(what=_WHAT.get(asked.channel, "messages")))


@router.post("/u/{token}", response_class=HTMLResponse, responses=_PAGES)
async def unsubscribe(asked: Asked, request: Request, tx: Transaction, now: Now) -> HTMLResponse:
    """Unsubscribe at once: mail programs post `List-Unsubscribe=One-Click`, the page's button nothing."""
    if asked is None:
        return _page("This link is not complete", _UNKNOWN, 404)
    posted = (await request.body())[:LARGEST_FORM]
    how = "one_click" if b"List-Unsubscribe=One-Click" in posted else "page"
    await consenting.say(tx, Saying(asked.contact_id, asked.channel, "unsubscribed", how), now)
    return _page("You are unsubscribed", _DONE.format(what=_WHAT.get(asked.channel, "messages")))


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=title, body=body), status, _HEADERS)
