"""Campaigns: documents, their immutable versions, and the journeys of contacts through them.

owns   campaigns, versions, journeys; mirrors of the memberships that published campaigns name
hears  contact_entered, contact_left, verdict_given, audience_page (from segments); message_sent,
       message_failed, message_suppressed (from channels); contact_changed, contact_merged and behaviours
       (from tracking)
says   message_wanted, verdict_wanted, membership_wanted, audience_wanted; journey_entered, journey_ended;
       campaign_published, campaign_paused

What becomes of a contact is decided in `domain/engine.py`, and nowhere else.
"""
