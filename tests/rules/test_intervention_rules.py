"""A brief intervention is not given until somebody gave some of it (DOMAIN B.2)."""

from __future__ import annotations

import pytest

from throughcare.intervention.rules import (
    Frames,
    NoDeliverer,
    NoElement,
    NoMinutes,
    NotReadiness,
    refuse_unless_given,
)


def test_frames_has_its_six_elements_in_order():
    assert "".join(frame.name[0] for frame in Frames) == "FRAMES"


def test_one_element_a_deliverer_and_a_minute_are_enough():
    refuse_unless_given({Frames.ADVICE}, "worker", 1, None)
    refuse_unless_given(set(Frames), "worker", 10, 0)
    refuse_unless_given(set(Frames), "worker", 10, 10)


@pytest.mark.parametrize(
    ("elements", "deliverer", "minutes", "readiness", "refusal"),
    [
        (set(), "worker", 5, 5, NoElement),
        ({Frames.EMPATHY}, None, 5, 5, NoDeliverer),
        ({Frames.EMPATHY}, "", 5, 5, NoDeliverer),
        ({Frames.EMPATHY}, "worker", 0, 5, NoMinutes),
        ({Frames.EMPATHY}, "worker", -5, 5, NoMinutes),
        ({Frames.EMPATHY}, "worker", True, 5, NoMinutes),
        ({Frames.EMPATHY}, "worker", 5, 11, NotReadiness),
        ({Frames.EMPATHY}, "worker", 5, -1, NotReadiness),
        ({Frames.EMPATHY}, "worker", 5, True, NotReadiness),
    ],
)
def test_what_was_not_given_cannot_be_recorded_as_given(elements, deliverer, minutes, readiness, refusal):
    with pytest.raises(refusal) as refused:
        refuse_unless_given(elements, deliverer, minutes, readiness)
    assert refused.value.field
    assert refused.value.sentence.endswith(".")
