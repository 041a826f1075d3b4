"""Tracking: the public edge and the contact record.

Owns   sources and their write keys, what was taken already, identities (anonymous id, user id, e-mail),
       contacts and their attributes.
Hears  nothing yet.
Says   page_viewed, event_tracked; contact_changed (of those who have told who they are), contact_merged.

What comes in is answered only after it is committed; what is sent twice is taken once.
"""
