"""What every service remembers about messages: said, heard, failed, and how far others have spoken."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
)

# A queue table is small and turns over fast: vacuum it by count, not by share of its size.
_CHURN = {"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 1000}


class MessagingTables:
    """The five tables of one service, made in the service's own `MetaData` (and so in its schema).

    `outbox`      one row a wire message that is committed but not yet known to be with the broker.
    `inbox`       one mark a wire message that took effect; partitioned by the day in its UUIDv7.
    `retries`     one row an event that could not take effect yet: to be fed again, set aside until its
                  contact is known as of a revision, parked, or discarded.
    `watermarks`  how far each speaker has said everything.
    `clock`       one row, of an installation whose present may be turned: by how much it has been, and when.
    """

    def __init__(self, metadata: MetaData) -> None:
        self.outbox = _outbox(metadata)
        self.inbox = _inbox(metadata)
        self.retries = _retries(metadata)
        self.watermarks = _watermarks(metadata)
        self.clock = _clock(metadata)


def _outbox(metadata: MetaData) -> Table:
    table = Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("message_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("lane", Text, nullable=False),
        Column("events", Integer, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("said_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        # Until then the process that committed the row publishes it from memory; afterwards anyone may.
        Column("held_until", DateTime(timezone=True), nullable=False),
        postgresql_with=_CHURN,
    )
    Index(None, table.c.lane, table.c.id)
    return table


def _inbox(metadata: MetaData) -> Table:
    return Table(
        "inbox",
        metadata,
        Column("day", Date, primary_key=True),
        Column("message_id", Uuid, primary_key=True),
        postgresql_partition_by="RANGE (day)",
    )


def _retries(metadata: MetaData) -> Table:
    table = Table(
        "retries",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("lane", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("event_id", Uuid),
        Column("contact_id", Uuid),
        Column("body", LargeBinary, nullable=False),
        Column("error", Text, nullable=False),
        Column("attempt", SmallInteger, nullable=False, server_default="0"),
        # How often in a row the process ended while it was tried.
        Column("deaths", SmallInteger, nullable=False, server_default="0"),
        Column("first_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("next_at", DateTime(timezone=True)),
        Column("needs_revision", BigInteger),
        Column("parked_at", DateTime(timezone=True)),
        Column("discarded_at", DateTime(timezone=True)),
        Column("discarded_because", Text),
        postgresql_with=_CHURN,
    )
    Index(None, table.c.next_at, postgresql_where=table.c.next_at.is_not(None))
    Index(None, table.c.contact_id, postgresql_where=table.c.needs_revision.is_not(None))
    Index(None, table.c.parked_at, table.c.id, postgresql_where=table.c.parked_at.is_not(None))
    return table


def _watermarks(metadata: MetaData) -> Table:
    return Table(
        "watermarks",
        metadata,
        Column("speaker", Text, primary_key=True),
        Column("said_through", DateTime(timezone=True), nullable=False),
    )


def _clock(metadata: MetaData) -> Table:
    return Table(
        "clock",
        metadata,
        Column("one", Boolean, primary_key=True, server_default="true"),
        Column("turned_by", Interval, nullable=False),
        Column("turned_at", DateTime(timezone=True), nullable=False),
        CheckConstraint("one", name="one"),
    )
