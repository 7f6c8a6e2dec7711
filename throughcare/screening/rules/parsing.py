"""Reads instrument files and wording packs into Instruments, and refuses any that would score wrongly. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import ValidationError

from throughcare.screening.instruments import Contradiction, Instrument, Item, Skip
from throughcare.screening.rules.soundness import fault_in

TAKEN_FROM_PARENT = ("period", "period_in_custody", "variants", "default_variant")


class BadInstrument(ValueError):
    """An instrument file or pack that must not be used; the message says what is wrong."""


def parse(data: object) -> Instrument:
    """One instrument from the content of its file. Raises BadInstrument naming the fault."""
    name = _word(data, "id") or "?"
    try:
        instrument = Instrument.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInstrument(f"{name}: {where}: {first['msg']}") from error
    if fault := fault_in(instrument):
        raise BadInstrument(f"{name}: {fault}")
    return instrument


def build(
    files: Iterable[object],
    wording: Mapping[str, object] | None = None,
    licensed: Mapping[str, object] | None = None,
) -> dict[str, Instrument]:
    """Every instrument by id.

    `files` are the instruments that ship; `wording` holds packs of {code: text} by instrument id, and `licensed` whole
    instruments, by id, that a service installs under its own licence.
    """
    texts = wording or {}
    found: dict[str, Instrument] = {}
    for data in sorted(files, key=lambda data: bool(_word(data, "derived_from"))):
        instrument = parse(_expanded(data, found))
        pack = texts.get(instrument.id)
        found[instrument.id] = with_wording(instrument, pack) if pack is not None else instrument
    for key, data in (licensed or {}).items():
        found[key] = _licensed(key, data, found)
    if unknown := sorted(set(texts) - set(found)):
        raise BadInstrument(f"There is a wording pack for {unknown[0]}, which is not an instrument here.")
    return found


def with_wording(instrument: Instrument, pack: object) -> Instrument:
    """The instrument showing the wording of an installed pack: one text for every item, and no other code."""
    if not isinstance(pack, Mapping) or not all(isinstance(text, str) and text.strip() for text in pack.values()):
        raise BadInstrument(f"{instrument.id}: a wording pack gives each item code its text.")
    codes = {item.code for item in instrument.items}
    if odd := sorted(codes ^ set(pack)):
        raise BadInstrument(f"{instrument.id}: the wording pack has no text for, or does not know, item {odd[0]}.")
    return instrument.model_copy(update={"items": tuple(_worded(item, pack[item.code]) for item in instrument.items)})


def _worded(item: Item, text: str) -> Item:
    return item.model_copy(update={"text": text.strip(), "variants": {}})


def _licensed(key: str, data: object, found: Mapping[str, Instrument]) -> Instrument:
    instrument = parse(data)
    if instrument.id != key or key not in found:
        raise BadInstrument(f"The licensed pack {key} is not the pack of an instrument here.")
    if not instrument.licence.licensed_to:
        raise BadInstrument(f"{key}: a licensed pack names the organisation it is licensed to.")
    return instrument


def _word(data: object, key: str) -> str:
    value = data.get(key, "") if isinstance(data, Mapping) else ""
    return value if isinstance(value, str) else ""


def _expanded(data: object, found: Mapping[str, Instrument]) -> object:
    """A short screen's file, with its items, skip rules and contradictions taken from the instrument it is part of."""
    name = _word(data, "derived_from")
    if not name or not isinstance(data, Mapping):
        return data
    if name not in found:
        raise BadInstrument(f"{_word(data, 'id')}: is derived from {name}, which is not here.")
    parent = found[name]
    codes = data.get("items")
    known = {item.code: item for item in parent.items}
    if not isinstance(codes, list) or not all(isinstance(code, str) and code in known for code in codes):
        raise BadInstrument(f"{_word(data, 'id')}: names an item that {name} does not have.")
    return {
        **{key: getattr(parent, key) for key in TAKEN_FROM_PARENT},
        **data,
        "items": [known[code] for code in codes],
        "skips": list(_skips_within(parent, codes)),
        "contradictions": list(_contradictions_within(parent, codes)),
    }


def _skips_within(parent: Instrument, codes: list[str]) -> Iterator[Skip]:
    for rule in parent.skips:
        kept = tuple(code for code in rule.skip if code in codes)
        if kept and set(rule.items) <= set(codes):
            yield rule.model_copy(update={"skip": kept})


def _contradictions_within(parent: Instrument, codes: list[str]) -> Iterator[Contradiction]:
    for rule in parent.contradictions:
        kept = tuple(code for code in rule.zero if code in codes)
        if kept and rule.item in codes:
            yield rule.model_copy(update={"zero": kept})
