"""URLs of a cluster: `redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT`, nodes of which one must answer."""

from urllib.parse import urlsplit

_SCHEMES = {"redis+cluster": "redis", "rediss+cluster": "rediss"}
PORT = 6379

Address = tuple[str, int]
"""Host and port of a node."""


def is_cluster(url: str) -> bool:
    """Return whether a URL of Redis names a cluster."""
    return url.partition("://")[0] in _SCHEMES


def node_urls(url: str) -> list[str]:
    """Return the URL of each node that the URL of a cluster names, as one of a single Redis."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    scheme = _SCHEMES[parts.scheme]
    return [parts._replace(scheme=scheme, netloc=f"{user}{at}{host}").geturl() for host in hosts.split(",")]


def addresses(url: str) -> list[Address]:
    """Return where those nodes are."""
    parts = [urlsplit(each) for each in node_urls(url)]
    return [(each.hostname or "localhost", each.port or PORT) for each in parts]


def url_of(url: str, address: Address) -> str:
    """Return the URL of another node of the cluster at `url`, with the same user and password."""
    host, port = address
    parts = urlsplit(node_urls(url)[0])
    user, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{at}{f'[{host}]' if ':' in host else host}:{port}").geturl()
