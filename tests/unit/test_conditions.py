"""The operators of conditions, each on values that fit and that do not."""

import pytest

from callboard.access.conditions import OPERATORS, holds

DAY, NEXT = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
COMPARED = {
    # operator: what fits (have, want), and what does not
    "StringEquals": ([("tom", "tom"), ("", "")], [("tom", "Tom"), ("tom", "to*"), ("tom", "")]),
    "StringEqualsIgnoreCase": ([("Tom", "tOM")], [("tom", "tim"), ("tom", "to*")]),
    "StringLike": (
        [("tom", "to*"), ("tom", "???"), ("tom", "*"), ("", "*"), ("a\nb", "a*b"), ("a.b", "a.b")],
        [("tom", "To*"), ("tom", "??"), ("", "?"), ("axb", "a.b"), ("tom", "om")],
    ),
    "NumericEquals": ([("1", "1.0"), ("-0", "0"), ("10", "1e1")], [("1", "2"), ("tom", "1"), ("", "0"), ("nan", "1")]),
    "NumericLessThan": ([("1", "2"), ("-3", "2"), ("9", "10")], [("2", "2"), ("3", "2"), ("tom", "2")]),
    "NumericLessThanEquals": ([("2", "2"), ("1", "2")], [("3", "2"), ("tom", "2")]),
    "NumericGreaterThan": ([("10", "9"), ("0.5", "0.25")], [("2", "2"), ("1", "2"), ("tom", "2")]),
    "NumericGreaterThanEquals": ([("2", "2.0"), ("3", "2")], [("1", "2"), ("tom", "2")]),
    "DateEquals": ([(DAY, DAY), (DAY, "2026-01-01T08:00:00+08:00"), (DAY, "2026-01-01")], [(DAY, NEXT), ("tom", DAY)]),
    "DateLessThan": ([(DAY, NEXT), (DAY, "2026-01-01T00:00:01Z")], [(DAY, DAY), (NEXT, DAY), ("tom", DAY)]),
    "DateLessThanEquals": ([(DAY, NEXT), (DAY, DAY)], [(NEXT, DAY), ("tom", DAY)]),
    "DateGreaterThan": ([(NEXT, DAY)], [(DAY, DAY), (DAY, NEXT), ("tom", DAY)]),
    "DateGreaterThanEquals": ([(NEXT, DAY), (DAY, DAY)], [(DAY, NEXT), ("tom", DAY)]),
    "Bool": ([("true", "true"), ("false", "False")], [("true", "false"), ("yes", "true")]),
    "IpAddress": (
        [
            ("10.1.2.3", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3", "10.9.9.9/8"),
            ("fe80::1", "fe80::/10"),
            ("::ffff:10.1.2.3", "10.0.0.0/8"),
        ],
        [("11.1.2.3", "10.0.0.0/8"), ("10.1.2.3", "::/0"), ("fe80::1", "0.0.0.0/0"), ("tom", "0.0.0.0/0")],
    ),
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
}
FITTING = [(name, *pair) for name, (fits, _) in COMPARED.items() for pair in fits]
OTHERS = [(name, *pair) for name, (_, others) in COMPARED.items() for pair in others]


def test_every_operator_is_tried_here() -> None:
    assert set(OPERATORS) == set(COMPARED) | set(NEGATED)


@pytest.mark.parametrize(("name", "have", "want"), FITTING)
def test_an_operator_is_true_where_the_values_fit(name: str, have: str, want: str) -> None:
    assert holds(OPERATORS[name], (have,), (want,))


@pytest.mark.parametrize(("name", "have", "want"), OTHERS)
def test_an_operator_is_false_where_they_do_not(name: str, have: str, want: str) -> None:
    assert not holds(OPERATORS[name], (have,), (want,))


@pytest.mark.parametrize(("negated", "plain"), NEGATED.items())
def test_a_negated_operator_is_true_where_none_of_the_values_fits(negated: str, plain: str) -> None:
    fits, others = COMPARED[plain]

    assert all(not holds(OPERATORS[negated], (have,), (want,)) for have, want in fits)
    assert all(holds(OPERATORS[negated], (have,), (want,)) for have, want in others)
    assert not holds(OPERATORS[negated], (fits[0][0],), (others[0][1], fits[0][1]))


@pytest.mark.parametrize("name", OPERATORS)
def test_a_key_that_the_request_does_not_have_makes_every_condition_false(name: str) -> None:
    assert not holds(OPERATORS[name], (), ("1",))


def test_one_of_several_values_is_enough() -> None:
    assert holds(OPERATORS["StringEquals"], ("a", "b"), ("x", "b"))
    assert not holds(OPERATORS["StringNotEquals"], ("a", "b"), ("x", "b"))
