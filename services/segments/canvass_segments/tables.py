"""The shape of what `segments` remembers."""

from canvass_messaging.tables import MessagingTables
from canvass_runtime.partitions import Partitioned
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    schema="segments",
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
    Column("score", BigInteger, nullable=False, server_default="0"),
    Column("score_revision", BigInteger, nullable=False, server_default="0"),
    # Whether the segments that hold for whoever is new have been judged for it.
    Column("met", Boolean, nullable=False, server_default="false"),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))

behaviours = Table(
    "behaviours",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("properties", JSONB, nullable=False),
    Column("url", Text),
    Column("title", Text),
    Column("template", Text),
    Column("campaign", Text),
    postgresql_partition_by="RANGE (at)",
)

segments = Table(
    "segments",
    metadata,
    Column("key", Text, primary_key=True),
    Column("document", JSON, nullable=False),  # and not jsonb, which would put it into an order of its own
    Column("revision", BigInteger, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

memberships = Table(
    "memberships",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("member", Boolean, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    # When somebody last said by hand that it is so, whatever the rules say; null as long as nobody has.
    Column("fixed_at", DateTime(timezone=True)),
)
Index(
    None,
    memberships.c.segment,
    memberships.c.contact_id,
    postgresql_where=memberships.c.member | memberships.c.fixed_at.is_not(None),
)

reviews = Table(
    "reviews",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("segment", Text, primary_key=True),
    # When time alone may next change the verdict: not after that, though perhaps before.
    Column("next_at", DateTime(timezone=True), nullable=False),
)
Index(None, reviews.c.next_at)

tallies = Table(
    "tallies",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("segment", Text, nullable=False),
    # How many more (or fewer) are in it: a segment has as many members as its tallies come to.
    Column("members", BigInteger, nullable=False),
)

audiences = Table(
    "audiences",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("segment", Text, nullable=False),
    # The fact that asked, as it came: each page is its effect.
    Column("request", LargeBinary, nullable=False),
    # How many pages have been said, and through which member.
    Column("pages", BigInteger, nullable=False),
    Column("done_through", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index(None, audiences.c.asked_at)

builds = Table(
    "builds",
    metadata,
    Column("segment", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    # Every contact up to this one has been judged by the revision.
    Column("done_through", Uuid, nullable=False),
    Column("done", BigInteger, nullable=False),
    # Transactions that began before may have known an older revision: the build begins when they have ended.
    Column("barrier", DateTime(timezone=True)),
    # Until then some process works on it, or it has nothing to do.
    Column("held_until", DateTime(timezone=True), nullable=False),
)

partitioned = [Partitioned(behaviours, "at")]
