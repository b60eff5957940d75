"""Made-up reports. Both shipped rules fire on each of the three; nobody in them is real."""

from dataclasses import dataclass

BOTH = ("eu-antitrust-ai", "microsoft-mistral")

MICROSOFT_ONLY_SUMMARY = "Microsoft takes a small stake in Mistral AI and will sell its models."


@dataclass(frozen=True, slots=True)
class Report:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


INQUIRY = Report(
    "Brussels opens inquiry into Microsoft's stake in Mistral AI",
    (
        "The European Commission has opened an antitrust inquiry into the partnership between "
        "Microsoft and Mistral AI, an official said on Monday after a week of talks.",
        "The software group paid for a small stake in the Paris start-up in spring. In return its "
        "customers can rent the language models of the young company by the hour, on machines "
        "that stand in four countries.",
        "A decision is not expected before the autumn. Lawyers who know such cases say that first "
        "talks of this kind take half a year, and that most end without a fine.",
    ),
)
QUESTIONS = Report(
    "Cloud giant gets questions about its French ally",
    (
        "Competition regulators of the European Union want to know more about Microsoft's "
        "investment in Mistral AI. Two rivals received questionnaires last week, they said.",
        "The sums are small by the measure of the trade. What interests the officials is whether "
        "other clouds can still offer the newest models on the same day, and at which price.",
        "The company answered that it welcomes the questions and that nothing in the contract "
        "keeps anybody from choosing another supplier at any time.",
    ),
)
SCRUTINY = Report(
    "Regulators circle a deal signed in a hurry",
    (
        "Microsoft faces antitrust scrutiny in the European Union over its agreement with the AI "
        "developer Mistral AI, according to people who have read a letter from the authority.",
        "The letter asks for board papers of two years and for the names of everybody who saw "
        "them before the signing. It leaves three weeks for an answer.",
        "Shares of the larger partner hardly moved. Analysts had expected the step since the day "
        "on which the two published their plans, late on a Friday.",
    ),
)
REPORTS = (INQUIRY, QUESTIONS, SCRUTINY)

FERRY = Report(
    "New ferry links two islands",
    (
        "The harbour authority of a northern island took a new ferry into service on Tuesday. It "
        "carries ninety cars and runs four times a day, twice in winter.",
        "The ship was built over three years in a yard that had never made one of this size. The "
        "first crossing took eleven minutes longer than planned because of fog.",
    ),
)
