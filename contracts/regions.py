"""Regions of one deployment: how the setting that names them is read, and what the topics of others are called here.

Each region is whole: gateways, Kafka, jobs, Redis, ClickHouse. A mirror beside each region's Kafka copies what gateways
of the other regions wrote into topics of this Kafka that bear the region's name (`us.votes`), record by record and in
the order of each partition; the jobs read those beside their own, and so come to the same sums and ballots everywhere.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from contracts import limits
from contracts.topics import Topic


def read(text: str) -> dict[str, str]:
    """Return the regions that a setting names: name to the URL at which viewers reach its gateways.

    The setting is `NAME=URL,NAME=URL`; empty, there is one region and it has no name here. Raises ValueError with what
    is wrong with it.
    """
    regions: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, url = part.partition("=")
        if not re.fullmatch(limits.ID_PATTERN, name):
            raise ValueError(f"{name!r} is no name of a region: letters, digits, - and _, 64 at most")
        if name in regions:
            raise ValueError(f"region {name} is named twice")
        regions[name] = _address(name, url)
    for name, url in regions.items():
        if twice := [other for other, same in regions.items() if other != name and same == url]:
            raise ValueError(f"regions {name} and {twice[0]} have one address, {url}")
    return regions


def others(regions: Mapping[str, str], own: str) -> tuple[str, ...]:
    """Return the names of the regions beside `own`, sorted. Raises ValueError where the list leaves `own` out."""
    if regions and own not in regions:
        raise ValueError(f"region {own} is not among them: {', '.join(regions)}")
    return tuple(sorted(name for name in regions if name != own))


def write(regions: Mapping[str, str]) -> str:
    """Return the setting that `read` reads."""
    return ",".join(f"{name}={url}" for name, url in regions.items())


def mirrored(topic: Topic, region: str) -> Topic:
    """Return the topic that holds, in this region's Kafka, what was written to `topic` in another region."""
    return Topic(f"{region}.{topic.name}", topic.partitions, topic.config)


def _address(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        is_readable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        is_readable = False
    if not is_readable or "@" in url or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"region {name} needs the address of its gateways, {name}=https://HOST or {name}=http://HOST:PORT"
        )
    return url.rstrip("/")
