"""The rest of the world, on loopback: telephones behind an SMS provider, and a CRM that takes webhooks."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs
from uuid import uuid4

from canvass_runtime.clock import Clock

from .watching import SMS, WEBHOOK, Timeline

_TOLERATED_SECONDS = 300

Answer = tuple[int, dict[str, Any]]


class Sink(Protocol):
    """What answers a POST."""

    def post(self, headers: Any, body: bytes) -> Answer:
        """Status and JSON."""
        ...


class Phones:
    """An SMS provider in Twilio's HTTP shape, which delivers at once."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def post(self, headers: Any, body: bytes) -> Answer:
        """`POST /2010-04-01/Accounts/{account}/Messages.json`, a form, with Basic authentication."""
        message = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if not headers.get("Authorization", "").startswith("Basic "):
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        sid = f"SM{secrets.token_hex(16)}"
        self._timeline.add(SMS, message["To"], {"text": message["Body"]}, sid)
        return 201, {"sid": sid, "status": "queued", "to": message["To"], "from": message.get("From")}


class Crm:
    """Takes webhooks that are signed as Standard Webhooks has it, and makes a prospect of each."""

    def __init__(self, timeline: Timeline, secret: str) -> None:
        self._timeline = timeline
        self._key = base64.b64decode(secret.removeprefix("whsec_"))

    def post(self, headers: Any, body: bytes) -> Answer:
        """Refuses what is not signed by who knows the secret, or is old."""
        id_, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "0")
        signed = f"{id_}.{timestamp}.".encode() + body
        wanted = base64.b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode()
        given = [one.removeprefix("v1,") for one in headers.get("webhook-signature", "").split()]
        age = abs(Clock().now().timestamp() - int(timestamp))
        if age > _TOLERATED_SECONDS or not any(hmac.compare_digest(wanted, one) for one in given):
            return 401, {"error": "the signature does not hold"}
        data = json.loads(body)["data"]
        details = {"stage": data["values"].get("stage"), "contact": data["contact"]}
        self._timeline.add(WEBHOOK, data["contact"]["email"], details, uuid4().hex)
        return 200, {"created": "prospect"}


class HttpServer:
    """A server on a free port of loopback, in threads of its own, that hands every POST to a sink."""

    def __init__(self, sink: Sink) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sink))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def new_secret() -> str:
    """As Standard Webhooks writes them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = sink.post(self.headers, body)
            encoded = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives
            """The timeline tells what came."""

    return Handler
