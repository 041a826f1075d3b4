"""The one compiler of rules to SQL, so that a batch and a full build cannot disagree.

Every value in a rule becomes a bound parameter; the text of the SQL depends on the rules' shape alone, and
rules of one shape share one prepared statement. The meaning is that of `canvass_rules.predicate`: every
verdict is true or false, whatever is missing or of another type.
"""

from canvass_segments.compile.judging import NOW, Scope, judging
from canvass_segments.compile.looking import Looked

__all__ = ["NOW", "Looked", "Scope", "judging"]
