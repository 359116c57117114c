"""Which machines Loupe connects to: public ones only, at the very address that was checked."""

import ipaddress
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from core.errors import LoupeError

PORTS = {"http": 80, "https": 443}
# IPv6 addresses of this net stand for IPv4 addresses behind a translator (RFC 6052).
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddress(LoupeError):
    """A host that lies on this computer or in its private network."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a machine that anyone on the internet can reach.

    IPv6 addresses that carry an IPv4 address within are judged by that one.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _carried(found)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def place_of(url: str) -> str:
    """`host:port` of an address, in lower case; empty when it is none of http or https."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return ""
    if parts.scheme not in PORTS or not parts.hostname:
        return ""
    return f"{parts.hostname.lower()}:{port}"


class GuardedAdapter(HTTPAdapter):
    """Connects to public addresses only.

    The name is looked up once, all its addresses are checked, and the connection is made to
    a checked address: a name that answers differently the second time gains nothing.

    Args:
        allowed: Places as `place_of` writes them which may be anywhere.
        header_seconds: How long the beginning of an answer may take in all.
    """

    def __init__(self, allowed: Collection[str] = (), header_seconds: float = 40, **options: Any):
        self._allowed = frozenset(allowed)
        self._header_seconds = header_seconds
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _guarded_pools(
            self._allowed, self._header_seconds
        )


class _Watched(HTTPConnection):
    """Hangs up on a server that sends the beginning of its answer byte by byte.

    The read timeout begins anew with each byte.
    """

    header_seconds: float

    def getresponse(self) -> Any:
        late = threading.Event()
        watch = threading.Timer(self.header_seconds, _hang_up, [self, late])
        watch.daemon = True
        watch.start()
        try:
            answer = super().getresponse()
        finally:
            watch.cancel()
        if late.is_set():  # a header that was cut off reads as the last one
            answer.close()
            self.close()
            raise TimeoutError("The beginning of the answer took too long.")
        return answer


def _hang_up(connection: HTTPConnection, late: threading.Event) -> None:
    late.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _guarded_pools(allowed: frozenset[str], seconds: float) -> dict[str, Any]:
    class Plain(_Watched):
        header_seconds = seconds

        def _new_conn(self) -> socket.socket:
            return _connect(self, allowed)

    class Secure(_Watched, HTTPSConnection):
        header_seconds = seconds

        def _new_conn(self) -> socket.socket:
            return _connect(self, allowed)

    plain = type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("GuardedPool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return {"http": plain, "https": secure}


def _connect(connection: HTTPConnection, allowed: frozenset[str]) -> socket.socket:
    host, port = connection.host.strip("[]"), connection.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(host, connection, reason) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if f"{host.lower()}:{port}" not in allowed and not all(map(is_public, addresses)):
        raise RefusedAddress(
            f"{host[:80]} lies on this computer or in its private network; "
            "photos are fetched from public servers only."
        )
    failure: OSError | None = None
    for address in addresses:
        try:
            return create_connection(
                (address, port), connection.timeout, socket_options=connection.socket_options
            )
        except OSError as error:
            failure = error
    raise NewConnectionError(connection, f"no answer ({failure})") from failure
