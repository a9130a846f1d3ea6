import pytest

from local.sbom import DIGESTS, jars

RESOLVED = """
The following files have been resolved:
   org.apache.kafka:kafka_2.13:jar:4.3.1:compile
   com.github.luben:zstd-jni:jar:1.5.6-10:runtime -- module com.github.luben.zstd_jni
"""


def test_a_jar_is_named_as_maven_resolved_it_and_has_the_digest_that_it_is_held_to() -> None:
    (kafka,) = jars(f"{'a' * 64}  kafka/kafka_2.13-4.3.1.jar\n", RESOLVED)
    assert (kafka["group"], kafka["name"], kafka["version"]) == ("org.apache.kafka", "kafka_2.13", "4.3.1")
    assert kafka["purl"] == "pkg:maven/org.apache.kafka/kafka_2.13@4.3.1?type=jar"
    assert kafka["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]


def test_a_jar_that_maven_does_not_name_is_no_part_of_the_bill() -> None:
    with pytest.raises(KeyError, match=r"other-1\.jar"):
        jars(f"{'a' * 64}  kafka/other-1.jar\n", RESOLVED)


def test_every_digest_is_one() -> None:
    lines = [line.split() for line in DIGESTS.read_text().splitlines()]
    assert len(lines) > 40
    assert all(len(digest) == 64 and int(digest, 16) for digest, _ in lines)
