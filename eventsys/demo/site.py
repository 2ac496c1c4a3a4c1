"""What the demo's web site tells beside the events: news, a brochure that can be ordered, whom to write to. Made up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from eventsys.documents import make_pdf
from eventsys.organisers.models import Organiser
from eventsys.site.contacts import actions as contacts
from eventsys.site.library import actions as library
from eventsys.site.news import actions as news
from eventsys.site.orders import actions as orders
from eventsys.site.rules import ContactFacts, DocumentFacts, DocumentKind, NewsFacts, OrderFacts

OUT = (datetime(2008, 8, 11, 7, tzinfo=UTC), datetime(2008, 6, 19, 7, tzinfo=UTC))
NEWS = (
    NewsFacts(
        {
            "nb": "Høstens samlinger er klare",
            "nn": "Samlingane i haust er klare",
            "en": "The gatherings of the autumn are set",
        },
        {
            "nb": "Pulje III starter i august, og i november møtes alle tre puljer til kvalitetskonferanse.\n\n"
            "**Læringsseminar 2 holdes to ganger.** Velg den datoen som passer når du melder deg på.",
            "nn": "Pulje III startar i august, og i november møtest alle tre puljene til kvalitetskonferanse.\n\n"
            "**Læringsseminar 2 blir halde to gonger.** Vel den datoen som passar når du melder deg på.",
            "en": "Cohort III begins in August, and in November all three cohorts meet at the quality conference.\n\n"
            "**Learning seminar 2 is held twice.** Choose the date that suits you when you sign up.",
        },
        OUT[0],
    ),
    NewsFacts(
        {
            "nb": "Nye kommuner er tatt opp",
            "nn": "Nye kommunar er tekne opp",
            "en": "New municipalities have been admitted",
        },
        {
            "nb": "De nye kommunene utgjør pulje III. De er med i det regionale nettverket sitt fra første dag.",
            "nn": "Dei nye kommunane utgjer pulje III. Dei er med i det regionale nettverket sitt frå første dag.",
            "en": "The new municipalities are cohort III. They belong to their regional network from the first day.",
        },
        OUT[1],
    ),
)
BROCHURE = DocumentFacts(
    DocumentKind.BROCHURE,
    {"nb": "Slik arbeider vi", "nn": "Slik arbeider vi", "en": "How we work"},
    {
        "nb": "Om puljer, nettverk og hva de tre sidene gjør sammen.",
        "nn": "Om puljer, nettverk og kva dei tre sidene gjer saman.",
        "en": "About cohorts, networks, and what the three sides do together.",
    },
    on_paper=True,
    most_copies=100,
    published_at=OUT[1],
)
PARAGRAPHS = {
    "nb": [
        "Politikere, administrasjon og tillitsvalgte i kommunen arbeider sammen om bedre tjenester.",
        "Kommunene tas opp i puljer og møtes til læringsseminarer. Mellom seminarene møtes de i regionale nettverk.",
        "Hver kommune setter mål som kan måles etterpå, og deler det den lærer.",
    ],
    "nn": [
        "Politikarar, administrasjon og tillitsvalde i kommunen arbeider saman om betre tenester.",
        "Kommunane blir tekne opp i puljer og møtest til læringsseminar. Mellom seminara møtest dei i regionale nettverk.",
        "Kvar kommune set mål som kan målast etterpå, og deler det ho lærer.",
    ],
    "en": [
        "Politicians, administration and elected representatives of the municipality work together for better services.",
        "Municipalities are admitted in cohorts and meet at learning seminars; between them they meet in networks.",
        "Each municipality sets goals that can be measured afterwards, and shares what it learns.",
    ],
}
CONTACTS = (
    ContactFacts(
        "Solveig Lyngflaten",
        {"nb": "Prosjektleder", "nn": "Prosjektleiar", "en": "Project leader"},
        "solveig.lyngflaten@program.example",
        "",
    ),
)


def furnish(session: Session, secretariat: Organiser, *, now: datetime) -> None:
    """Everything above, and one order that waits for somebody to send it."""
    for facts in NEWS:
        news.add(session, organiser_id=secretariat.id, facts=facts, now=now)
    document = library.add(session, organiser_id=secretariat.id, facts=BROCHURE, now=now)
    for language, paragraphs in PARAGRAPHS.items():
        title = BROCHURE.title[language]
        values = {"organiser": secretariat.name, "paragraphs": paragraphs}
        leaflet = make_pdf("leaflet", values, title=title, language=language, at=now)
        library.add_version(session, document, language=language, name=f"{title}.pdf", content=leaflet, now=now)
    wanted = OrderFacts(
        40,
        "nn",
        "Turid Bakkelid",
        "Bø (Telemark)",
        "Bø kommune\nPostboks 1\n3833 Bø",
        "turid.bakkelid@bo-telemark.example",
    )
    orders.order(session, document, facts=wanted, form_token=document.slug, now=now)
    for contact in CONTACTS:
        contacts.add(session, organiser_id=secretariat.id, facts=contact)
