"""What a returned mail says and what is kept of it, from its bytes alone."""

from eventsys.mailing.returns.rules.keeping import MOST_KEPT
from eventsys.mailing.returns.rules.reading import MOST_READ, Fate, Returned, find_public_id, read

__all__ = ["MOST_KEPT", "MOST_READ", "Fate", "Returned", "find_public_id", "read"]
