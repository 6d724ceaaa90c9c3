"""Clients that write without pause until the server is gone, and remember what was acknowledged."""

import http.client
import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.e2e.processes import Caller
from tests.signing import v3_headers

TITLES = ("FinanceDirector", "TechnicalDirector", "MaintenanceDirector", "CEO", "ProjectDirector", "Other")
TYPES = (
    "ServiceMessage",
    "FaultMessage",
    "AccountExpenses",
    "SecurityMessage",
    "ActivityMessage",
    "ProductMessage",
)
NEVER = float("inf")


def values_of(number: int) -> dict[str, Any]:
    """Name, title, types and address of one update: from any of them follow all the others."""
    letters, rest = "", number
    while rest or len(letters) < 4:
        rest, digit = divmod(rest, 26)
        letters = chr(ord("a") + digit) + letters
    return {
        "Name": letters,
        "Title": TITLES[number % 6],
        "MessageTypes": [TYPES[number % 6], TYPES[(number + 1 + number // 6 % 5) % 6]],
        "EmailAddress": f"{letters}@example.com",
    }


def number_of(contact: dict[str, Any]) -> int:
    """The update that a contact stands after. Fails for one that is half of this and half of that."""
    number = 0
    for letter in contact["Name"]:
        number = 26 * number + ord(letter) - ord("a")
    assert {name: contact[name] for name in values_of(number)} == values_of(number)
    return number


@dataclass
class Write:
    """One update of a contact: when it was sent and, if ever, acknowledged, on a clock that all writers share."""

    number: int
    sent: float
    acknowledged: float = NEVER


@dataclass
class Memory:
    """What the writers know: the writes of each contact that may still be seen, and the additions."""

    contacts: dict[str, list[Write]] = field(default_factory=dict)
    clock: "itertools.count[int]" = field(default_factory=itertools.count)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    def may_stand(self, contact_id: str) -> set[int]:
        """The updates after which a contact may stand: none that another one, begun after its end, replaced."""
        writes = self.contacts[contact_id]
        done = [write for write in writes if write.acknowledged != NEVER]
        return {write.number for write in writes if not any(later.sent > write.acknowledged for later in done)}

    def settle(self, contact_id: str, number: int) -> None:
        """What a contact was seen to stand after is what it stands after from now on."""
        self.contacts[contact_id] = [Write(number, next(self.clock), next(self.clock))]


class Writer:
    """A client with one connection that it keeps."""

    def __init__(self, caller: Caller, memory: Memory) -> None:
        self._caller, self._memory = caller, memory
        self._connection = http.client.HTTPConnection(caller.endpoint, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def add(self) -> None:
        """Add a contact, and remember it once that is acknowledged."""
        number = next(self._memory.numbers)
        sent = next(self._memory.clock)
        answer = self.call("AddMessageContact", values_of(number))
        self._memory.contacts[answer["Contact"]["ContactId"]] = [Write(number, sent, next(self._memory.clock))]

    def update(self, contact_id: str) -> None:
        write = Write(next(self._memory.numbers), next(self._memory.clock))
        self._memory.contacts[contact_id].append(write)
        self.call("UpdateMessageContact", {"ContactId": contact_id, **values_of(write.number)})
        write.acknowledged = next(self._memory.clock)

    def call(self, action: str, parameters: dict[str, Any]) -> Any:
        """One signed call on the connection. Raises OSError or HTTPException when the server is gone."""
        flat = [(name, value) for name, value in parameters.items() if isinstance(value, str)]
        for name, values in parameters.items():
            if isinstance(values, list):
                flat += [(f"{name}.{position}", value) for position, value in enumerate(values, 1)]
        headers = v3_headers(
            endpoint=self._caller.endpoint,
            action=action,
            key_id=self._caller.key_id,
            secret=self._caller.secret,
            query=flat,
        )
        self._connection.request("POST", "/?" + urlencode(flat), headers=headers)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            self._memory.faults.append(f"{action}: {response.status} {body!r}")
        return json.loads(body)


def write_until_killed(caller: Caller, memory: Memory, *, answers: int, kill: Callable[[], None]) -> None:
    """Write with several clients at once; after so many acknowledged answers the server is killed."""
    shared, start = list(memory.contacts)[:6], threading.Barrier(4)
    target = memory.answers + answers

    def write(position: int) -> None:
        writer = Writer(caller, memory)
        own = shared[position % 4]
        start.wait(20)
        try:
            for turn in itertools.count():
                if turn % 4 == 3:
                    writer.add()
                else:
                    writer.update(own if turn % 2 else shared[4 + turn // 2 % 2])
                memory.answers += 1
                if memory.answers >= target:
                    kill()
        except (OSError, http.client.HTTPException):
            return  # The server is gone, as it should be.
        finally:
            writer.close()

    threads = [threading.Thread(target=write, args=(position,)) for position in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
