"""One installation for all end-to-end tests of a session: they differ by their contacts and definitions."""

import os
from collections.abc import Iterator

import pytest
from canvass_runtime.testing import fresh_database, fresh_vhost

from tests.installation import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The five services, running."""
    with (
        fresh_database(os.environ["CANVASS_TEST_DATABASE_URL"]) as database_url,
        fresh_vhost() as rabbitmq_url,
        Installation(database_url, rabbitmq_url, tmp_path_factory.mktemp("installation")) as running,
    ):
        yield running
