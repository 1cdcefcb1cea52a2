import pytest

from leadferry.simulator.ids import canonical, checksum, numbered


def test_the_checksum_marks_the_upper_case_letters_of_each_five() -> None:
    assert checksum("001000000000001") == "AAA"
    assert checksum("00Q00000000000a") == "EAA"


def test_an_id_of_fifteen_characters_gets_its_checksum() -> None:
    assert canonical(numbered("00Q", 62)[:15]) == numbered("00Q", 62)


@pytest.mark.parametrize("text", ["", "00Q", "00Q00000000000!", "001000000000001AAB"])
def test_other_text_is_no_id(text: str) -> None:
    assert canonical(text) is None


def test_ids_of_many_records_differ() -> None:
    assert len({numbered("00Q", number)[:15] for number in range(5000)}) == 5000
