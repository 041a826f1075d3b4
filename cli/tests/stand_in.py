"""As much of a service as `canvass up` sees: it migrates, it serves, it says that it is ready."""

import http.server
import json
import os
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    well = True

    def do_GET(self):
        self._say(200 if Answer.well else 503, {})

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say(200, {"key": "website", "write_key": "wk_stand_in"})

    def do_DELETE(self):
        Answer.well = False
        self._say(200, {})

    def _say(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    service, command = os.environ["STAND_IN"], sys.argv[1]
    if command == "migrate":
        sys.exit(os.environ.get("STAND_IN_BROKEN"))
    http.server.HTTPServer(("127.0.0.1", int(os.environ[f"{service.upper()}_PORT"])), Answer).serve_forever()
