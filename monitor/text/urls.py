"""Addresses as values: which are safe to show as a link, which are the same page.

Layer 0, standard library only; every function is linear in the length of its input. Syntax is
RFC 3986 as browsers are lenient about it (WHATWG URL, "url-parsing").
"""

import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

_SCHEME_AND_HOST: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_AUTHORITY_WITH_BACKSLASH: Final = re.compile(r"https?://[^/?#]*\\", re.IGNORECASE)
_UNSAFE: Final = re.compile(
    # controls, every kind of space, quotes and brackets of markup, direction and width marks
    "[\x00-\x20\x7f-\xa0\"'<>\\\\^`{|}\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u3000\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_ESCAPE: Final = re.compile(r"%[0-9a-fA-F]{2}")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}

_TRACKING_NAMES: Final = frozenset(
    "fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid cmpid"
    " cmp icid ocid smid xtor wt_mc wtmc wt.mc_id at_medium at_campaign at_bbc_team ns_campaign"
    " ns_mchannel ns_source ns_linkname ns_fee mkt_tok oly_anon_id oly_enc_id vero_id _hsenc"
    " _hsmi hsctatracking spm sr_share taid".split()
)
_TRACKING_PREFIXES: Final = ("utm_", "at_custom", "at_link_", "at_ptr_", "pk_", "mtm_", "piwik_")
_FEED_NAMES: Final = frozenset({"ref", "source", "src", "from", "partner", "feed", "via"})
_FEED_VALUES: Final = re.compile(
    r"(?:rss|atom|feeds?|newsletter|twitter|facebook)(?:[-_./0-9].{0,40})?|.{0,40}[-_](?:rss|feed)",
    re.IGNORECASE,
)


def safe_link(url: str) -> str:
    """``url`` if it is an http or https address with a host, made safe to stand in any message.

    Control characters, white space, quotes, angle brackets, backslashes, pipes and characters
    that reorder or hide text are percent-encoded; anything else is left as it came. Returns ""
    for other schemes, for no host, and for a host that held such a character.
    """
    url = url.strip().strip("\x00\ufeff").strip()
    if not _SCHEME_AND_HOST.match(url) or _AUTHORITY_WITH_BACKSLASH.match(url):
        return ""
    url = _UNSAFE.sub(_percent_encoded, url)
    parts = _split(url)
    if parts is None or not parts.hostname or "%" in parts.netloc.rpartition("@")[2]:
        return ""
    return url


def absolute_link(base: str, link: str) -> str:
    """``link`` as it stands in a document at ``base``, absolute and safe; "" if it leads nowhere.

    An empty ``link`` gives "" (and not the document itself, as RFC 3986, 5.2 would have it).
    """
    link = link.strip()
    if not link:
        return ""
    try:
        return safe_link(urljoin(base, link))
    except ValueError:
        return safe_link(link)


def clean_link(url: str) -> str:
    """``safe_link`` without fragment and tracking parameters: what a person should open."""
    url = safe_link(url)
    parts = _split(url)
    if parts is None or not url:
        return ""
    return _joined(parts.scheme, parts.netloc, parts.path, _kept_query(parts.query))


def canonical_url(url: str) -> str:
    """A key that is equal for addresses of the same page; "" where ``safe_link`` gives "".

    It is for comparing, not for opening: the scheme is always https (http and https serve the
    same article), scheme and host are in lower case, a default port, user name, fragment and
    tracking parameters are gone, remaining parameters keep their order, a slash at the end of
    the path is dropped (the home page keeps its "/"), hexadecimal digits of escapes are upper
    case. ``www.`` stays: some sites serve other things without it. Applying it twice changes
    nothing.
    """
    url = safe_link(url)
    parts = _split(url)
    if parts is None or not url:
        return ""
    place = (parts.hostname or "").rstrip(".")
    if not place:
        return ""
    if ":" in place:
        place = f"[{place}]"
    port = _port(parts)
    if port and port not in _DEFAULT_PORTS.values():
        place = f"{place}:{port}"
    path = _ESCAPE.sub(lambda found: found[0].upper(), parts.path).rstrip("/") or "/"
    return _joined("https", place, path, _kept_query(parts.query))


def origin(url: str) -> str:
    """Scheme, host and port (RFC 6454, 4), default port left out; "" if it is no http(s) address.

    ``https://example.org`` is not the origin of ``http://example.org``: this decides where
    credentials may go.
    """
    parts = _split(safe_link(url))
    if parts is None or not parts.hostname:
        return ""
    place = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = _port(parts)
    scheme = parts.scheme.lower()
    return f"{scheme}://{place}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def host(url: str) -> str:
    """The host in lower case without port; "" if ``url`` is no http(s) address."""
    parts = _split(safe_link(url))
    return (parts.hostname or "") if parts else ""


def is_home_page(url: str) -> bool:
    """Whether ``url`` names a site and no page of it."""
    parts = _split(safe_link(url))
    return parts is not None and parts.path.rstrip("/") in ("", "/index.html") and not parts.query


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _port(parts: SplitResult) -> str:
    return "" if parts.port is None else str(parts.port)


def _joined(scheme: str, place: str, path: str, query: str) -> str:
    return f"{scheme}://{place}{path}" + (f"?{query}" if query else "")


def _kept_query(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _FEED_NAMES and _FEED_VALUES.fullmatch(value[:100]) is not None


def _percent_encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
