"""The tables of campaigns."""

from canvass_messaging.tables import MessagingTables
from canvass_runtime.idempotency import idempotency_table
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    schema="campaigns",
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)
messaging = MessagingTables(metadata)
idempotency_keys = idempotency_table(metadata)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("merged_into", Uuid),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))

# Documents are json and not jsonb, which would put the author's steps into an order of its own.
campaigns = Table(
    "campaigns",
    metadata,
    Column("key", Text, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("revision", Integer, nullable=False),  # of the draft document
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("status", Text, nullable=False, server_default="draft"),  # draft, published, paused
    Column("reason", Text),  # why it is paused
    Column("version", Integer),  # the newest; in force while it is published
)

versions = Table(
    "versions",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# What published campaigns listen to, and nothing else: one look here tells what nobody listens to.
sources = Table(
    "sources",
    metadata,
    Column("kind", Text, primary_key=True),  # segment
    Column("key", Text, primary_key=True),
    Column("campaign", Text, primary_key=True),
)
Index(None, sources.c.campaign)

memberships = Table(
    "memberships",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("member", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
)

journeys = Table(
    "journeys",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("entry", Integer, primary_key=True),
    Column("journey_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("positions", JSONB, nullable=False),  # [[step, visit, wakes at or null], ...]
    Column("visits", JSONB, nullable=False),  # {step: how many times}
    Column("wakes_at", DateTime(timezone=True)),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
)
Index(None, journeys.c.journey_id, unique=True)
Index(None, journeys.c.campaign, journeys.c.began_at, journeys.c.journey_id)
Index(None, journeys.c.campaign, journeys.c.wakes_at, postgresql_where=journeys.c.wakes_at.is_not(None))
