import pytest

from contracts.redis_cluster.urls import addresses, is_cluster, node_urls, url_of

URL = "rediss+cluster://ovation:pa%2Fss@one:7000,[::1]:7001,three?ssl_cert_reqs=none"


@pytest.mark.parametrize("url", ["redis://h:1/0", "unix:///run/redis.sock", "redis+sentinel://h"])
def test_other_urls_name_one_redis(url: str) -> None:
    assert not is_cluster(url)


def test_each_node_has_the_user_the_password_and_the_options() -> None:
    assert is_cluster(URL)
    assert node_urls(URL) == [
        "rediss://ovation:pa%2Fss@one:7000?ssl_cert_reqs=none",
        "rediss://ovation:pa%2Fss@[::1]:7001?ssl_cert_reqs=none",
        "rediss://ovation:pa%2Fss@three?ssl_cert_reqs=none",
    ]
    assert addresses(URL) == [("one", 7000), ("::1", 7001), ("three", 6379)]


def test_a_node_that_the_others_name_is_reached_as_they_are() -> None:
    assert url_of(URL, ("10.0.0.7", 7003)) == "rediss://ovation:pa%2Fss@10.0.0.7:7003?ssl_cert_reqs=none"
    assert url_of(URL, ("fd00::1", 7003)) == "rediss://ovation:pa%2Fss@[fd00::1]:7003?ssl_cert_reqs=none"
    assert url_of("redis+cluster://h", ("other", 1)) == "redis://other:1"
