from collections.abc import Callable

import pytest
from pydantic import SecretStr, ValidationError

from contracts.store_urls import checked_clickhouse, checked_redis
from gateway.settings import Settings
from jobs.settings import JobSettings
from ovation.addresses import Addresses

GOOD = [
    (checked_redis, "redis://localhost"),
    (checked_redis, "rediss://ovation:pa%2Fss@redis:6379/0"),
    (checked_redis, "redis://[::1]:6379/1"),
    (checked_redis, "unix:///run/redis.sock?db=1"),
    (checked_redis, "redis+cluster://localhost"),
    (checked_redis, "rediss+cluster://ovation:pa%2Fss@one:7000,[::1]:7001,three/0"),
    (checked_clickhouse, "http://127.0.0.1:8123"),
    (checked_clickhouse, "https://clickhouse.example:8443/proxy"),
]
BAD = [
    *((checked_redis, f"{url}") for url in ("xyzzy", "redis://:xyzzy/word@h:1/0", "redis://:xyzzy#word@h")),
    *(
        (checked_redis, f"redis+cluster://{rest}")
        for rest in ("h:1/3?xyzzy", "h:1,:xyzzy@h:x", ":xyzzy/w@h", "h,,xyzzy")
    ),
    *((checked_redis, f"{url}") for url in ("redis://:xyzzy@h:x", "redis://:xyzzy@[h", "http://xyzzy")),
    *((checked_clickhouse, f"{url}") for url in ("http://ovation:xyzzy@h:8123", "http://h:8123/?password=xyzzy")),
    *((checked_clickhouse, f"{url}") for url in ("http://h:xyzzy", "xyzzy://h")),
]


@pytest.mark.parametrize(("check", "url"), GOOD)
def test_a_good_one_stays_as_it_is(check: Callable[[str], str], url: str) -> None:
    assert check(url) == url


@pytest.mark.parametrize(("check", "url"), BAD)
def test_a_bad_one_is_refused_without_a_word_of_it(check: Callable[[str], str], url: str) -> None:
    with pytest.raises(ValueError, match="is no URL of a") as refused:
        check(url)
    assert "xyzzy" not in str(refused.value)
    assert refused.value.__cause__ is refused.value.__context__ is None


@pytest.mark.parametrize(("check", "url"), BAD)
@pytest.mark.parametrize("program", [Settings, JobSettings, Addresses])
def test_every_program_refuses_it_so(program: type, check: Callable[[str], str], url: str) -> None:
    name = "redis_url" if check is checked_redis else "clickhouse_url"
    needed = {name: SecretStr("k" * 40) for name in ("api_keys", "token_secret", "voter_secret")}
    with pytest.raises(ValidationError, match="is no URL of a") as refused:
        program(**{**needed, name: url})
    assert "xyzzy" not in str(refused.value)
