"""A made-up evening, as the gateway tells it: an hour and a half of taps with three bursts, and three polls."""

import math
import random
from typing import Any

from gateway.control.model import Option, Stream
from gateway.history.answers import Moment, PollStep, PollTimeline
from gateway.routes.poll_shapes import OptionResult, PollAnswer, PollResults

STREAM = "finale"
TITLE = "Sunday final, live from the lake"
EMOJIS = ("🔥", "👏", "😂", "😮", "💙", "🎉")
BEGIN = 1_768_075_207_000
"""2026-01-10 20:00:07 UTC."""
LASTS_S = 5_700
BURSTS = {1_260: 9.0, 2_890: 5.0, 4_880: 14.0}
"""Second of the video to how loud it is."""

Taps = dict[int, dict[str, int]]
"""From the second of the video to taps by emoji."""


def stream(**more: Any) -> Stream:
    """Return the stream as it stands in `control`."""
    fields: dict[str, Any] = {
        "region": "eu",
        "edge": "test",
        "at": BEGIN,
        "revision": 1,
        "stream_id": STREAM,
        "title": TITLE,
        "emojis": EMOJIS,
        "status": "ended",
        "created_at": BEGIN,
        "ended_at": BEGIN + LASTS_S * 1000,
    }
    return Stream(**(fields | more))


def taps(emojis: tuple[str, ...] = EMOJIS, lasts_s: int = LASTS_S) -> Taps:
    """Return a lively crowd's taps: waves, three bursts that fade, and a mix that turns."""
    chance = random.Random(7)
    found: Taps = {}
    for second in range(lasts_s):
        level = 9 + 5 * math.sin(second / 700) + 3 * math.sin(second / 110)
        level += sum(8 * loud * math.exp(-(second - at) / 45) for at, loud in BURSTS.items() if at <= second < at + 400)
        counts = {}
        for place, emoji in enumerate(emojis):
            share = (1 + math.sin(second / 900 + place * 2)) / (1 + place)
            if count := max(0, round(chance.gauss(level * share / 2, math.sqrt(level * share / 2)))):
                counts[emoji] = count
        if counts:
            found[second] = counts
    return found


def moments() -> list[Moment]:
    """Return the bursts, the highest first."""
    ranked = sorted(BURSTS.items(), key=lambda burst: -burst[1])
    return [
        Moment(
            begins=BEGIN + second * 1000,
            ends=BEGIN + (second + 60) * 1000,
            at_s=second,
            taps=round(loud * 400),
            peak=BEGIN + second * 1000,
            score=round(loud * 2.1, 1),
            leader=EMOJIS[place],
        )
        for place, (second, loud) in enumerate(ranked)
    ]


def poll(poll_id: str, question: str, votes: dict[str, int], *, opened_s: int, status: str, **more: Any) -> PollResults:
    """Return a poll with its numbers; `votes` are by the options' texts."""
    texts = list(votes)
    closed = None if status == "open" else BEGIN + (opened_s + 300) * 1000
    voters = more.pop("voters", sum(votes.values()))
    fields: dict[str, Any] = {
        "stream_id": STREAM,
        "poll_id": poll_id,
        "question": question,
        "options": tuple(
            OptionResult(id=str(number), text=text, votes=votes[text]) for number, text in enumerate(texts, 1)
        ),
        "max_choices": 1,
        "allow_change": False,
        "allow_withdraw": False,
        "results": "always",
        "status": status,
        "created_at": BEGIN,
        "opens_at": None,
        "opened_at": BEGIN + opened_s * 1000,
        "closes_at": closed,
        "closes_in_s": None,
        "closed_at": closed,
        "final_at": closed and closed + 4_000,
        "revision": 3,
        "as_of": BEGIN,
        "is_final": status == "final",
        "results_hidden": False,
        "voters": voters,
        "received": voters + 13,
        "replaced": 0,
        "withdrawn": 0,
        "duplicate": 9,
        "late": 4,
        "invalid": 0,
        "ineligible": 0,
        "version": voters,
    }
    return PollResults(**(fields | more))


def polls() -> list[PollResults]:
    """Return three polls: one that turned late, one of several choices with right answers, and a cancelled one."""
    return [
        poll(
            "goal",
            "Who scores the next goal?",
            {"Ada": 1_420, "Bela": 1_655, "Chidi": 610},
            opened_s=1_200,
            status="final",
        ),
        poll(
            "quiz",
            "Which of these lakes are natural?",
            {"Lake Constance": 2_204, "Möhnesee": 731, "Lake Garda": 1_967, "Edersee": 402},
            opened_s=3_000,
            status="final",
            max_choices=2,
            voters=2_790,
            correct=("1", "3"),
        ),
        poll("rain", "Will the rain hold off?", {"Yes": 0, "No": 0}, opened_s=4_000, status="cancelled"),
    ]


def listed(poll: PollResults) -> PollAnswer:
    """Return a poll as a list of them has it: without numbers."""
    names = PollAnswer.__struct_fields__
    fields = {name: getattr(poll, name) for name in names}
    return PollAnswer(**(fields | {"options": tuple(Option(each.id, each.text) for each in poll.options)}))


def course(poll: PollResults, step_s: int = 5) -> PollTimeline:
    """Return how the votes came in: many at once, fewer later, and the second option catching up."""
    steps: list[PollStep] = []
    so_far = dict.fromkeys((option.id for option in poll.options), 0)
    opened = poll.opened_at or BEGIN
    for number in range(60):
        done = 1 - math.exp(-(number + 1) / 12)
        votes = {}
        for option in poll.options:
            swing = done ** (1.8 if option.id == "2" else 1) if number < 59 else 1
            got = round(int(option.votes or 0) * swing) - so_far[option.id]
            if got > 0:
                votes[option.id] = got
                so_far[option.id] += got
        if votes:
            start = opened + number * step_s * 1000
            steps.append(PollStep(start, votes, {option: so_far[option] for option in votes}))
    return PollTimeline(stream_id=STREAM, poll_id=poll.poll_id, step_s=step_s, steps=steps)
