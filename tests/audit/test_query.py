"""ListAuditRecords, through signed calls: what it shows, every filter, pages, and who may ask."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions

from callboard.audit import query, sealing
from callboard.audit import storage as audit
from callboard.audit.query import Query
from callboard.audit.storage import Source
from callboard.database.engine import Database
from tests.access.rights import allow, user_with
from tests.audit.trail import TOM, VERSION, add, ask, every_record, id_of, names, records
from tests.serving import Account, Server
from tests.signing import call_v1, call_v3

LISTING = allow("callboard:ListAuditRecords")


def moment(*, ahead: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_record_tells_who_did_what_when_and_from_where(account: Account) -> None:
    answer = call_v3(account, "AddMessageContact", TOM)

    (record,) = records(account, action_name="AddMessageContact")

    contact_id = answer.json["Contact"]["ContactId"]
    assert record["RequestId"] == answer.json["RequestId"]
    assert record["Principal"] == f"acs:ram::{account.account_id}:root"
    assert (record["AccessKeyId"], record["SourceAddress"]) == (account.key_id, "127.0.0.1")
    assert record["Resource"] == f"acs:resourcemanager:*:{account.account_id}:messagecontact/{contact_id}"
    assert abs(datetime.fromisoformat(record["EventTime"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert json.loads(record["After"])["name"] == "tom"
    assert {"Before", "ErrorCode", "SealNumber"} & set(record) == set()


def test_a_sealed_record_has_its_number(account: Account) -> None:
    add(account)
    while account.server.run(lambda open_: sealing.seal(open_, account.server.runtime.vault)):
        continue

    assert records(account)[0]["SealNumber"] > 0


def test_the_newest_comes_first(account: Account) -> None:
    resource = add(account)
    call_v3(account, "UpdateMessageContact", {"ContactId": id_of(resource), "Title": "Other"})
    call_v3(account, "DeleteMessageContact", {"ContactId": id_of(resource)})

    assert names(records(account)) == [
        "DeleteMessageContact",
        "UpdateMessageContact",
        "AddMessageContact",
        "CreateAccessKey",
        "CreateDirectory",
    ]


def test_a_refused_change_is_there_with_its_code(account: Account) -> None:
    user = user_with(account, allow("resourcemanager:Get*"))
    call_v3(user, "AddMessageContact", TOM)
    call_v3(account, "AddMessageContact", {**TOM, "Title": "Nobody"})

    found = records(account, error_code="any")

    assert [(each["ErrorCode"], each["AccessKeyId"]) for each in found] == [
        ("InvalidParameter.Title", account.key_id),
        ("NoPermission", user.key_id),
    ]
    assert all("After" not in each for each in found)


def test_each_condition_leaves_out_the_rest(account: Account) -> None:
    user = user_with(account, allow("resourcemanager:*"))
    name = records(account, action_name="CreateAccessKey")  # Of the root key and of the user.
    first, second = add(account), add(user, Name="tim", EmailAddress="tim@example.com")
    call_v3(user, "AddMessageContact", {**TOM, "Name": "tim"})
    user_arn = next(each["Principal"] for each in records(account, action_name="AddMessageContact"))

    def asked(**conditions: str) -> list[str]:
        return [each.get("ErrorCode") or each["Resource"] for each in records(account, **conditions)]

    taken = "InvalidParameter.Name.AlreadyUsed"
    assert len(name) == 2
    assert asked(actor=user_arn) == [taken, second]
    assert asked(actor=user_arn.rpartition("/")[2]) == [taken, second]
    assert asked(actor=user.key_id) == [taken, second]
    assert asked(actor="root") == [first]
    assert asked(actor="nobody") == []
    assert asked(action_name="AddMessageContact") == [taken, second, first]
    assert asked(action_name="addmessagecontact") == []
    assert asked(resource_arn=first) == [first]
    assert asked(resource_arn=first[:-1]) == []
    assert asked(error_code=taken) == [taken]
    assert asked(error_code="any") == [taken]
    assert taken not in asked(error_code="none")
    assert asked(actor=user.key_id, error_code="none") == [second]
    assert set(names(records(account, actor="operator"))) >= {"CreateDirectory", "CreateAccessKey"}


def test_a_period_holds_what_is_in_it(account: Account) -> None:
    add(account)
    past, future = moment(ahead=-timedelta(minutes=5)), moment(ahead=timedelta(minutes=5))

    within = names(records(account, start_time=past, end_time=future))

    assert within[0] == "AddMessageContact"
    assert records(account, end_time=past) == []
    assert records(account, start_time=future) == []


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(account: Account) -> None:
    add(account)
    at = records(account, action_name="AddMessageContact")[0]["EventTime"]
    next_ms = (datetime.fromisoformat(at) + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")

    assert names(records(account, start_time=at))[-1] == "AddMessageContact"
    assert "AddMessageContact" not in names(records(account, end_time=at))
    assert "AddMessageContact" in names(records(account, end_time=next_ms.replace("+00:00", "Z")))


@pytest.mark.parametrize("size", [1, 2, 7, 100])
def test_pages_together_are_the_whole(account: Account, size: int) -> None:
    for number in range(6):
        add(account, Name="tom" + "abcdef"[number])

    whole, paged = records(account), every_record(account, max_results=str(size))

    assert len(whole) == 8
    assert paged == whole


def test_what_is_added_while_pages_are_read_is_on_none_of_them(account: Account) -> None:
    for number in range(4):
        add(account, Name="tom" + "abcd"[number])
    before = records(account)
    first = ask(account, "ListAuditRecords", max_results="2").json

    add(account, Name="later")

    rest = every_record(account, max_results="2", next_token=first["NextToken"])
    assert [*first["AuditRecords"], *rest] == before


def test_a_page_looks_at_so_many_records_and_leads_on(database: Database) -> None:
    def fill(connection) -> None:
        for number in range(10):
            source = Source("1234", 1000 + number // 2, f"R{number}", "operator")
            audit.add(connection, source, "Rare" if number == 1 else "Usual", "x")

    database.run(fill)
    asked, place, sizes, found = Query("1234", action="Rare"), None, [], []
    while True:
        rows, place = database.run(
            lambda open_, after=place: query.page(open_, asked, after=after, limit=5, examined=3)
        )
        sizes.append(len(rows))
        found += rows
        if place is None:
            break

    assert [each.request_id for each in found] == ["R1"]
    assert sizes == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("StartTime", "yesterday"),
        ("StartTime", "2026-11-25 00:00:00"),
        ("StartTime", "2026-13-25T00:00:00Z"),
        ("StartTime", "2026-11-25T00:00:00+08:00"),
        ("StartTime", ""),
        ("EndTime", "2026-11-25T00:00:00"),
        ("NextToken", "x"),
        ("NextToken", "汤姆"),
        ("NextToken", "LTEuMg"),
        ("MaxResults", "0"),
        ("MaxResults", "101"),
        ("MaxResults", "many"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(account: Account, name: str, value: str) -> None:
    answer = call_v3(account, "ListAuditRecords", {name: value}, version=VERSION)

    assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert name in answer.json["Message"]


def test_a_period_that_ends_before_it_begins_is_refused(account: Account) -> None:
    answer = ask(account, "ListAuditRecords", start_time=moment(), end_time=moment(ahead=-timedelta(hours=1)))

    assert (answer.code, "EndTime" in answer.json["Message"]) == ("InvalidParameter", True)


def test_an_account_sees_its_own_trail_alone(server: Server, account: Account) -> None:
    other = server.account()
    resource = add(other)

    assert records(account, resource_arn=resource) == []
    assert records(account, actor=other.key_id) == []
    assert records(account, actor=f"acs:ram::{other.account_id}:root") == []
    assert {each["RequestId"] for each in records(account)}.isdisjoint(each["RequestId"] for each in records(other))


def test_the_token_of_another_account_leads_to_nothing_of_its(server: Server, account: Account) -> None:
    other = server.account()
    for number in range(3):
        add(other, Name="tom" + "abc"[number])
    token = ask(other, "ListAuditRecords", max_results="1").json["NextToken"]

    found = every_record(account, next_token=token)

    assert set(names(found)) <= {"CreateDirectory", "CreateAccessKey"}
    assert {each["RequestId"] for each in found}.isdisjoint(each["RequestId"] for each in every_record(other))


def test_a_user_needs_the_right_and_has_the_accounts_trail_with_it(account: Account) -> None:
    add(account)
    may, may_not = user_with(account, LISTING), user_with(account, allow("resourcemanager:*"))

    denied = ask(may_not, "ListAuditRecords")

    assert names(records(may))[-2:] == names(records(account))[-2:]
    assert (denied.status, denied.code) == (403, "NoPermission")
    assert denied.json["AccessDeniedDetail"]["AuthAction"] == "callboard:ListAuditRecords"


def test_a_right_to_the_trail_of_another_account_is_none_to_ones_own(account: Account) -> None:
    user = user_with(account, allow("callboard:ListAuditRecords", resource="acs:callboard:*:42:audit/*"))

    assert ask(user, "ListAuditRecords").code == "NoPermission"


def test_an_account_without_a_directory_has_a_trail_all_the_same(server: Server) -> None:
    from callboard.clock import wall_clock
    from callboard.tree import directories

    alone = f"{server.account().account_id}0"
    server.run(
        lambda open_: directories.add_account(open_, alone, directory_id=None, is_management=False, now=wall_clock())
    )

    assert names(records(server.key(alone))) == ["CreateAccessKey"]


def test_reading_the_trail_leaves_no_trace_in_it(account: Account) -> None:
    first = records(account)

    ask(account, "ListAuditRecords", start_time="yesterday")

    assert records(account) == first


def test_v1_and_the_generic_clients_read_it_too(account: Account) -> None:
    add(account)

    by_v1 = call_v1(account, "ListAuditRecords", {"MaxResults": "1"}, Version=VERSION).json["AuditRecords"]

    assert names(by_v1) == ["AddMessageContact"]
    assert by_core_sdk(account) == by_v1
    assert by_tea_sdk(account) == by_v1


def by_core_sdk(account: Account) -> list[dict[str, str]]:
    """By aliyun-python-sdk-core, as the command line `aliyun` sends what it does not know (V1)."""
    request = CommonRequest()
    request.set_domain(account.server.endpoint)
    request.set_protocol_type("http")
    request.set_method("POST")
    request.set_version(VERSION)
    request.set_action_name("ListAuditRecords")
    request.add_query_param("MaxResults", "1")
    answer = AcsClient(account.key_id, account.secret, "cn-hangzhou").do_action_with_exception(request)
    return list(json.loads(answer)["AuditRecords"])


def by_tea_sdk(account: Account) -> list[dict[str, str]]:
    """By the generic call of the SDKs of today (V3)."""
    client = Client(
        Config(
            access_key_id=account.key_id,
            access_key_secret=account.secret,
            endpoint=account.server.endpoint,
            protocol="http",
        )
    )
    params = Params(
        action="ListAuditRecords",
        version=VERSION,
        protocol="HTTP",
        method="POST",
        auth_type="AK",
        style="RPC",
        pathname="/",
        req_body_type="formData",
        body_type="json",
    )
    answer = client.call_api(params, OpenApiRequest(query={"MaxResults": "1"}), RuntimeOptions())
    return list(answer["body"]["AuditRecords"])
