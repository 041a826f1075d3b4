"""Segments: who belongs where, true the moment something happens.

Owns   segment definitions, memberships and the history of behaviours; alone judges rules about contacts.
Hears  page_viewed, event_tracked, contact_changed, contact_merged (tracking); score_changed (points).
Says   contact_entered, contact_left.

Each batch of facts is remembered, then judged by one query over the contacts that it concerns, in the same
transaction; a definition that is new or has changed is judged for everybody, in the bulk lane.
"""
