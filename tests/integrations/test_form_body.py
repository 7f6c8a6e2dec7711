from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import form_body

text = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(text, text), max_size=30))
def test_what_is_encoded_is_read_back_as_the_same_fields(fields):
    if fields == [("", "")]:  # an empty body and one nameless blank field cannot be told apart by anyone
        return
    assert form_body.parse(form_body.encode(fields)) == fields


def test_blank_fields_and_repeated_keys_are_kept_in_their_order():
    assert form_body.parse(b"b=2&a=&b=1&a=x") == [("b", "2"), ("a", ""), ("b", "1"), ("a", "x")]


@pytest.mark.parametrize("body", [b"", b"&&&", b"\xff\xfe=%ff%00", b"%", b"=", b"a=%zz", b"\x00"])
def test_no_body_under_the_limit_raises(body):
    form_body.parse(body)


def test_a_body_of_far_too_many_fields_is_refused():
    with pytest.raises(ValueError, match="fields"):
        form_body.parse(b"a=1&" * (form_body.MOST_FIELDS + 1))


@given(st.binary(max_size=60) | st.text("ab=&+%20C3A9;", max_size=40).map(str.encode))
def test_any_body_is_read_as_the_standard_library_reads_it(body):
    assert form_body.parse(body) == parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def test_no_parser_on_the_way_remembers_bodies_e6():
    assert not hasattr(form_body.parse, "cache_info")
    assert not hasattr(form_body.unquote_to_bytes, "cache_info")
