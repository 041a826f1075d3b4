"""What tracking remembers."""

from canvass_messaging.tables import MessagingTables
from canvass_runtime.idempotency import idempotency_table
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

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
idempotency_keys = idempotency_table(metadata)

_BYTEWISE = Text(collation="C")  # identifiers are compared, never sorted for people

_RANDOM = "replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text)"

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("write_key", Text, nullable=False),  # public: it stands in every page
    Column("trusted", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("secret", Text, nullable=False, server_default=text(_RANDOM)),  # known to the customer's server
    Column("phone_region", Text),
    UniqueConstraint("key"),
    UniqueConstraint("write_key"),
)

# By what people look for a contact, in lower case. PostgreSQL's own parser of texts would not take an address
# or a user id apart, and what is typed may be the beginning of any part.
_WORDS = """
CASE WHEN user_id IS NULL AND email IS NULL AND phone IS NULL AND attributes = '{}'::jsonb THEN NULL ELSE
array_to_tsvector(array_remove(regexp_split_to_array(lower((
    coalesce(email, '') || ' ' || coalesce(user_id, '') || ' ' || coalesce(phone, '')
    || ' ' || left(coalesce(attributes ->> 'name', ''), 200)
    || ' ' || left(coalesce(attributes ->> 'first_name', attributes ->> 'firstName', ''), 200)
    || ' ' || left(coalesce(attributes ->> 'last_name', attributes ->> 'lastName', ''), 200)
) COLLATE "pg_c_utf8"), '[^[:alnum:]]+'), '')) END
"""

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
    Column("phone", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("words", TSVECTOR, Computed(_WORDS, persisted=True)),
)
Index(None, contacts.c.merged_into, postgresql_where=contacts.c.merged_into.is_not(None))
Index(None, contacts.c.phone, postgresql_where=contacts.c.phone.is_not(None))
Index(None, contacts.c.tags, postgresql_using="gin", postgresql_where=text("tags <> '{}'::text[]"))
# Anonymous visitors, by far the most, have no words, and are in none of the three.
Index(
    None,
    contacts.c.words,
    postgresql_using="gin",
    postgresql_where=contacts.c.words.is_not(None),
    postgresql_with={"gin_pending_list_limit": 512},  # KB: a search reads through them
)

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

forms = Table(
    "forms",
    metadata,
    Column("key", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="1"),
    Column("document", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# What was filled in and waits for whoever has the address to confirm it. Of the link that leads here, only a
# mark is kept.
confirmations = Table(
    "confirmations",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("contact_id", Uuid, nullable=False),
    Column("form", Text, nullable=False),
    Column("submission_id", Text, nullable=False),
    Column("filled", JSONB, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
)
Index(None, confirmations.c.contact_id, confirmations.c.form, confirmations.c.asked_at)
Index(None, confirmations.c.asked_at)
