from collections.abc import Iterator
from typing import Any

import pytest

from ovation.migrations import migrate
from ovation.verify import history_account
from ovation.verify.compare import compare
from ovation.verify.numbers import InPoll, Span, Total
from tests.sql import crowd
from tests.sql.server import MIGRATIONS, running

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        migrate(server.url, "default", "", MIGRATIONS, lambda _: None)
        client = server.client()
        crowd.insert_all(client)
        yield client
        client.close()


def test_windows_minutes_and_hours_say_the_same(client: Any) -> None:
    windows = history_account.read(client, crowd.STREAM)
    fires = sum(count for (_, emoji), count in crowd.taps().items() if emoji == "🔥")
    rolled_up = history_account.read_roll_ups(client, crowd.STREAM)
    for account in (windows, *rolled_up):
        assert account.says(Total("🔥")) == Span.exactly(fires)
    assert compare([windows, *rolled_up]) == []
    assert {account.says(InPoll(crowd.POLL, "voters")) for account in rolled_up} == {None}


def test_a_sum_that_has_more_is_found(client: Any) -> None:
    client.command("INSERT INTO ovation.reaction_hours VALUES ('finals', '2026-01-10 21:00:00', '🔥', 'eu', 1, 1)")
    accounts = [history_account.read(client, crowd.STREAM), *history_account.read_roll_ups(client, crowd.STREAM)]
    [difference] = compare(accounts)
    assert difference.key == Total("🔥")
