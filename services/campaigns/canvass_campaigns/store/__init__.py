"""All SQL of campaigns: functions of a transaction, for many things at once."""
