"""The shape of what `points` remembers."""

from canvass_messaging.tables import MessagingTables
from canvass_runtime.idempotency import idempotency_table
from canvass_runtime.partitions import Partitioned
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

metadata = MetaData(
    schema="points",
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)
messaging = MessagingTables(metadata)
idempotency_keys = idempotency_table(metadata)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("merged_into", Uuid),
    Column("score", BigInteger, nullable=False, server_default="0"),
    Column("score_revision", BigInteger, nullable=False, server_default="0"),
    # Thresholds up to here are behind the contact.
    Column("reached", BigInteger, nullable=False, server_default="0"),
    # Whether it has told who it is.
    Column("known", Boolean, nullable=False, server_default="false"),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))


def _definitions(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("key", Text, primary_key=True),
        # And not jsonb, which would put it into an order of its own.
        Column("document", JSON, nullable=False),
        Column("revision", BigInteger, nullable=False),
        Column("active", Boolean, nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


actions = _definitions("actions")
triggers = _definitions("triggers")

# The day is that of the behaviour, so that what is heard again finds its line.
ledger = Table(
    "ledger",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("action", Text, primary_key=True),  # empty where somebody has adjusted the score by hand
    Column("action_revision", BigInteger, nullable=False),
    Column("delta", Integer, nullable=False),
    Column("reason", Text),
    Column("adjusted_by", Text),
    postgresql_partition_by="RANGE (at)",
)

# Kept for ever, whatever becomes of the ledger: who has earned what can be earned once, and by which event.
earned_once = Table(
    "earned_once",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

# Kept for ever, too: who has set off the triggers that are set off once.
fired = Table(
    "fired",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("trigger", Text, primary_key=True),
    Column("score_revision", BigInteger, nullable=False),
)

partitioned = [Partitioned(ledger, "at")]
