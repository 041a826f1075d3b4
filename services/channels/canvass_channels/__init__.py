"""Channels: templates, senders, destinations, and the ledger of every message to every contact.

owns   templates, senders, destinations, consents, deliveries; mirrors of contacts and of which campaigns rest
hears  message_wanted (from campaigns, points and tracking), campaign_published, campaign_paused (from
       campaigns), contact_changed, contact_merged (from tracking)
says   message_sent, message_failed, message_suppressed, consent_changed

What becomes of a delivery is decided in `domain/delivery.py`, and nowhere else.
"""
