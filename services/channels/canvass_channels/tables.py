"""The shape of what `channels` remembers."""

from canvass_messaging.tables import MessagingTables
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    schema="channels",
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)
messaging = MessagingTables(metadata)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("merged_into", Uuid),
    Column("user_id", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("tags", JSONB, nullable=False, server_default="[]"),
    Column("attributes", JSONB, nullable=False, server_default="{}"),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))

campaigns = Table(
    "campaigns",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("rests", Boolean, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),  # as of when; what was said before is older
)

# What contacts have said about being written to; who has said nothing may be.
consents = Table(
    "consents",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("status", Text, nullable=False),  # subscribed, unsubscribed
    Column("reason", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

templates = Table(
    "templates",
    metadata,
    Column("key", Text, primary_key=True),
    Column("channel", Text, nullable=False, server_default="email"),
    Column("name", Text, nullable=False),
    Column("sender", Text),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("mjml", Text),
    Column("html", Text),  # of a design in MJML: what it was made into
    Column("revision", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

senders = Table(
    "senders",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # smtp, sms
    Column("url", Text, nullable=False),  # may hold a password: never shown
    Column("account", Text),
    Column("token", Text),  # never shown
    Column("from_address", Text, nullable=False),
    Column("connections", SmallInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

destinations = Table(
    "destinations",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # webhook, notify
    Column("url", Text),
    Column("secret", Text),
    Column("recipients", JSONB, nullable=False, server_default="[]"),
    Column("subject", Text),
    Column("text", Text),
    Column("disabled", Text),  # why
    Column("revision", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The built-in outbox: what was sent while there was no sender.
shelf = Table(
    "shelf",
    metadata,
    Column("id", Uuid, primary_key=True),  # the effect's, or of a test
    Column("kept_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("contact_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("template", Text),
    Column("recipients", JSONB, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text),
    Column("headers", JSONB, nullable=False),
)
Index(None, shelf.c.kept_at, shelf.c.id)

# The ledger: one row an effect id, for ever. Times of leases and retries are real ones, never turned.
deliveries = Table(
    "deliveries",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("effect_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("lane", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("lease_until", DateTime(timezone=True)),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("reason", Text),
    Column("provider_id", Text),
    Column("message_class", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("wanted_by", Text, nullable=False, server_default="campaigns"),
    Column("template", Text),
    Column("destination", Text),
    Column("campaign", Text),
    Column("version", Integer),
    Column("journey_id", Uuid),
    Column("step", Text),
    Column("visit", Integer),
    Column("trigger", Text),
    Column("form", Text),
    Column("values", JSONB, nullable=False, server_default="{}"),
    Column("planned_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("cause_id", Uuid, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("hops", SmallInteger, nullable=False),
    Column("traceparent", Text),
)
PLANNED = deliveries.c.state == literal_column("'planned'")
"""Written out, not a parameter: a plan that is kept must know that the index below holds all of them."""
Index(None, deliveries.c.effect_id, unique=True)
Index(None, deliveries.c.lane, deliveries.c.due_at, postgresql_where=PLANNED)
Index(None, deliveries.c.lease_until, postgresql_where=deliveries.c.lease_until.is_not(None))
