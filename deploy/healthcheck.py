"""Whether the service of this container can do its work: ends with 0 when `/readyz` answers 200."""

import os
import sys
from http.client import HTTPConnection, HTTPException

connection = HTTPConnection("127.0.0.1", int(os.environ["CANVASS_PORT"]), timeout=4)
try:
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
except (OSError, HTTPException) as error:
    sys.exit(f"does not answer: {error}")
if answer.status != 200:
    sys.exit(answer.read(2000).decode(errors="replace"))
