import pytest

from contracts import regions, topics

TWO = "eu=https://eu.example.com,us=http://127.0.0.1:8180"


def test_a_setting_names_regions_and_where_viewers_reach_them() -> None:
    found = regions.read(f" {TWO}/ ")

    assert found == {"eu": "https://eu.example.com", "us": "http://127.0.0.1:8180"}
    assert regions.read(regions.write(found)) == found
    assert regions.others(found, "us") == ("eu",)


def test_without_the_setting_there_is_one_region() -> None:
    assert regions.others(regions.read(""), "anything") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("eu=https://a.example,eu=https://b.example", "named twice"),
        ("eu=https://a.example,us=https://a.example/", "have one address"),
        ("eu", "needs the address"),
        ("eu=a.example", "needs the address"),
        ("eu=https://user:password@a.example", "needs the address"),
        ("eu=https://a.example/path", "needs the address"),
        ("eu=https://a.example:99999", "needs the address"),
        ("e u=https://a.example", "is no name of a region"),
        ("eu.west=https://a.example", "is no name of a region"),
    ],
)
def test_what_is_wrong_with_it_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        regions.read(text)


def test_a_region_belongs_to_its_own_list() -> None:
    with pytest.raises(ValueError, match="region asia is not among them: eu, us"):
        regions.others(regions.read(TWO), "asia")


def test_a_mirrored_topic_bears_the_name_of_its_region_and_is_kept_as_long() -> None:
    mirrored = regions.mirrored(topics.CONTROL, "us")

    assert mirrored.name == "us.control"
    assert (mirrored.partitions, mirrored.config) == (topics.CONTROL.partitions, topics.CONTROL.config)
