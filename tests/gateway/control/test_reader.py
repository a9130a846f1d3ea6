import json

from kafka import KafkaProducer

from gateway.control.model import encode
from tests.gateway.api import Api
from tests.gateway.records import stream


async def test_a_malformed_record_is_skipped_and_counted(api: Api, bootstrap: str) -> None:
    async def malformed() -> float:
        text = (await api.call("GET", "/metrics")).body
        line = next(line for line in text.splitlines() if line.startswith("ovation_gateway_control_malformed_total "))
        return float(line.split()[1])

    before = await malformed()
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    good = json.loads(encode(stream(stream_id="after-bad")))
    for value in (b"\xff", b"{", b"{}", b"[" * 5_000, json.dumps({**good, "v": 2}).encode(), None):
        producer.send("control", value, key=b"stream:bad")
    producer.send("control", json.dumps(good).encode(), key=b"stream:after-bad").get(10)
    producer.close()
    await api.until_known("after-bad")
    assert await malformed() == before + 5
