"""The form of a call as if somebody had typed the call as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eventsys.programmes.models import Call, Cohort, Intake
from eventsys.workspace.forms import LANGUAGES, Typed, write_day


def type_call(call: Call, intakes: Sequence[tuple[Intake, Cohort | None]]) -> Typed:
    typed = {"edition": str(call.edition), "case_number": call.case_number, "intakes": str(len(intakes))}
    typed |= _type_languages("title", call.title) | _type_languages("body", call.body)
    typed |= {"closes_on": write_day(call.closes_local.date()), "closes_at": f"{call.closes_local:%H.%M}"}
    for row, (intake, cohort) in enumerate(intakes):
        typed |= _type_languages("name", intake.name, f"-{row}")
        typed |= {
            f"ordinal-{row}": str(intake.ordinal),
            f"ceiling-{row}": str(intake.ceiling),
            f"beside-{row}": str(intake.beside or ""),
            f"cohort-{row}": cohort.slug if cohort else "",
            f"decides_on-{row}": write_day(intake.decides_on),
            f"starts_on-{row}": write_day(intake.starts_on),
        }
    return Typed(typed)


def _type_languages(name: str, text: Mapping[str, str], suffix: str = "") -> dict[str, str]:
    return {f"{name}_{code}{suffix}": text.get(code, "") for code in LANGUAGES}
