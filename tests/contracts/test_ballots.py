import hashlib
import json

from contracts.ballots import Digest, ballot_id, line


def test_a_ballots_id_is_the_same_everywhere_and_tells_nothing_of_its_receipt() -> None:
    found = ballot_id("01KEMJX0Q0ABCDEFGHJKMNPQRS")
    assert found == ballot_id("01KEMJX0Q0ABCDEFGHJKMNPQRS") == "CzN0nYs-WIKSjlHZ8XhT1x"
    assert found != ballot_id("01KEMJX0Q0ABCDEFGHJKMNPQRT")


def test_a_line_is_json_with_nothing_between_and_ends() -> None:
    text = line("A" * 22, ["1", "10"])
    assert text == b'{"ballot":"AAAAAAAAAAAAAAAAAAAAAA","choices":["1","10"]}\n'
    assert json.loads(text) == {"ballot": "A" * 22, "choices": ["1", "10"]}


def test_the_digest_is_that_of_the_lines_however_they_are_given() -> None:
    lines = [line(ballot_id(str(number)), ["1"]) for number in range(3)]
    one_by_one, at_once = Digest(), Digest()
    for each in lines:
        one_by_one.add(each)
    at_once.add(b"".join(lines))
    assert str(one_by_one) == str(at_once) == "sha256:" + hashlib.sha256(b"".join(lines)).hexdigest()
    assert str(Digest()) == "sha256:" + hashlib.sha256(b"").hexdigest()
