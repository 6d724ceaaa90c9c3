"""The worker: what comes of each letter, whatever its sender does."""

import asyncio

import pytest

from callboard.delivery.letter import Letter, PermanentFailure, TemporaryFailure
from callboard.delivery.rules import Pace
from tests.delivery.office import NOW, Office, logged, refuse_with, take
from tests.serving import LOG
from tests.storage.letters import CONTENT


@pytest.mark.parametrize("keeps_content", [False, True])
def test_a_letter_that_was_taken_is_sent_and_forgotten_unless_it_is_to_be_kept(
    office: Office, *, keeps_content: bool
) -> None:
    office.post(1)

    taken = office.round(take, keeps_content=keeps_content)

    assert taken == ["l-000001"]
    assert office.letters()["l-000001"][0::3] == ("sent", keeps_content)
    assert office.tries() == [(1, "provider", "sent", "250 taken")]
    assert office.counted("sent") == 1


def test_a_letter_that_was_not_taken_now_is_tried_again_after_a_pause_that_doubles(office: Office) -> None:
    office.post(1)
    pauses = []
    for _ in range(2):
        office.round(refuse_with(TemporaryFailure("451 try later")))
        due_at = office.letters()["l-000001"][2]
        pauses.append(due_at - office.clock.now)
        office.clock.now = due_at

    office.round(take)

    assert 5_000 <= pauses[0] <= 10_000
    assert 10_000 <= pauses[1] <= 20_000
    assert office.letters()["l-000001"][:2] == ("sent", 3)
    assert [each[2] for each in office.tries()] == ["temporary", "temporary", "sent"]
    assert office.counted("temporary") == 2


def test_a_letter_is_not_tried_before_it_is_due(office: Office) -> None:
    office.post(1)
    office.round(refuse_with(TemporaryFailure("451 try later")))
    office.clock.now += 4_999
    office.post(2)

    assert office.round(take) == ["l-000002"]


def test_the_pause_is_no_shorter_than_the_provider_wishes(office: Office) -> None:
    office.post(1)

    office.round(refuse_with(TemporaryFailure("429", retry_after_s=90)))

    assert office.letters()["l-000001"][2] == NOW + 90_000


def test_a_letter_that_will_never_be_taken_has_failed_and_keeps_its_content(office: Office) -> None:
    office.post(1)

    office.round(refuse_with(PermanentFailure("550 no such mailbox")))

    assert office.letters()["l-000001"][0::3] == ("failed", True)
    assert office.tries() == [(1, "provider", "permanent", "550 no such mailbox")]


def test_a_letter_is_given_up_after_the_last_try(office: Office) -> None:
    office.post(1)

    for _ in range(4):
        office.round(refuse_with(TemporaryFailure("451 try later")))
        office.clock.now += 60_000

    assert office.letters()["l-000001"][:2] == ("failed", 4)
    assert office.letters()["l-000001"][3] is True


def test_a_letter_whose_time_is_over_is_not_handed_over(office: Office) -> None:
    office.post(1, deadline_at=NOW)
    office.post(2)

    taken = office.round(take)

    assert taken == ["l-000002"]
    assert office.letters()["l-000001"][0] == "failed"
    assert office.tries()[0] == (1, "provider", "permanent", "It was too late to be of use.")


def test_a_letter_that_would_be_too_late_next_time_is_given_up_now(office: Office) -> None:
    office.post(1, deadline_at=NOW + 4_000)

    office.round(refuse_with(TemporaryFailure("451 try later")))

    assert office.letters()["l-000001"][0] == "failed"


@pytest.mark.faults
def test_a_fault_of_a_sender_is_logged_without_its_text_and_the_letter_tried_again(office: Office) -> None:
    office.post(1)

    office.round(refuse_with(ValueError("tom@example.com 24681357")))

    assert office.letters()["l-000001"][0] == "waiting"
    assert office.tries() == [(1, "provider", "temporary", "The sender failed: ValueError.")]
    (fault,) = [line for line in logged() if line["event"] == "sender_failed"]
    assert (fault["level"], fault["sender"], fault["letter"], fault["error"]) == (
        "error",
        "provider",
        "l-000001",
        "ValueError",
    )
    assert "24681357" not in LOG.getvalue()


@pytest.mark.faults
def test_a_fault_with_one_letter_holds_up_no_other(office: Office) -> None:
    office.post(1, 2, 3)

    async def step(given: Letter) -> str:
        if given.letter_id == "l-000002":
            raise KeyError
        return "taken"

    office.round(step, enough=3)

    assert [row[0] for _, row in sorted(office.letters().items())] == ["sent", "waiting", "sent"]


def test_a_sender_that_does_not_come_back_is_left_in_time_for_the_lease(office: Office) -> None:
    office.post(1)

    async def hang(_: Letter) -> str:
        await asyncio.Event().wait()
        return "never"

    office.round(hang, pace=Pace(attempts=4, backoff_ms=10_000, backoff_limit_ms=40_000, lease_ms=300))

    assert office.letters()["l-000001"][0] == "waiting"
    assert office.tries() == [(1, "provider", "temporary", "The provider did not answer in time.")]


def test_what_a_provider_answers_is_kept_without_link_and_code(office: Office) -> None:
    office.post(1, 2)

    async def step(given: Letter) -> str:
        answer = f"got: {given.content.text}\r\nat {CONTENT.link}"
        if given.letter_id == "l-000001":
            return answer
        raise PermanentFailure(answer)

    office.round(step, enough=2)

    kept = repr(office.tries()) + LOG.getvalue()
    assert "got: Your code is ***" in kept
    assert CONTENT.code not in kept
    assert CONTENT.link not in kept
    assert CONTENT.link.rpartition("/")[2] + "'" not in kept


def test_the_log_of_a_try_names_the_letter_and_not_whom_it_is_for(office: Office) -> None:
    office.post(1)

    office.round(take)

    (line,) = [line for line in logged() if line["event"] == "letter_tried"]
    assert (line["letter"], line["channel"], line["attempt"], line["outcome"], line["state"]) == (
        "l-000001",
        "email",
        1,
        "sent",
        "sent",
    )
    assert "tom@example.com" not in LOG.getvalue()
