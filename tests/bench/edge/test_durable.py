"""What is counted is right; how fast anything is, is not asked here."""

from bench import durable
from bench.edge.producer import records_per_s
from local.settings import StackSettings


def test_every_vote_is_taken(settings: StackSettings) -> None:
    ((stormed, per_s, answers),) = durable.measure(settings, connections=20, seconds=0.5, rounds=1, load=0.3)
    assert stormed.taken == stormed.answers >= 20
    assert answers.lost == 0
    assert answers.statuses == {202: round(per_s * 0.5)}


def test_a_producer_alone(settings: StackSettings) -> None:
    assert records_per_s(settings.kafka_bootstrap, 0.2) > 0
