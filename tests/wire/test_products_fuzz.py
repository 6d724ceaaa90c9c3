"""Hostile parameters for the actions of every product: each is answered in the API's words, and never by a fault."""

import http.client
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import callboard.wiring  # noqa: F401 (registers the actions)
from callboard.api.model import ACTIONS, Action
from tests.property.profiles import examples
from tests.serving import Account

OTHERS = [action for action in ACTIONS.values() if action.version != "2022-04-19"]
POLICY = '{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "", "\0", "a\0b", "\ud83d\ude00", "%00", "' OR 1=1 --", "{AccountId}", "..", "x" * 5000, "-1", "0", "1e9",
            "9" * 40, "true", "null", "[]", "{}", "[[", '{"a":', POLICY, POLICY[:-1], "tom", "v1", "System", "Custom",
            "AdministratorAccess", "2026-11-25T10:00:00Z", "9999-12-31T23:59:59Z", "acs:ram::1:user/tom",
            "acs:ram::1132712747835549:role/r", "\u202e", "ﬀ", "中文", "a" * 64, "a" * 65,
            "m-0123456789abcdef", "1764064973125.m-0123456789abcdef", "Critical", "Markdown", "FaultMessage", "60",
            "https://example.com/", "javascript:alert(1)", "a\r\nBcc: b@example.com", "[" * 20_000, "1132712747835549",
            "c-0123456789abcdef", "d-0123456789abcdef", "dr-0123456789abcdef", "Asia/Shanghai", "22:00-08:00", "08:00",
            f"1764064973125.{'0' * 32}", "tom@example.com",
            "webhook", "chat", "https://2130706433/", "https://[::1", "json://10.0.0.1/", "e-0123456789abcdef",
        ]
    ),
)  # fmt: skip


@pytest.mark.parametrize("action", OTHERS, ids=lambda action: action.name)
def test_whatever_is_sent_is_answered_in_the_words_of_the_api(account: Account, action: Action) -> None:
    names = [field.name for field in action.fields]
    connection = http.client.HTTPConnection(account.server.endpoint, timeout=30)
    headers = {
        "Authorization": f"Bearer {account.key_id}.{account.secret}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    @examples(12)
    @given(st.dictionaries(st.sampled_from(names), VALUES) if names else st.just({}))
    def call(parameters: dict[str, str]) -> None:
        form = {"Action": action.name, "Version": action.version, **parameters}
        connection.request("POST", "/", urlencode(form, errors="surrogatepass"), headers)
        answer = connection.getresponse()
        body = json.loads(answer.read())

        assert answer.status < 500
        assert body["RequestId"]
        assert answer.status == 200 or body["Code"]

    call()
    connection.close()
