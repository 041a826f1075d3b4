"""As much of a service as `canvass up` sees: it migrates, it serves, it says that it is ready."""

import http.server
import json
import os
import sys


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self._say({"told": sorted(os.environ)})

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._say({"key": "website", "write_key": "wk_stand_in"})

    def _say(self, body):
        content = json.dumps(body).encode()
        self.send_response(200)
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
