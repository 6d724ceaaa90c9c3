"""Messages are published without pause while API server, worker and PostgreSQL are killed: none that was acknowledged
is lost, none goes to the wrong people, and whoever gets a mail twice sees that it is the same.

CALLBOARD_CRASHES=100000x300 in the environment has so many messages published, and so many processes killed, besides.
"""

import http.client
import json
import os
import random
import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from callboard.database.statement import Statement
from callboard.database.tables import letters
from callboard.delivery.outbox import State
from tests.e2e.crashing import Site, site
from tests.e2e.customer import UNLIMITED
from tests.e2e.post_office import PostOffice, Taken
from tests.e2e.processes import KEY_ID, SECRET, until
from tests.messages.press import USUAL, VERSION
from tests.signing import Response, send

PUBLISHERS = 4
PEOPLE = 5
LEASE_S = 10
UNDECIDED = {500, 503}
"""What a call is answered whose database went away: it is sent again with the same key."""
SETTINGS = {
    **UNLIMITED,
    "worker": "false",
    "profile": "open",
    "calls_per_minute": "0",
    "outbox_backoff_s": "1",
    "outbox_backoff_limit_s": "1",
    "outbox_attempts": "1000",
    "outbox_lease_s": str(LEASE_S),
}
SIZES = [
    pytest.param(60, 3, id="a few"),
    pytest.param(2_000, 12, id="many", marks=pytest.mark.slow),
]
if "CALLBOARD_CRASHES" in os.environ:
    MESSAGES, KILLS = os.environ["CALLBOARD_CRASHES"].split("x")
    SIZES.append(pytest.param(int(MESSAGES), int(KILLS), id="night", marks=pytest.mark.slow))


class Press:
    """Publishes numbered messages about members in turn, each until it is acknowledged."""

    def __init__(self, endpoint: str, members: Sequence[str], messages: int) -> None:
        self._endpoint, self._members = endpoint, members
        self._messages, self._numbers = messages, iter(range(messages))
        self._lock, self.steps = threading.Lock(), 0
        self.acknowledged: dict[int, str] = {}
        """The ids of messages by their numbers."""
        self.odd: list[Response] = []
        """Answers that nobody should get."""

    @property
    def is_done(self) -> bool:
        return len(self.acknowledged) == self._messages

    def step(self) -> None:
        """Something happened: a message was acknowledged, or a mail arrived."""
        with self._lock:
            self.steps += 1

    def run(self) -> None:
        while (number := self._next()) is not None:
            answer = until(lambda number=number: self._answer(number), "a message is acknowledged")
            self.acknowledged[number] = str(answer.json.get("MessageId"))
            self.step()

    def show(self, message_id: str) -> list[tuple[str, str]]:
        """Recipients and delivery ids, as the API tells."""
        found = self._call({"Action": "GetMessage", "MessageId": message_id}).json["Message"]["Deliveries"]
        return [(each["Recipient"], each["DeliveryId"]) for each in found]

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _answer(self, number: int) -> Response | None:
        member = self._members[number % len(self._members)]
        own = {"AccountId": member, "Subject": str(number), "IdempotencyKey": f"number-{number}"}
        with suppress(OSError, http.client.HTTPException):
            answer = self._call({"Action": "PublishMessage", **USUAL, **own})
            if answer.status not in UNDECIDED:
                self.odd += [] if answer.status == 200 else [answer]
                return answer
        return None

    def _call(self, parameters: dict[str, str]) -> Response:
        headers = {"Authorization": f"Bearer {KEY_ID}.{SECRET}", "Content-Type": "application/json"}
        return send(self._endpoint, "POST", "/", headers, json.dumps({"Version": VERSION, **parameters}).encode())


@pytest.mark.parametrize(("messages", "kills"), SIZES)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whatever_is_killed_every_acknowledged_message_reaches_its_people_and_nobody_else(
    kind: str, messages: int, kills: int, tmp_path: Path
) -> None:
    chance = random.Random(20220419)
    with PostOffice() as post, site(kind, tmp_path / "home", **SETTINGS, **post.settings) as here:
        told = _people(here)
        press = Press(here.endpoint, list(told), messages)
        post.on_mail = press.step
        with ThreadPoolExecutor(PUBLISHERS) as pool:
            publishing = [pool.submit(press.run) for _ in range(PUBLISHERS)]
            _kill_again_and_again(here, press, chance, kills, steps=messages * 2 // kills)
            for each in publishing:
                each.result()
        _until_none_waits(here)
        shown = {number: press.show(press.acknowledged[number]) for number in range(0, messages, messages // 30)}
        codes = here.stop()

    assert press.odd == []
    assert codes == [0, 0]
    assert len(set(press.acknowledged.values())) == messages
    members = list(told)
    mails: dict[int, dict[str, set[Taken]]] = defaultdict(lambda: defaultdict(set))
    for mail in post.mails:
        mails[int(mail.subject)][mail.recipient].add(mail)
    assert {number: set(mails[number]) for number in press.acknowledged} == {
        number: told[members[number % len(members)]] for number in press.acknowledged
    }
    each_persons = [same for by_person in mails.values() for same in by_person.values()]
    assert {len(same) for same in each_persons} == {1}, "a mail that comes again is the same to the byte"
    assert len({mail.name for same in each_persons for mail in same}) == len(each_persons)
    for number, deliveries in shown.items():
        assert sorted(deliveries) == sorted(
            (mail.recipient, mail.name) for same in mails[number].values() for mail in same
        )


def _people(here: Site) -> dict[str, set[str]]:
    """Members, and who is told of each: somebody of the directory, and two of their own."""
    with here.world() as world:
        addresses = [f"person{number}@example.com" for number in range(PEOPLE)]
        contacts = [world.contact(f"person{number}", email=each) for number, each in enumerate(addresses)]
        world.bind(contacts[0], world.directory_id)
        told = {}
        for number in range(1, PEOPLE - 1):
            member = world.member()
            for each in (number, number + 1):
                world.bind(contacts[each], member)
            told[member] = {addresses[0], addresses[number], addresses[number + 1]}
        return told


def _kill_again_and_again(here: Site, press: Press, chance: random.Random, kills: int, *, steps: int) -> None:
    """Each once, then whichever chance will have, after some more messages and mails."""
    for number in range(kills):
        last = press.steps + chance.randint(1, max(1, steps))
        until(lambda last=last: press.steps >= last or press.is_done, "the site works")
        here.kill(here.victims[number] if number < len(here.victims) else chance.choice(here.victims))


def _until_none_waits(here: Site) -> None:
    """Leases of workers that were killed end at once: as if so much time had passed. Fewer and fewer letters wait."""
    waiting = Statement(select(func.count()).where(letters.c.state == State.WAITING.value))
    sooner = Statement(update(letters).values(due_at=letters.c.due_at - LEASE_S * 1000))
    with here.runtime() as runtime:

        def count() -> int:
            return int(runtime.database.run(lambda open_: open_.all(waiting))[0][0])

        runtime.database.run(lambda open_: open_.run(sooner))
        left = count()
        while left:
            until(lambda left=left: count() < left, f"fewer than {left} letters wait")
            left = count()
