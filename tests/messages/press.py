"""Messages as the tests publish and read them."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from callboard.contacts.addresses import key_of
from callboard.database.statement import Connection, Statement
from callboard.database.tables import deliveries as deliveries_table
from callboard.delivery import claiming, lists, outbox
from callboard.delivery.letter import Channel, Letter
from callboard.delivery.outbox import Claimed, Outcome, State, Tried
from callboard.messages import writing
from callboard.tree import directories
from tests.recipients.world import World
from tests.serving import Account, Server
from tests.signing import Response, call_v3, send

VERSION = "2026-11-25"
FAULT = "FaultMessage"
SUBJECT, CONTENT = "Database does not answer", "Since 10:02 no connection succeeds."
USUAL = {"MessageType": FAULT, "Severity": "Warning", "Subject": SUBJECT, "Content": CONTENT}


class Present(World):
    """A world whose moments are the server's, as messages take them from the directory too."""

    def _change(self, work: Callable[[Connection, int], Any]) -> Any:
        def locked(connection: Connection) -> Any:
            self.now = directories.change(connection, self.directory_id, now=self.server.runtime.clock())
            return work(connection, self.now)

        return self.run(locked)


def call(account: Account, action: str, **parameters: Any) -> Response:
    """One signed call, names as they are on the wire."""
    return call_v3(account, action, {name: str(value) for name, value in parameters.items()}, version=VERSION)


def publish(account: Account, account_id: str, **changes: Any) -> Response:
    return call(account, "PublishMessage", **{"AccountId": account_id, **USUAL, **changes})


def published(account: Account, account_id: str, **changes: Any) -> str:
    """Publish a message; its id."""
    answer = publish(account, account_id, **changes)
    assert answer.status == 200, answer.body
    return str(answer.json["MessageId"])


def with_bearer(account: Account, action: str, parameters: dict[str, Any], **more: str) -> Response:
    """As curl has it: a bearer key, and parameters in a JSON body; maybe more headers."""
    headers = {"Authorization": f"Bearer {account.key_id}.{account.secret}", "Content-Type": "application/json", **more}
    body = json.dumps({"Action": action, "Version": VERSION, **parameters}).encode()
    return send(account.server.endpoint, "POST", "/", headers, body)


def shown(account: Account, message_id: str) -> dict[str, Any]:
    answer = call(account, "GetMessage", MessageId=message_id)
    assert answer.status == 200, answer.body
    return dict(answer.json["Message"])


def deliveries(account: Account, message_id: str) -> list[tuple[str, str, str]]:
    """Channel, recipient and state of each."""
    found = shown(account, message_id)["Deliveries"]
    return [(each["Channel"], each["Recipient"], each["State"]) for each in found]


def letters(world: World, address: str) -> list[Letter]:
    """What lies in the mailbox for an address by the world's own messages, newest first."""
    vault, of_world = world.server.runtime.vault, deliveries_table.c.directory_id == world.directory_id

    def work(open_: Connection) -> list[Letter]:
        own = {row[0] for row in open_.all(Statement(select(deliveries_table.c.letter_id).where(of_world)))}
        found = lists.mailbox(open_, vault, recipient_key=key_of(address), limit=100)
        kept = [each for each in found if each.letter_id in own]
        return writing.written(open_, vault, world.server.runtime.terms, kept)

    return list(world.run(work))


def claimed(world: World, channel: Channel = Channel.EMAIL) -> list[Claimed]:
    """The letters of a directory that are due now, in a worker's hands."""
    runtime = world.server.runtime
    found = world.run(
        lambda open_: claiming.claim(
            open_, runtime.vault, channel, [world.directory_id], now=runtime.clock(), lease_ms=1, limit=100
        )
    )
    return list(found)


def end(world: World, each: Claimed, state: State, answer: str = "250 OK") -> None:
    """Let a try have ended, as the worker writes it down."""
    outcome = {State.SENT: Outcome.SENT, State.FAILED: Outcome.PERMANENT}.get(state, Outcome.TEMPORARY)
    now = world.server.runtime.clock()
    due_at = now if state is State.WAITING else None
    tried = Tried(each, now, "smtp", outcome, answer, state, due_at, keeps_content=state is not State.SENT)
    world.run(lambda open_: outbox.keep_all(open_, [tried]))


def untold(server: Server) -> float:
    return server.runtime.metrics.registry.get_sample_value("callboard_messages_untold_total") or 0.0
