"""Verbs of the intake: assessing, deciding under the ceiling, and the letters about it. The caller owns the transaction."""

from eventsys.programmes.intake.actions.assessing import (
    add_criterion,
    appoint,
    change_criterion,
    dismiss,
    disqualify,
    lift_disqualification,
    move_criterion,
    remove_criterion,
    save_assessment,
    set_case_number,
    shortlist,
)
from eventsys.programmes.intake.actions.deciding import decide, reverse
from eventsys.programmes.intake.actions.letters import edit_letter, prepare_letters, send_letters, set_ready

__all__ = [
    "add_criterion",
    "appoint",
    "change_criterion",
    "decide",
    "dismiss",
    "disqualify",
    "edit_letter",
    "lift_disqualification",
    "move_criterion",
    "prepare_letters",
    "remove_criterion",
    "reverse",
    "save_assessment",
    "send_letters",
    "set_case_number",
    "set_ready",
    "shortlist",
]
