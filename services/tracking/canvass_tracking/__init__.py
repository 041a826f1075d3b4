"""Tracking: the public edge and the contact record.

Owns   sources and their keys, what was taken already, identities (anonymous id, user id, e-mail), contacts
       and all that is known of them, forms.
Hears  nothing yet.
Says   page_viewed, event_tracked, form_submitted, email_opened, link_clicked; contact_changed (of those who
       have told who they are), contact_merged; message_wanted (of forms that are to be confirmed).

What comes in is answered only after it is committed; what is sent twice is taken once.
"""
