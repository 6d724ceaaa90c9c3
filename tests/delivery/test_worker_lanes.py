"""Workers at work: how many letters at once, lanes, stops, leases, and several workers side by side."""

import asyncio

from callboard.database.engine import open_database
from callboard.delivery.lane import POLL_S
from callboard.delivery.letter import Channel, Letter, PermanentFailure
from callboard.settings import Settings
from tests.delivery.office import NOW, PACE, PATIENCE_S, Office, Provider, logged, take


def test_no_more_letters_are_in_hand_than_it_is_told(office: Office) -> None:
    office.post(*range(1, 11))

    async def main() -> Provider:
        gate = asyncio.Event()

        async def wait(_: Letter) -> str:
            if provider.at_once == 3:
                gate.set()
            await gate.wait()
            return "taken"

        provider = Provider(wait, enough=10)
        await office.work(provider, concurrency=3)
        return provider

    provider = asyncio.run(main())

    assert provider.most_at_once == 3
    assert len(provider.taken) == 10
    assert {row[0] for row in office.letters().values()} == {"sent"}


def test_a_stalled_channel_does_not_hold_up_the_other(office: Office) -> None:
    office.post(*range(1, 9))
    office.post(11, 12, 13, 14, 15, channel=Channel.SMS)

    async def main() -> tuple[int, int]:
        gate = asyncio.Event()

        async def stall(_: Letter) -> str:
            await gate.wait()
            return "taken"

        mail, text = Provider(stall, enough=4), Provider(take, enough=5)
        worker = office.worker({Channel.EMAIL: mail, Channel.SMS: text})
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await mail.has_enough.wait()
            await text.has_enough.wait()
            delivered = len(text.taken), mail.at_once
            worker.stop()
            gate.set()
        return delivered

    assert asyncio.run(main()) == (5, 4)
    assert [office.letters()[f"l-{number:06}"][0] for number in (11, 12, 13, 14, 15)] == ["sent"] * 5


def test_a_stop_finishes_the_letters_in_hand_and_takes_no_more(office: Office) -> None:
    office.post(*range(1, 9))

    async def main() -> list[str]:
        gate = asyncio.Event()

        async def wait(_: Letter) -> str:
            await gate.wait()
            return "taken"

        provider = Provider(wait, enough=2)
        worker = office.worker({Channel.EMAIL: provider}, concurrency=2)
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(worker.run())
            await provider.has_enough.wait()
            worker.stop()
            done, _ = await asyncio.wait([running], timeout=0)
            assert not done
            gate.set()
        return provider.taken

    taken = asyncio.run(main())

    states = {letter_id: row[0] for letter_id, row in office.letters().items()}
    assert len(taken) == 2
    assert states == {letter_id: "sent" if letter_id in taken else "waiting" for letter_id in states}


def test_a_stop_with_nothing_in_hand_is_at_once(office: Office) -> None:
    async def main() -> bool:
        provider = Provider(take, enough=1)
        worker = office.worker({Channel.EMAIL: provider})
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            worker.stop()
        return provider.is_closed

    assert asyncio.run(main())


def test_workers_side_by_side_deliver_each_letter_once(office: Office, migrated: Settings) -> None:
    office.post(*range(1, 61))
    databases = [open_database(migrated) for _ in range(2)]

    async def main() -> list[str]:
        taken: list[str] = []
        has_all = asyncio.Event()

        async def collect(given: Letter) -> str:
            taken.append(given.letter_id)
            if len(taken) == 60:
                has_all.set()
            return "taken"

        workers = [
            office.worker({Channel.EMAIL: Provider(collect, enough=999)}, database=database) for database in databases
        ]
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            for worker in workers:
                tasks.create_task(worker.run())
            await has_all.wait()
            for worker in workers:
                worker.stop()
        return taken

    taken = asyncio.run(main())
    for database in databases:
        database.close()

    assert sorted(taken) == [f"l-{number:06}" for number in range(1, 61)]
    assert {row[0] for row in office.letters().values()} == {"sent"}


