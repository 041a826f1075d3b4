"""What tracking remembers."""

from canvass_messaging.tables import MessagingTables
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    schema="tracking",
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    },
)
messaging = MessagingTables(metadata)

_BYTEWISE = Text(collation="C")  # identifiers are compared, never sorted for people

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("write_key", Text, nullable=False),  # public: it stands in every page
    Column("trusted", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("key"),
    UniqueConstraint("write_key"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("contact_id", Uuid, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("merged_into", Uuid),  # always who lives on, never somebody merged in turn
    Column("user_id", Text),
    Column("email", Text),
    Column("attributes", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("identified_at", DateTime(timezone=True)),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))

# Found by what it is about, so (alone among contact-scale tables) its key does not begin with the contact.
identities = Table(
    "identities",
    metadata,
    Column("value", _BYTEWISE, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("contact_id", Uuid, nullable=False),
)

# One row an event taken. Day and mark are made of what the event itself says (see `domain.arrivals`), so that
# a repeat finds its row. A mark takes half the room and half the time of source and message id themselves.
messages = Table(
    "messages",
    metadata,
    Column("day", Date, primary_key=True),
    Column("mark", Uuid, primary_key=True),
    Column("received_on", Date, nullable=False),
    postgresql_partition_by="RANGE (day)",
)
