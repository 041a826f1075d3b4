"""Segments: who belongs where, true the moment something happens.

Owns   segment definitions, memberships and the history of behaviours; alone judges rules about contacts.
Hears  page_viewed, event_tracked, form_submitted, email_opened, link_clicked, contact_changed, contact_merged
       (tracking); score_changed, membership_wanted (points); membership_wanted, verdict_wanted,
       audience_wanted (campaigns).
Says   contact_entered, contact_left, verdict_given, audience_page.

Each batch of facts is remembered, then judged by one query over the contacts that it concerns, in the same
transaction; a definition that is new or has changed is judged for everybody, in the bulk lane. Where time
alone may change a verdict, it is noted when, and judged again then.
"""
