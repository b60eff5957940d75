"""Which address of a site is asked next, and when it is enough; pure (layer 1).

A site is asked at most ``MOST_REQUESTS`` times, best leads first. Usual places are tried only where
the site itself names no feed, and pages that list feeds are followed one level deep.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from monitor.feeds.discover_links import Lead, Way, robots, usual_places
from monitor.text.urls import canonical_url

MOST_REQUESTS: Final = 20
_MOST_OF: Final = {Way.PAGE: 3, Way.USUAL: 9, Way.SITEMAP: 4, Way.COMMENTS: 1}


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked, and what may be asked."""

    site: str
    waiting: tuple[Lead, ...] = ()
    asked: frozenset[str] = frozenset()  # as canonical addresses
    done: tuple[Way, ...] = ()  # one for each request
    fallback: bool = False  # usual places and robots.txt are among the leads
    most: int = MOST_REQUESTS


def begin(site: str, most: int = MOST_REQUESTS) -> Plan:
    """The plan that asks ``site`` first."""
    return Plan(site, (Lead(site, Way.GIVEN),), most=most)


def with_leads(plan: Plan, leads: Iterable[Lead], *, from_list: bool = False) -> Plan:
    """The plan with further leads; of those on a page that lists feeds, no further page."""
    known = {canonical_url(lead.url) for lead in plan.waiting} | plan.asked
    new: list[Lead] = []
    for lead in leads:
        key = canonical_url(lead.url)
        if key and key not in known and not (from_list and lead.way is Way.PAGE):
            known.add(key)
            new.append(lead)
    waiting = sorted((*plan.waiting, *new), key=lambda lead: lead.way)  # stable: order of the page
    return replace(plan, waiting=tuple(waiting))


def moved_to(plan: Plan, url: str) -> Plan:
    """The plan where the site's own address led elsewhere."""
    return replace(plan, site=url, asked=plan.asked | {canonical_url(url)})


def next_lead(plan: Plan, *, found: bool) -> tuple[Lead, Plan] | None:
    """The lead to ask now, and the plan after it; None: it is enough.

    ``found``: at least one feed was found, so that nothing needs guessing. robots.txt is asked
    anyway: it may name a sitemap of news.
    """
    if len(plan.done) >= plan.most:
        return None
    plan = _with_fallback(plan)
    for at, lead in enumerate(plan.waiting):
        if found and lead.way is Way.USUAL:
            continue
        if plan.done.count(lead.way) >= _MOST_OF.get(lead.way, plan.most):
            continue
        return lead, replace(
            plan,
            waiting=plan.waiting[:at] + plan.waiting[at + 1 :],
            asked=plan.asked | {canonical_url(lead.url)},
            done=(*plan.done, lead.way),
        )
    return None


def listed(plan: Plan, index: Lead, sitemaps: Iterable[Lead]) -> Plan:
    """The plan with the sitemaps of an index; one that was asked for itself, and nothing else."""
    if index.way is Way.GIVEN:
        plan = replace(plan, waiting=(), fallback=True)
    return with_leads(plan, sitemaps)


def proven(plan: Plan, index: Lead) -> Plan:
    """The plan after a sitemap of ``index`` was read: the others of it are not needed."""
    waiting = tuple(lead for lead in plan.waiting if lead.index != index)
    return replace(plan, waiting=waiting)


def untried(plan: Plan) -> tuple[Lead, ...]:
    """The leads to feeds that the site named and nobody asked."""
    return tuple(lead for lead in plan.waiting if lead.way in (Way.LINK, Way.ANCHOR))


def _with_fallback(plan: Plan) -> Plan:
    """Once the site's own address was asked, what it does not name itself."""
    if plan.fallback or not plan.done:
        return plan
    guesses = (*usual_places(plan.site), robots(plan.site))
    return replace(with_leads(plan, guesses), fallback=True)
