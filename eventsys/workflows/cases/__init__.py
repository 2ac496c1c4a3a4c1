"""Mail about calls, applications and decisions: each act of a case's history told once, to whom it concerns."""

# What notices changes uses these modules and is used by them: whichever is asked for first, it is read first.
import eventsys.workflows.actions  # noqa: F401
