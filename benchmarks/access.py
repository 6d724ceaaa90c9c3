"""What authorization costs: the updates of a RAM user with five policies next to those of the root key.

Both are measured on the same server in turns, so that their ratio means something on a machine that is not quiet.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import commands
import databases
from processes import BenchmarkError, call, find_cores
from targets import Product
from traffic import Signer

CONNECTIONS = 64
RAM_VERSION = "2015-05-01"
USER = "bench"


def policies(account_id: str) -> dict[str, dict[str, object]]:
    """Five policies such as people have them; only the last one allows the update, and on contacts alone."""
    own = f"acs:resourcemanager:*:{account_id}:"
    return {
        "read-contacts": _statement("Allow", ["resourcemanager:Get*", "resourcemanager:List*"], "*"),
        "read-ram": _statement("Allow", ["ram:Get*", "ram:List*"], "*"),
        "no-deletion": _statement("Deny", ["resourcemanager:Delete*"], own + "messagecontact/*"),
        "office-only": _statement(
            "Deny", ["*"], "*", NotIpAddress={"acs:SourceIp": ["127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16"]}
        ),
        "update-contacts": _statement("Allow", ["resourcemanager:UpdateMessageContact"], own + "messagecontact/*"),
    }


def _statement(effect: str, actions: list[str], resource: str, **condition: object) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": effect, "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def make_user(product: Product) -> Signer:
    """A RAM user with the five policies, made by the product's own RAM actions; its key."""

    def ram(action: str, **parameters: str) -> dict[str, dict[str, str]]:
        request = product.signer.request(action, tuple(parameters.items()), version=RAM_VERSION)
        status, body = call(product.server.port, request)
        if status != 200:
            raise BenchmarkError(f"{action} was answered {status}: {body.decode()}")
        answer: dict[str, dict[str, str]] = json.loads(body)
        return answer

    ram("CreateUser", UserName=USER)
    for name, statement in policies(product.account_id).items():
        document = json.dumps({"Version": "1", "Statement": [statement]})
        ram("CreatePolicy", PolicyName=name, PolicyDocument=document)
        ram("AttachPolicyToUser", PolicyType="Custom", PolicyName=name, UserName=USER)
    key = ram("CreateAccessKey", UserName=USER)["AccessKey"]
    return Signer(key["AccessKeyId"], key["AccessKeySecret"].encode(), product.signer.host)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures what authorization by policies costs.")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each run (default 4)")
    parser.add_argument(
        "--rounds",
        type=int,
        default=8,
        help="rounds to take the median of, in turns root first and user first (default 8)",
    )
    options = parser.parse_args()
    failures = commands.run("bench", lambda folder: _measure_all(folder, options))
    if failures:
        print(f"\n!!! FAILED: {failures} answers were not 200, so the figures mean nothing.")
    return 1 if failures else 0


def _measure_all(folder: Path, options: argparse.Namespace) -> int:
    print(f"{CONNECTIONS} connections; {options.rounds} rounds of {options.seconds:g} s each; medians")
    print(f"{'database':<12}{'root calls/s':>14}{'user calls/s':>14}{'ratio':>8}")
    return sum(_measure(name, folder, options) for name in databases.NAMES)


def _measure(name: str, folder: Path, options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        url = stack.enter_context(databases.product_url(name, folder))
        product = Product(folder / name, find_cores(), url=url, CALLBOARD_CALLS_PER_MINUTE="0")
        product.start()
        stack.callback(product.server.stop)
        product.add_contacts()
        user = make_user(product)
        product.warm_up()
        pairs = []
        failures = 0
        for number in range(options.rounds):
            order = (None, user) if number % 2 else (user, None)  # Whoever comes second meets fuller tables.
            loads = {signer: product.load(CONNECTIONS, options.seconds, signer=signer) for signer in order}
            root, restricted = loads[None], loads[user]
            failures += sum(root.failures.values()) + sum(restricted.failures.values())
            pairs.append((root.requests_per_second, restricted.requests_per_second))
        ratio = median(user_rate / root_rate for root_rate, user_rate in pairs)
        root_rate, user_rate = (median(rates) for rates in zip(*pairs, strict=True))
        print(f"{name:<12}{root_rate:>14.0f}{user_rate:>14.0f}{ratio:>8.3f}", flush=True)
        return failures


if __name__ == "__main__":
    sys.exit(main())
