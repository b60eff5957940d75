"""One request to a hub, as a value: never raises for what the network does.

Layer 3. The hub's address comes from a feed, so it goes through the guarded way out like any other:
no private addresses, no cookies, no credentials of the feed. Source: WebSub, 5.1.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

import httpx

from monitor.feeds.freshness import freshness
from monitor.net.failures import RefusedAddress, explain
from monitor.net.urls import host_of, origin, vet_location, vet_url
from monitor.websub.course import LEASE_ASKED
from monitor.websub.subscription import Accepted, Failed, Mode, Subscription

TIMEOUT: Final = 20.0  # seconds; some hubs verify before they answer
_MOST_HOPS: Final = 3
_REPEATED: Final = frozenset((307, 308))  # the same request elsewhere (WebSub, 5.1.2)


async def ask_hub(
    client: httpx.AsyncClient, subscription: Subscription, mode: Mode, within: float = TIMEOUT
) -> Accepted | Failed:
    """Send ``mode`` for ``subscription`` to its hub; ``within`` is seconds for everything.

    Nothing of the answer's body is read: hubs explain themselves in pages of HTML.
    """
    form = {
        "hub.mode": mode.value,
        "hub.topic": subscription.topic,
        "hub.callback": subscription.callback,
    }
    if mode is Mode.SUBSCRIBE:
        form["hub.lease_seconds"] = str(LEASE_ASKED)
        form["hub.secret"] = subscription.secret.reveal()
    try:
        url = vet_url(subscription.hub)
    except ValueError as error:
        return Failed(f"the hub cannot be asked: {error}", certain=True)
    try:
        async with asyncio.timeout(within):
            return await _post(client, url, form)
    except TimeoutError:
        return Failed(f"the hub {host_of(url)} took longer than {within:g} s", certain=False)


async def _post(client: httpx.AsyncClient, url: str, form: dict[str, str]) -> Accepted | Failed:
    for _ in range(_MOST_HOPS + 1):
        host = host_of(url)
        try:
            request = client.build_request("POST", url, data=form)
            response = await client.send(request, stream=True, follow_redirects=False)
            await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, RefusedAddress) as error:
            _, message = explain(error, host)
            not_sent = isinstance(error, httpx.ConnectError | httpx.InvalidURL | RefusedAddress)
            return Failed(f"the hub could not be asked: {message}", certain=not_sent)
        if response.status_code in _REPEATED:
            try:
                url = _next(url, response)
            except ValueError as error:
                return Failed(f"the hub {host} redirects wrongly: {error}", certain=True)
            continue
        if response.is_success:
            return Accepted()
        wish = freshness(response.headers, datetime.now(UTC)).retry_after
        message = f"the hub {host} answered {response.status_code}"
        return Failed(message, certain=True, retry_after=wish)
    return Failed(f"the hub {host_of(url)} redirects in a circle", certain=True)


def _next(url: str, response: httpx.Response) -> str:
    """Where to send the request instead; the secret in it never leaves https for http."""
    there = vet_location(url, response.headers.get("location", ""))
    if origin(url)[0] == "https" and origin(there)[0] != "https":
        raise ValueError("from https to http")
    return there
