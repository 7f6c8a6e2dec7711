"""The safeguarding tab asks, keeps what was typed, and shows each reader their own share."""

from __future__ import annotations

from throughcare.safeguarding.rules import Level


def test_recording_a_concern_and_referring_it(client_for, world):
    case = world.case()
    client = client_for(world.treatment)
    here = f"/cases/{case}/safeguarding"
    assert "No concern is recorded" in client.get(here).text
    assert "Select the level of need" in client.post(f"{here}/concerns/add", data={"what": "Alone at night"}).text
    client.post(f"{here}/concerns/add", data={"level": "4", "what": "Alone at night"})
    page = client.get(here).text
    assert Level.SIGNIFICANT_HARM.label in page
    concern = client.get(f"/api{here}").json()["concerns"][0]["id"]
    form = client.get(f"{here}/concerns/{concern}/refer").text
    assert "01632 960100" in form
    unfinished = client.post(
        f"{here}/concerns/{concern}/refer", data={"concerns": "Alone at night", "family_knows": "yes"}
    )
    assert unfinished.status_code == 422
    assert "Alone at night" in unfinished.text
    done = client.post(
        f"{here}/concerns/{concern}/refer",
        data={
            "front_door_id": str(world.agencies["front_door"]), "spoke_to": "Duty", "child_details": "Sam", "concerns": "Alone",
            "family_knows": "yes", "availability": "Mornings",
        },
    )  # fmt: skip
    assert "Telephoned: written form to follow" in done.text
    assert "Record that the written form was sent" in done.text


def test_an_officer_reads_the_level_alone(client_for, world):
    case = world.case()
    here = f"/cases/{case}/safeguarding"
    client_for(world.treatment).post(f"{here}/concerns/add", data={"level": "3", "what": "Nobody at home"})
    page = client_for(world.officer).get(here).text
    assert Level.MULTIPLE.label in page
    assert "Nobody at home" not in page
