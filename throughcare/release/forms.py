"""What comes in about a release plan."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from throughcare.kernel.forms import Ask, Form, Line, Note, OptionalLine, OptionalNote, beside
from throughcare.release.rules import Agreement, Bridging, Known, Naloxone, NeedSource, NeedStatus, Severity, Side

Code = Annotated[str, Field(max_length=60)]


class Empty(Form):
    """An act that asks nothing."""


class NeedForm(Form):
    """A need on one pathway. Where nothing is needed, saying so is enough."""

    domain: Annotated[Code, Ask("Which pathway?", choices="domains", widget="radios", missing="Select a pathway")]
    what: Annotated[Line, Ask("What is needed?", "Or write “nothing needed”", missing="Enter what is needed")]
    severity: Annotated[
        Severity, Ask("How serious is it?", choices="severities", widget="radios", missing="Select how serious it is")
    ]
    side: Annotated[Side, Ask("Where must it be met?", missing="Select where it must be met")]
    owner: Annotated[Code, Ask("Who sees to it?", choices="owners", widget="select")] = ""
    action: Annotated[OptionalNote, Ask("What will they do?", rows=3)] = ""
    due_on: Annotated[date | None, Ask("By when?")] = None
    source: Annotated[NeedSource, Ask("How did this come to light?")] = NeedSource.ASSESSMENT
    identified_on: Annotated[date | None, Ask("When?", "Leave this empty for today")] = None

    @model_validator(mode="after")
    def _somebody_does_something_by_a_day(self) -> Self:
        if self.severity is Severity.NONE:
            return self
        asked = {
            "owner": "Select who sees to it",
            "action": "Enter what they will do",
            "due_on": "Enter the day it is due",
        }
        for name, sentence in asked.items():
            if not getattr(self, name):
                raise beside(name, sentence)
        return self


class NeedProgress(Form):
    """What was done about a need."""

    status: Annotated[NeedStatus, Ask("How does it stand?", missing="Select how it stands")]
    said: Annotated[Note, Ask("What was done or said?", rows=3, missing="Enter what was done or said")]
    evidence: Annotated[
        OptionalLine,
        Ask(
            "What shows it?",
            "A letter, a claim number, a booking",
            when=("status", "done"),
            missing="Enter what shows that the need is met",
        ),
    ] = ""

    @model_validator(mode="after")
    def _met_is_shown(self) -> Self:
        if self.status is NeedStatus.DONE and not self.evidence:
            raise beside("evidence", "Enter what shows that the need is met")
        return self


class AppointmentForm(Form):
    """A place, a time and a named worker."""

    kind: Annotated[Code, Ask("What is it for?", choices="kinds", widget="radios", missing="Select what it is for")]
    agency_id: Annotated[
        UUID,
        Ask(
            "Which agency sees them, or asks whether they went?",
            "A Jobcentre, a GP or a landlord is not on this list: choose the agency that will ask",
            choices="agencies",
            widget="select",
            missing="Select an agency",
        ),
    ]
    on: Annotated[date, Ask("Day", missing="Enter the day")]
    at: Annotated[time, Ask("Time", missing="Enter the time", width="5")]
    place: Annotated[OptionalLine, Ask("Where?", "The address, as it will stand on the person’s card")] = ""
    with_whom: Annotated[OptionalLine, Ask("Named worker")] = ""
    phone: Annotated[
        OptionalLine, Ask("Phone number", "So that the person can ring if they are late", "", "tel", width="20")
    ] = ""


class ChecklistForm(Form):
    """One line of the day-of-release checklist."""

    needed: Annotated[Known, Ask("Is it needed?", missing="Select whether it is needed")]
    arranged_by: Annotated[OptionalLine, Ask("Who arranges it?")] = ""
    done: Annotated[bool, Ask("It is done", widget="checkboxes")] = False
    evidence: Annotated[OptionalLine, Ask("What shows it?", "A booking, a receipt, who saw it")] = ""
    fallback: Annotated[OptionalLine, Ask("What if it goes wrong on the day?")] = ""


class AddressForm(Form):
    """Where they sleep on the night of release, and after."""

    lodged: Annotated[
        bool,
        Ask(
            "Do they have somewhere to sleep on the night of release?",
            "No means no fixed address: a manager must then agree the plan",
            missing="Select yes or no",
        ),
    ]
    tonight: Annotated[OptionalNote, Ask("Address for the night of release", rows=3)] = ""
    tonight_phone: Annotated[OptionalLine, Ask("Phone number there", widget="tel", width="20")] = ""
    later_nights: Annotated[OptionalLine, Ask("Nights 2 to 7", "The same, or where")] = ""
    council_told: Annotated[
        OptionalLine, Ask("Which council has been told, and when?", "The duty to refer, with the person’s consent")
    ] = ""

    @model_validator(mode="after")
    def _where(self) -> Self:
        if self.lodged and not self.tonight:
            raise beside("tonight", "Enter the address for the night of release")
        return self


class MedicinesForm(Form):
    """What keeps a person with an opioid need alive over the first days. Nothing here advises a dose."""

    opioid_need: Annotated[
        Known,
        Ask(
            "Do they have an opioid need, now or before custody?",
            section="Naloxone",
            missing="Select an answer about opioids",
        ),
    ]
    naloxone: Annotated[Naloxone, Ask("Take-home naloxone")] = Naloxone.NOT_OFFERED
    naloxone_trained: Annotated[bool, Ask("They have been shown how to use it", widget="checkboxes")] = False
    naloxone_kit: Annotated[OptionalLine, Ask("Kit number", width="20")] = ""
    naloxone_expires_on: Annotated[date | None, Ask("Kit expires on")] = None
    opioid_medicine: Annotated[
        Known,
        Ask(
            "Are they on methadone or buprenorphine?",
            section="Next dose",
            missing="Select an answer about methadone and buprenorphine",
        ),
    ] = Known.NOT_KNOWN
    last_supervised_on: Annotated[date | None, Ask("Day of the last supervised dose in prison")] = None
    next_dose_on: Annotated[date | None, Ask("Day of the next dose")] = None
    next_dose_time: Annotated[time | None, Ask("Time of the next dose", width="5")] = None
    next_dose_where: Annotated[OptionalLine, Ask("Where?", "Pharmacy or clinic, with its address")] = ""
    next_dose_phone: Annotated[OptionalLine, Ask("Phone number there", widget="tel", width="20")] = ""
    bridging: Annotated[Bridging, Ask("Prescription until the first clinic")] = Bridging.NOT_ARRANGED
    bridging_pharmacy: Annotated[OptionalLine, Ask("Pharmacy")] = ""
    in_hand: Annotated[OptionalLine, Ask("Medicines given at the gate, and for how many days")] = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.next_dose_on is None) != (self.next_dose_time is None):
            raise beside(
                "next_dose_time" if self.next_dose_on else "next_dose_on", "Enter the day and the time of the next dose"
            )
        if self.next_dose_on and not self.next_dose_where:
            raise beside("next_dose_where", "Enter where the next dose is")
        if self.naloxone_kit and not self.naloxone_expires_on:
            raise beside("naloxone_expires_on", "Enter when the kit expires")
        return self


class SubmitForm(Form):
    """What the person said of their plan."""

    person_agrees: Annotated[
        Agreement, Ask("Does the person agree with this plan?", missing="Select what the person said")
    ]
    how: Annotated[
        Line,
        Ask(
            "How did they say so?",
            "In a meeting, on the phone, in writing; or why they were not present",
            missing="Enter how they said so",
        ),
    ]


class AgreeForm(Form):
    """The approver's answer."""

    reason: Annotated[
        OptionalNote,
        Ask("Why can the plan be agreed with what is missing?", "Leave this empty if nothing is missing", rows=3),
    ] = ""


class Because(Form):
    """Why."""

    why: Annotated[Note, Ask("Why?", rows=3, missing="Enter why")]
