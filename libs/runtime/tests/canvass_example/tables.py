"""The shape of what the example remembers."""

from sqlalchemy import Column, DateTime, Identity, Integer, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(schema="example")

visits = Table(
    "visits",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True, server_default=func.now()),
    Column("path", Text, nullable=False, index=True),
    Column("properties", JSONB, nullable=False, server_default="{}"),
    postgresql_partition_by="RANGE (at)",
)
