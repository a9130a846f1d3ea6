import json
from collections import Counter

from bench.polls.votes import Crowd
from contracts.buckets import partition
from contracts.choices import unpack
from jobs.dead_letters import reason_checker


def test_a_crowd_votes_as_gateways_write_it_and_knows_its_result() -> None:
    crowd = Crowd(voters=1_000, again=7, votes_per_record=30)
    reason = reason_checker("votes")
    first: dict[str, tuple[str, int]] = {}
    votes = 0
    for number, value in crowd.records(4):
        assert reason(value) is None
        for vote in json.loads(value)["votes"]:
            assert partition(vote["voter"], 4) == number
            votes += 1
            standing = first.get(vote["voter"])
            if standing is None or vote["receipt"] < standing[0]:
                first[vote["voter"]] = (vote["receipt"], vote["choices"])
    assert votes == crowd.votes == 1_070
    assert len(first) == 1_000
    assert Counter(option for _, choices in first.values() for option in unpack(choices)) == crowd.counted()
