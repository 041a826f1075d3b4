"""The shape of what `points` remembers."""

from canvass_messaging.tables import MessagingTables
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

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("merged_into", Uuid),
    Column("score", BigInteger, nullable=False, server_default="0"),
    Column("score_revision", BigInteger, nullable=False, server_default="0"),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))

actions = Table(
    "actions",
    metadata,
    Column("key", Text, primary_key=True),
    Column("document", JSON, nullable=False),  # and not jsonb, which would put it into an order of its own
    Column("revision", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The day is that of the behaviour, so that what is heard again finds its line.
ledger = Table(
    "ledger",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("action_revision", BigInteger, nullable=False),
    Column("delta", Integer, nullable=False),
    postgresql_partition_by="RANGE (at)",
)

partitioned = [Partitioned(ledger, "at")]