def test_a_letter_that_a_dead_worker_held_is_delivered_when_its_lease_ends(office: Office) -> None:
    office.post(1)

    async def die() -> None:
        provider = Provider(lambda _: asyncio.Event().wait(), enough=1)  # type: ignore[arg-type, return-value]
        running = asyncio.create_task(office.worker({Channel.EMAIL: provider}).run())
        await provider.has_enough.wait()
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(die())
    held = office.letters()["l-000001"]
    office.clock.now += PACE.lease_ms

    taken = office.round(take)

    assert held == ("waiting", 1, NOW + PACE.lease_ms, True)
    assert taken == ["l-000001"]
    assert office.letters()["l-000001"][:2] == ("sent", 2)


def let_one_come_too_late(office: Office) -> None:
    """A worker holds a letter beyond its lease; another one sends it, and only then the first is refused."""
    office.post(1)

    async def main() -> None:
        gate = asyncio.Event()

        async def slow(_: Letter) -> str:
            await gate.wait()
            raise PermanentFailure("550 no")

        late, quick = Provider(slow, enough=1), Provider(take, enough=1)
        first, second = (office.worker({Channel.EMAIL: each}, concurrency=1) for each in (late, quick))
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(first.run())
            await late.has_enough.wait()
            office.clock.now += PACE.lease_ms
            first.stop()
            ended = tasks.create_task(second.run())
            await quick.has_enough.wait()
            second.stop()
            await ended
            gate.set()

    asyncio.run(main())


def test_what_a_worker_finds_out_too_late_changes_nothing(office: Office) -> None:
    let_one_come_too_late(office)

    assert office.letters()["l-000001"][:2] == ("sent", 2)
    assert [each[:3] for each in office.tries()] == [(1, "provider", "permanent"), (2, "provider", "sent")]


def test_the_log_does_not_say_failed_of_a_letter_that_another_worker_has_sent(office: Office) -> None:
    let_one_come_too_late(office)

    tried = [(line["attempt"], line["state"]) for line in logged() if line["event"] == "letter_tried"]
    assert (2, "sent") in tried
    assert (1, "failed") not in tried


def test_channels_without_a_sender_are_left_alone(office: Office) -> None:
    office.post(1)
    office.post(2, channel=Channel.SMS)

    office.round(take)

    assert office.letters()["l-000002"][:2] == ("waiting", 0)


def test_a_worker_without_senders_ends_at_once(office: Office) -> None:
    office.post(1)

    async def main() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await office.worker({}).run()

    asyncio.run(main())

    assert office.letters()["l-000001"][:2] == ("waiting", 0)


def test_workers_together_hold_to_what_a_provider_takes_in_a_second(office: Office, migrated: Settings) -> None:
    office.post(*range(1, 21))
    databases = [open_database(migrated) for _ in range(2)]
    office.clock.now += 1000 - office.clock.now % 1000

    async def main() -> list[list[str]]:
        provider = Provider(take, enough=6)
        workers = [office.worker({Channel.EMAIL: provider}, database=each, per_second=6) for each in databases]
        seconds: list[list[str]] = []
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            for worker in workers:
                tasks.create_task(worker.run())
            for _ in range(3):
                await provider.has_enough.wait()
                await asyncio.sleep(2 * POLL_S)  # Both ask in vain for more.
                seconds.append(list(provider.taken))
                provider.has_enough.clear()
                provider.enough += 6
                office.clock.now += 1000
            for worker in workers:
                worker.stop()
        return seconds

    seconds = asyncio.run(main())
    for database in databases:
        database.close()

    assert [len(each) for each in seconds] == [6, 12, 18]
    assert len(set(seconds[-1])) == 18


def test_what_was_claimed_ahead_is_given_back_when_the_worker_stops(office: Office) -> None:
    """A quick provider that stalls all at once: what waits for a hand is not held until the lease ends."""
    office.post(*range(1, 61))

    async def main() -> list[str]:
        gate, taken = asyncio.Event(), []

        async def wait(given: Letter) -> str:
            taken.append(given.letter_id)
            if len(taken) > 20:
                await gate.wait()
            return "taken"

        provider = Provider(wait, enough=24)
        worker = office.worker({Channel.EMAIL: provider}, concurrency=4)
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await provider.has_enough.wait()
            worker.stop()
            gate.set()
        return provider.taken

    taken = asyncio.run(main())

    rows = office.letters()
    assert len(taken) == 24
    assert {rows[each][0] for each in taken} == {"sent"}
    assert {row[:3] for each, row in rows.items() if each not in taken} == {("waiting", 0, NOW)}
