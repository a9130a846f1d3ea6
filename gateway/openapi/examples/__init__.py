"""Examples of every operation, by the name of its route's function. Together they tell of one stream and its poll."""

from collections.abc import Mapping

from gateway.openapi.document import Example
from gateway.openapi.examples import ballots, health, history, keys, pages, polls, stats, streams, viewers

EXAMPLES: Mapping[str, Example] = {
    **streams.EXAMPLES,
    **keys.EXAMPLES,
    **polls.EXAMPLES,
    **stats.EXAMPLES,
    **ballots.EXAMPLES,
    **history.EXAMPLES,
    **viewers.EXAMPLES,
    **health.EXAMPLES,
    **pages.EXAMPLES,
}
