"""One stream of the audience's own: its poll, its account, its screens."""

from dataclasses import dataclass, field

from ovation.audience import ledger
from ovation.audience.latencies import Latencies
from ovation.audience.screen import Screen
from ovation.audience.tap_to_screen import TapToScreen
from ovation.client.gateway import GatewayClient


@dataclass(frozen=True, slots=True)
class Stage:
    """A stream with one open poll. `token` is that of its audience's overlay, which only watches."""

    stream_id: str
    poll_id: str
    option_ids: tuple[str, ...]
    emojis: tuple[str, ...]
    token: str = field(repr=False)
    account: ledger.Stream
    tap_to_screen: TapToScreen
    screens: list[Screen]

    @property
    def ballots(self) -> ledger.Ballots:
        """The account of its poll."""
        return self.account.polls[self.poll_id]

    @property
    def steps_back(self) -> int:
        """How many numbers went back on its screens, and not by votes that raced."""
        return sum(screen.steps_back for screen in self.screens) + len(self._raced_too_far)

    @property
    def stepped(self) -> list[str]:
        """The first of them on each screen, for a person."""
        return [*(step for screen in self.screens for step in screen.stepped), *self._raced_too_far]

    @property
    def _raced_too_far(self) -> list[str]:
        return [
            f"poll {poll_id} {each}"
            for screen in self.screens
            for poll_id, races in screen.races.items()
            for each in races.unexplained(self.account.polls.get(poll_id, ledger.Ballots([])))
        ]


async def open_stage(
    client: GatewayClient,
    stream_id: str,
    emojis: tuple[str, ...],
    options: tuple[str, ...],
    screens: int,
    latencies: Latencies,
) -> Stage:
    """Open a stream and a poll. Raises a CallError."""
    await client.open_stream(f"Simulated audience of {stream_id}", emojis, stream_id)
    poll = await client.open_poll(stream_id, "Who was the best?", options)
    token = await client.token(stream_id, "audience-screen", role="overlay")
    option_ids = tuple(option.id for option in poll.options)
    account = ledger.Stream(polls={poll.poll_id: ledger.Ballots(list(option_ids))})
    visibility = TapToScreen(screens, latencies)
    return Stage(
        stream_id=stream_id,
        poll_id=poll.poll_id,
        option_ids=option_ids,
        emojis=emojis,
        token=token,
        account=account,
        tap_to_screen=visibility,
        screens=[Screen(index, visibility) for index in range(screens)],
    )
