"""One noisy publisher holds up nobody else, and what matters more goes before what was there already."""

from dataclasses import replace

from callboard.database.statement import Connection
from callboard.messages import publishing
from callboard.messages.publishing import Wanted
from callboard.messages.rules import Severity
from callboard.messages.shapes import Body
from callboard.settings import Settings
from tests.e2e.post_office import PostOffice
from tests.e2e.processes import until
from tests.messages.press import Present, published, shown
from tests.recipients.world import World
from tests.serving import serving

MESSAGES, PEOPLE = 200, 10
BACKLOG = MESSAGES * PEOPLE


def test_the_backlog_of_one_directory_holds_up_no_other_and_nothing_critical(own_settings: Settings) -> None:
    with PostOffice() as post:
        given = {**post.settings, "smtp_port": int(post.settings["smtp_port"])}
        with serving(replace(own_settings, **given, worker=False)) as server:
            noisy, quiet = Present(server.account()), Present(server.account())
            member, other = noisy.member(), quiet.member()
            for number in range(PEOPLE):
                noisy.bind(noisy.contact(f"tom{number}", email=f"tom{number}@example.com"), member)
            quiet.bind(quiet.contact("ann", email="ann@example.com"), other)
            _publish_many(noisy, member)
            published(noisy.account, member, Subject="critical", Severity="Critical")
            published(quiet.account, other, Subject="quiet", Severity="Info")

            with serving(replace(own_settings, **given)):
                until(lambda: {"critical", "quiet"} <= {each.subject for each in post.mails}, "both have arrived")
        order = [each.subject for each in post.mails]

    assert order.index("quiet") < BACKLOG / 2
    assert order.index("critical") < BACKLOG / 2


def test_what_goes_first_shows_no_other_date_for_that(own_settings: Settings) -> None:
    elsewhere = {"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_from": "no-reply@example.com", "worker": False}
    with serving(replace(own_settings, **elsewhere)) as server:
        world = Present(server.account())
        member = world.member()
        world.bind(world.contact("tom", email="tom@example.com"), member)

        message = shown(world.account, published(world.account, member, Severity="Critical"))

    assert [each["DueDate"] for each in message["Deliveries"]] == [message["CreateDate"]]


def _publish_many(world: World, member: str) -> None:
    wanted = Wanted(member, "FaultMessage", Severity.INFO, "noise", Body("content"))

    def work(open_: Connection) -> None:
        for _ in range(MESSAGES):
            publishing.publish(world.call(open_), wanted)

    world.run(work)
