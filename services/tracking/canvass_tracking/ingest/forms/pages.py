"""Forms as plain HTML, which need no scripts. Whatever comes from outside is escaped."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any

from canvass_tracking.domain.forms import Field, Form
from canvass_tracking.ingest.forms.submitted import ANONYMOUS_ID, SUBMISSION_ID, TRAP

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }
label { display: block; margin: 1rem 0 0.25rem; }
input:not([type=checkbox]) { box-sizing: border-box; width: 100%; padding: 0.5rem; font: inherit; }
button { margin-top: 1.5rem; padding: 0.5rem 1.5rem; font: inherit; }
.problem { color: #a00; margin: 0.25rem 0 0; }
"""
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()

HEADERS: Mapping[str, str] = {
    # Nothing runs here, whatever somebody has got into the page. Browsers hold redirects after a form to
    # `form-action`, too, and where those end is the site's affair.
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'self' https: http:",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cache-control": "no-store",
}
PRIVATE_HEADERS: Mapping[str, str] = {
    **HEADERS,
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
    " form-action 'self' https: http:; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
"""For a page whose address is a secret, and whose button must be pressed knowingly."""

_KINDS = {"email": "email", "phone": "tel", "number": "number", "text": "text"}


def form_page(
    form: Form,
    submission_id: str,
    values: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    """The page with the form; after a refusal with what was filled in, and what is wrong with it."""
    told = form_html(form, "submit", submission_id, values or {}, problems or {})
    return _page(form.name, f"<h1>{escape(form.name)}</h1>\n{told}")


def form_html(
    form: Form,
    action: str,
    submission_id: str | None,
    values: Mapping[str, Any],
    problems: Mapping[str, str],
) -> str:
    """The form itself, to be put into any page. Posts to `action`."""
    inputs = "\n".join(_input(form, field, values, problems.get(field.name)) for field in form.fields)
    own = _hidden(ANONYMOUS_ID, "") + (_hidden(SUBMISSION_ID, submission_id) if submission_id else "")
    trap = (
        f'<div hidden aria-hidden="true"><input name="{TRAP}" tabindex="-1" autocomplete="off"'
        ' aria-label="Leave this empty"></div>'
    )
    return (
        f'<form action="{escape(action)}" method="post">\n{inputs}\n{own}{trap}\n'
        '<button type="submit">Submit</button>\n</form>\n'
    )


def _input(form: Form, field: Field, values: Mapping[str, Any], problem: str | None) -> str:
    value = values.get(field.name, field.value)
    shown = value if isinstance(value, str) else ""
    if field.type == "hidden":
        return _hidden(field.name, shown)
    id_ = escape(f"{form.key}-{field.name}")
    required = " required" if field.required else ""
    label = f'<label for="{id_}">{escape(field.label or field.name)}</label>'
    wrong = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    if field.type == "checkbox":
        checked = " checked" if shown.lower() in {"on", "true", "1", "yes"} else ""
        kind, content = "checkbox", f' value="on"{checked}'
    else:
        step = ' step="any"' if field.type == "number" else ""
        kind, content = _KINDS[field.type], f' value="{escape(shown)}"{step}'
    return f'{label}<input id="{id_}" name="{escape(field.name)}" type="{kind}"{content}{required}>{wrong}'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def message_page(title: str, message: str) -> str:
    """A page that says something."""
    return _page(title, f"<h1>{escape(title)}</h1>\n<p>{escape(message)}</p>")


def confirm_page(title: str) -> str:
    """A page with one button. What follows links on its own (scanners of mail do) presses none."""
    return _page(
        title,
        f"<h1>{escape(title)}</h1>\n<p>Please confirm that this was you.</p>\n"
        '<form method="post"><button type="submit">Confirm</button></form>',
    )


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n{content}\n</body></html>\n"
    )
