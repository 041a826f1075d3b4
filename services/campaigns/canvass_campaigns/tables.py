"""The tables of campaigns."""

from canvass_messaging.tables import MessagingTables
from canvass_runtime.idempotency import idempotency_table
from canvass_runtime.partitions import Partitioned
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
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
    # [[step, visit, wakes at or null, deadline or null, arrived at, since], ...]
    Column("positions", JSONB, nullable=False),
    Column("visits", JSONB, nullable=False),  # {step: how many times}
    Column("seen", JSONB, nullable=False, server_default="{}"),  # {step: [[at, event], ...]}
    Column("settled", JSONB, nullable=False, server_default="{}"),  # {step: at}
    Column("missed", JSONB, nullable=False, server_default="{}"),  # {step: [since, deadline]}
    Column("wakes_at", DateTime(timezone=True)),
    Column("decides_at", DateTime(timezone=True)),
    Column("began_by", Uuid),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_reason", Text),
)
Index(None, journeys.c.journey_id, unique=True)
Index(None, journeys.c.campaign, journeys.c.began_at, journeys.c.journey_id)
Index(None, journeys.c.campaign, journeys.c.wakes_at, postgresql_where=journeys.c.wakes_at.is_not(None))
Index(None, journeys.c.campaign, journeys.c.decides_at, postgresql_where=journeys.c.decides_at.is_not(None))
Index(None, journeys.c.campaign, journeys.c.version, postgresql_where=journeys.c.ended_at.is_(None))

# What is behind journeys, a row a step: see `domain.signals.Passed`. Kept small: nothing grows like it.
passages = Table(
    "passages",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("journey_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("arrived_at", DateTime(timezone=True), nullable=False),
    Column("happened_at", DateTime(timezone=True)),
    Column("because", Uuid),
    Column("visit", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("values", JSONB),  # of conditions, and why a message was not sent
    postgresql_partition_by="RANGE (at)",
)

# How many contacts did what, as changes that batches add side by side; a timer sums them up.
tallies = Table(
    "tallies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("step", Text, nullable=False),  # empty: the campaign as a whole
    Column("what", Text, nullable=False),  # waiting, an outcome of the step; entered, ended
    Column("count", BigInteger, nullable=False),
    Column("summed", Boolean, nullable=False, server_default="false"),
)
Index(None, tallies.c.campaign)
Index("ix_tallies_unsummed", tallies.c.id, postgresql_where=~tallies.c.summed)

# What contacts did lately that decisions listen for, should they prove to have entered before it.
memory = Table(
    "memory",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index(None, memory.c.heard_at)

# Members of segments that campaigns asked for when they were published: they enter a chunk at a time.
arrivals = Table(
    "arrivals",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),  # of the membership
    Column("contact_revision", BigInteger, nullable=False),
    Column("because", Uuid, nullable=False),
)
Index(None, arrivals.c.campaign)

# Grows with each publishing and pausing: who keeps in mind what campaigns listen for asks for this.
generation = Table(
    "generation",
    metadata,
    Column("only", Boolean, primary_key=True, server_default="true"),
    Column("number", BigInteger, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # viewer, editor, publisher, admin
    Column("active", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("password_hash", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("paused_until", DateTime(timezone=True)),
)

# Secrets stand here as hashes: whoever reads the table cannot come in.
links = Table(
    "links",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),  # invite, login
    Column("until", DateTime(timezone=True), nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("person_id", Uuid, nullable=False, index=True),
    Column("until", DateTime(timezone=True), nullable=False, index=True),
)

# Where the parts of a campaign stand on the canvas, which is no part of its document.
layouts = Table(
    "layouts",
    metadata,
    Column("campaign", Text, primary_key=True),
    Column("places", JSONB, nullable=False),
)

PASSAGES_KEPT_DAYS = 365
partitioned = [Partitioned(passages, "at", PASSAGES_KEPT_DAYS)]
