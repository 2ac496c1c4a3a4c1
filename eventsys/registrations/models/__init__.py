"""Tables of registrations: seats with their history, the questions of a form and their answers, what is limited."""

from eventsys.registrations.models.limits import (
    HeldPlaces,
    Quota,
    RegistrationNight,
    RoomBlock,
    RunNight,
    SessionSeat,
)
from eventsys.registrations.models.questions import (
    AnswerFile,
    PlainAnswer,
    Question,
    QuestionVersion,
    SensitiveAnswer,
)
from eventsys.registrations.models.seats import (
    ChangeRequest,
    Delegation,
    Registration,
    RegistrationChange,
    SensitiveAccess,
    UnionPosition,
)

__all__ = [
    "AnswerFile",
    "ChangeRequest",
    "Delegation",
    "HeldPlaces",
    "PlainAnswer",
    "Question",
    "QuestionVersion",
    "Quota",
    "Registration",
    "RegistrationChange",
    "RegistrationNight",
    "RoomBlock",
    "RunNight",
    "SensitiveAccess",
    "SensitiveAnswer",
    "SessionSeat",
    "UnionPosition",
]
