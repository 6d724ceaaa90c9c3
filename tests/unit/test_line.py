"""The line in which requests wait that come in floods."""

import asyncio

import pytest

from callboard.line import LONGEST, Crowded, Line


def test_one_at_a_time_has_its_turn_in_the_order_of_coming() -> None:
    line, told = Line(), []

    async def come(name: int) -> None:
        async with line.turn():
            told.append(("begins", name))
            await asyncio.sleep(0)
            told.append(("ends", name))

    async def main() -> None:
        await asyncio.gather(*(come(number) for number in range(5)))

    asyncio.run(main())

    assert told == [(what, number) for number in range(5) for what in ("begins", "ends")]


def test_a_refusal_leaves_the_line_free_for_the_next() -> None:
    line = Line()

    async def main() -> str:
        with pytest.raises(ValueError, match="refused"):
            async with line.turn():
                raise ValueError("refused")
        async with line.turn():
            return "next"

    assert asyncio.run(main()) == "next"


def test_a_line_that_is_too_long_takes_no_more_strangers() -> None:
    line = Line()

    async def come() -> str:
        try:
            async with line.turn_of_stranger():
                return "served"
        except Crowded:
            return "sent away"

    async def main() -> list[str]:
        return await asyncio.gather(*(come() for _ in range(LONGEST + 3)))

    answers = asyncio.run(main())

    assert answers.count("served") == LONGEST
    assert answers.count("sent away") == 3
