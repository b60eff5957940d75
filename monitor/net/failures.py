"""What a failed request means: one httpx exception, one FetchProblem, one sentence for people.

Layer 2, pure: exceptions in, exceptions and values out. aiohttp's texts hold whole URLs, and a URL
may be a secret (a webhook's is), so none of them survives: the sentence names the host alone.
"""

import errno
import ssl
from typing import Final

import aiohttp
import httpx

from monitor.errors import PermanentNotifyError
from monitor.model import FetchProblem


class RefusedAddress(PermanentNotifyError):  # noqa: N818  # says what is the case
    """An address that must not be dialled; its text is the verdict of ``monitor.net.addresses``.

    It is a PermanentNotifyError because a notifier aimed at such an address will never deliver.
    """


class NameNotFound(httpx.ConnectError):
    """The host's name has no address, or no name server answered."""


class BadCertificate(httpx.ConnectError):
    """The host's certificate is expired, unknown or another host's, or TLS itself failed."""


_BY_ERRNO: Final = {
    errno.ECONNREFUSED: "{host} refused the connection",
    errno.ENETUNREACH: "there is no way to the network of {host}",
    errno.EHOSTUNREACH: "there is no way to {host}",
    errno.ECONNRESET: "{host} broke the connection",
    errno.ETIMEDOUT: "{host} did not answer",
}

_PROBLEMS: Final[tuple[tuple[type[Exception], FetchProblem], ...]] = (
    (RefusedAddress, FetchProblem.REFUSED_ADDRESS),
    (NameNotFound, FetchProblem.DNS),
    (BadCertificate, FetchProblem.TLS),
    (httpx.TimeoutException, FetchProblem.TIMEOUT),
    (httpx.LocalProtocolError, FetchProblem.BAD_URL),
    (httpx.UnsupportedProtocol, FetchProblem.BAD_URL),
    (httpx.InvalidURL, FetchProblem.BAD_URL),
    (httpx.RemoteProtocolError, FetchProblem.BAD_BODY),
    (httpx.DecodingError, FetchProblem.BAD_BODY),
)


def translate(error: Exception, host: str) -> httpx.TransportError:
    """The httpx exception for what aiohttp raised while asking ``host``.

    Only ConnectError, ConnectTimeout and ProxyError promise that the request did not arrive; a
    sender may repeat it without fear of a second delivery. The text is a sentence for people.
    """
    match error:
        case aiohttp.ClientConnectorDNSError():
            return NameNotFound(f"the name {host} was not found")
        case aiohttp.ClientConnectorCertificateError():
            return BadCertificate(f"the certificate of {host} is not valid{_because(error)}")
        case aiohttp.ClientConnectorSSLError():
            return BadCertificate(f"{host} does not speak TLS as it should")
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return httpx.ProxyError("the proxy gave no connection")
        case aiohttp.ClientConnectorError():
            text = _BY_ERRNO.get(error.errno or 0, "no connection to {host}")
            return httpx.ConnectError(text.format(host=host))
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(f"{host} did not answer")
        case TimeoutError():
            return httpx.ReadTimeout(f"{host} did not answer in time")
        case aiohttp.ServerDisconnectedError():
            return httpx.RemoteProtocolError(f"{host} closed the connection without an answer")
        case aiohttp.ClientPayloadError():
            return httpx.RemoteProtocolError(f"the answer of {host} broke off")
        case aiohttp.ClientResponseError():
            return httpx.RemoteProtocolError(f"{host} sent an answer that is not proper HTTP")
        case aiohttp.ClientConnectionError():
            return httpx.ReadError(f"{host} broke the connection")
        case aiohttp.InvalidURL() | ValueError():
            return httpx.LocalProtocolError(f"the request to {host} cannot be written")
        case _:
            return httpx.ReadError(f"the exchange with {host} failed ({type(error).__name__})")


def explain(error: Exception, host: str) -> tuple[FetchProblem, str]:
    """The problem behind an exception of ``Outbound``'s clients, and its sentence."""
    for kind, problem in _PROBLEMS:
        if isinstance(error, kind):
            return problem, str(error) or f"{problem.value} while asking {host}"
    return FetchProblem.CONNECT, str(error) or f"no connection to {host}"


def _because(error: aiohttp.ClientConnectorCertificateError) -> str:
    """OpenSSL's own words ("certificate has expired"), which name no secret."""
    inner = error.certificate_error
    if isinstance(inner, ssl.SSLCertVerificationError) and inner.verify_message:
        return f": {inner.verify_message}"
    return ""
