"""All SQL of channels: functions of a transaction, for many things at once."""
