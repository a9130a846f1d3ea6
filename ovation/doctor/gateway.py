"""The gateway: whether it answers, what it says is down, and the numbers that are never zero when all is well."""

import time
from email.utils import parsedate_to_datetime

import urllib3
from prometheus_client.parser import text_string_to_metric_families
from urllib3.exceptions import HTTPError

from ovation.doctor import clock
from ovation.doctor.finding import Finding, broken, warning
from ovation.doctor.place import Place

PART = "gateway"
_TIMEOUT = urllib3.Timeout(connect=2, read=5)
SILENT_S, MOST_APART_S = 20.0, 1.0
"""Of another region: how long it may say nothing, and how far its clock may be off."""
_WITHOUT = {
    "kafka": "Votes are answered 503, and taps wait in its memory until that is full.",
    "control": "It has not read the topic `control` yet: it knows no stream and no poll, and lets nobody in.",
    "redis": "Screens show the picture of before, and first votes and Idempotency-Keys wait.",
}


def check(place: Place) -> list[Finding]:
    """Ask the gateway at `place`."""
    http = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
    url = place.addresses.gateway_url.rstrip("/")
    began = time.time()
    try:
        answer = http.request("GET", f"{url}/readyz")
        ended = time.time()
        ready = answer.json()
        # It does not write dates of answers of its own: every one of uvicorn's has the second in which it began.
        said = parsedate_to_datetime(answer.headers["date"]).timestamp() if "date" in answer.headers else began
        metrics = http.request("GET", f"{url}/metrics").data.decode()
    except (HTTPError, ValueError) as error:
        return [
            broken(
                PART,
                f"Nothing answers at {url}/readyz ({type(error).__name__}).",
                "Nobody can tap, vote or watch here.",
                place.start(PART),
            )
        ]
    reading = clock.Reading(said + 1 if said < began else said, began, ended)
    return [*_down(place, ready.get("down", [])), *_numbers(place, metrics), *clock.compare(PART, reading)]


def _down(place: Place, down: list[str]) -> list[Finding]:
    return [
        broken(
            PART,
            f"It does not reach {name}." if name != "control" else "It is not ready: `control` is not read.",
            _WITHOUT.get(name, "It says so at /readyz."),
            place.log(PART),
            follows_from="kafka" if name == "control" else name,
        )
        for name in down
    ]


def _numbers(place: Place, text: str) -> list[Finding]:
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }
    found = []
    if mismatches := values.get("ovation_gateway_recount_mismatch"):
        found.append(
            broken(
                PART,
                f"The recount of {mismatches:.0f} closed poll(s) differs from the live tally.",
                "Those results stay provisional: `is_final` is false until both agree.",
                f"{place.log(PART)} | grep recount    # both accounts; docs/operations.md, RecountMismatch",
            )
        )
    if values.get("ovation_gateway_name_taken"):
        found.append(
            warning(
                PART,
                "Another gateway goes by its name.",
                "Each writes its number of viewers over the other's, and records do not tell them apart.",
                f"{place.log(PART)} | grep OVATION_EDGE    # then give each a name of its own, or none",
            )
        )
    found += _regions(place, text)
    if uncertain := values.get("ovation_gateway_taps_uncertain_total"):
        found.append(
            warning(
                PART,
                f"Since it started, {uncertain:.0f} taps were given to Kafka and never confirmed.",
                "They may be missing; they are not sent again, or they could count twice.",
                f"{place.log('kafka')}    # was a broker away?",
            )
        )
    return found


def _regions(place: Place, text: str) -> list[Finding]:
    """Say what the gateway hears of other regions."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    found = []
    for sample in samples:
        region = sample.labels.get("region", "")
        if sample.name == "ovation_gateway_region_silent_seconds" and sample.value > SILENT_S:
            found.append(
                broken(
                    PART,
                    f"Nothing has been heard of region {region} for {sample.value:.0f} s.",
                    "It is lost, or the mirror beside this region's Kafka does not reach it: its taps and votes are "
                    "not here, and polls that it took part in do not become final.",
                    f"{place.log('mirror')}    # then docs/regions.md, When a region is lost",
                )
            )
        if sample.name == "ovation_gateway_region_clock_seconds" and abs(sample.value) > MOST_APART_S:
            found.append(
                warning(
                    PART,
                    f"The clock of region {region} is {sample.value:+.1f} s off this gateway's.",
                    "Which vote stands of a voter who voted in both regions goes by their clocks.",
                    "chronyc tracking    # on the gateways of both regions",
                )
            )
    return found
