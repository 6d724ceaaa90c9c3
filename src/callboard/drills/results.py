"""GetDrillResult: by account and contact, who was told by what, and who acknowledged in time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from callboard.api.model import Reply, Request
from callboard.audit.parameters import DEFAULT_RESULTS, MaxResults
from callboard.call import Call
from callboard.clock import write_moment
from callboard.drills import actions, reached, rules, storage
from callboard.drills.errors import DrillNotFound, DrillRunNotFound
from callboard.drills.parameters import AccountsToken, DrillId, RunId, TargetId
from callboard.drills.rules import Heard, State
from callboard.drills.shapes import (
    Counts,
    DrillAccount,
    DrillContact,
    DrillDelivery,
    DrillShown,
    RunShown,
    Summary,
    drill_shown,
    operation,
    run_shown,
)
from callboard.messages import answers, deliveries
from callboard.messages.deliveries import Standing
from callboard.messages.rules import Cause
from callboard.parameters import NextTokenShown
from callboard.tree import members


class GetDrillResult(Request):
    """Show what came of a run: for each account who was told by what, and who acknowledged in time. What went to the
    fallback, or to endpoints, counts as nobody told. TargetId is as in DeleteDrill.
    """

    drill_id: DrillId
    run_id: RunId
    target_id: TargetId | UnsetType = UNSET
    next_token: AccountsToken | UnsetType = UNSET
    max_results: MaxResults = DEFAULT_RESULTS


class GetDrillResultReply(Reply, kw_only=True):
    """Summary is there on the first page alone."""

    drill: DrillShown
    run: RunShown
    summary: Summary | UnsetType = UNSET
    accounts: list[DrillAccount]
    max_results: Annotated[int, Meta(description="The most accounts on a page.", examples=[50])]
    next_token: NextTokenShown | UnsetType = UNSET


class Judge(Struct, frozen=True):
    """What counts for everybody in a run."""

    letters: Mapping[str, Heard]
    window_ms: int
    is_over: bool

    def state(self, letter_ids: Iterable[str]) -> State:
        found = (self.letters[each] for each in letter_ids if each in self.letters)
        return rules.judged(found, self.window_ms, is_over=self.is_over)

    def counts(self, groups: Mapping[str, Iterable[str]]) -> Counts:
        """How many there are of each state, by the letters of each."""
        found = Counter(self.state(each) for each in groups.values())
        return Counts(**{state.value.lower(): found[state] for state in State})


@operation(access_level="get", scopes=("TargetId",), errors=[DrillNotFound, DrillRunNotFound])
def get_drill_result(call: Call, request: GetDrillResult) -> GetDrillResultReply:
    drill = actions.find(call, request.drill_id, request.target_id)
    run = storage.find_run(call.connection, call.directory_id, drill.drill_id, request.run_id)
    if run is None:
        raise DrillRunNotFound
    letters = reached.heard(call.connection, call.directory_id, run.run_id)
    judge = Judge(letters, drill.window_ms, is_over=run.is_over(now=call.now))
    after, limit = request.next_token or "", request.max_results
    found = reached.page(call.connection, call.directory_id, run.run_id, after=after, limit=limit + 1)
    return GetDrillResultReply(
        drill=drill_shown(drill),
        run=run_shown(run, now=call.now),
        summary=UNSET if after else _summary(call, run.run_id, judge),
        accounts=[_account(call, judge, *each) for each in found[:limit]],
        max_results=limit,
        next_token=found[limit - 1][0] if len(found) > limit else UNSET,
    )


def _summary(call: Call, run_id: str, judge: Judge) -> Summary:
    by_account: dict[str, set[str]] = {
        each: set() for each in reached.accounts(call.connection, call.directory_id, run_id)
    }
    by_contact: dict[str, set[str]] = {}
    for sent in reached.sent(call.connection, call.directory_id, run_id):
        by_account[sent.account_id].add(sent.letter_id)
        by_contact.setdefault(sent.contact_id, set()).add(sent.letter_id)
    return Summary(accounts=judge.counts(by_account), contacts=judge.counts(by_contact))


def _account(call: Call, judge: Judge, account_id: str, message_id: str) -> DrillAccount:
    member = members.find(call.connection, call.directory_id, account_id)
    by_contact: dict[str, list[Standing]] = {}
    for each in deliveries.standings(call.connection, call.directory_id, message_id):
        if each.contact_id and each.cause != Cause.FALLBACK:
            by_contact.setdefault(each.contact_id, []).append(each)
    told = [each.letter_id for those in by_contact.values() for each in those]
    return DrillAccount(
        account_id=account_id,
        display_name=UNSET if member is None else member.display_name,
        message_id=message_id,
        state=judge.state(told).value,
        contacts=[_contact(judge, those) for those in by_contact.values()],
    )


def _contact(judge: Judge, those: list[Standing]) -> DrillContact:
    found = [judge.letters[each.letter_id] for each in those if each.letter_id in judge.letters]
    acknowledged = [each.acknowledged_at for each in found if each.acknowledged_at is not None]
    return DrillContact(
        contact_id=those[0].contact_id,
        name=those[0].contact_name,
        state=judge.state(each.letter_id for each in those).value,
        acknowledgement_date=write_moment(min(acknowledged)) if acknowledged else UNSET,
        deliveries=[
            DrillDelivery(
                delivery_id=each.delivery_id,
                channel=each.channel,
                recipient=each.recipient,
                state=answers.state_of(each),
            )
            for each in those
        ],
    )
