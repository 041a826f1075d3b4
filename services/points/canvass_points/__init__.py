"""Points: what contacts earn by what they do.

Owns   point actions, the ledger of what was earned by what, and the scores, each the sum of its ledger.
Hears  page_viewed, event_tracked, contact_merged (tracking).
Says   score_changed.

A line of the ledger and the score that it changes are written in one transaction; an event earns once from
an action, however often it is heard, and whoever was merged into whom.
"""
