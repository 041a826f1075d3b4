"""Points: what contacts earn by what they do, and what is to happen when it is enough.

Owns   actions (what earns points), the ledger of what was earned by what, the scores, each the sum of its
       ledger, and triggers (what reaching a score sets off).
Hears  page_viewed, event_tracked, form_submitted, email_opened, link_clicked, contact_merged (tracking).
Says   score_changed, threshold_crossed; message_wanted, membership_wanted (what triggers want).

A line of the ledger and the score that it changes are written in one transaction; an event earns once from
an action, however often it is heard, and whoever was merged into whom.
"""
