"""Both stores take what is written; how fast, is not asked here."""

from pathlib import Path

import clickhouse_connect
import redis

from bench import stores
from local.settings import read_settings


def test_both_stores_have_what_was_written(tmp_path: Path) -> None:
    with stores.both(read_settings(tmp_path, ephemeral_ports=True)) as found:
        assert stores.redis_alone(found, 0.2) > 0
        assert stores.clickhouse_alone(found, 0.2) > 0
        with redis.Redis.from_url(found.settings.redis_url.get_secret_value(), decode_responses=True) as live:
            assert set(live.hgetall("ovation:{stream-0}:reactions")) == set(stores.EMOJIS)
        history = clickhouse_connect.get_client(dsn=found.settings.clickhouse_url, interface="http")
        rows = history.query(
            "SELECT uniqExact(stream_id), min(reactions), max(reactions) FROM ovation.reactions"
        ).result_rows
        assert rows == [(stores.STREAMS, 7, 7)]
        history.close()
