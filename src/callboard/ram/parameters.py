"""How parameters of RAM's actions are checked, wherever they belong."""

from collections.abc import Callable, Container

from callboard.api.errors import ParameterInvalid
from callboard.api.model import Parameter
from callboard.errors import ApiError
from callboard.profile import Profile

Check = Callable[[str, Profile], str]


def checked(is_right: Callable[[str], bool], refuse: Callable[[], ApiError]) -> Check:
    def check(text: str, _: Profile) -> str:
        if not is_right(text):
            raise refuse()
        return text

    return check


def one_of(values: Container[str], invalid: type[ApiError]) -> Check:
    return checked(values.__contains__, invalid)


def no_longer(longest: int, too_long: type[ApiError], then: Check) -> Check:
    """Refuse a text of too many characters; then comes another check."""

    def check(text: str, profile: Profile) -> str:
        if len(text) > longest:
            raise too_long
        return then(text, profile)

    return check


def lines(name: str, longest: int, too_long: type[ApiError], *, example: str) -> Parameter:
    """A description of several lines, which may be empty; it holds what can be shown, as no database keeps all else."""
    shown = checked(_can_be_shown, lambda: ParameterInvalid(parameter=name))
    return Parameter(
        description=f"The description: up to {longest} characters. An empty text is none.",
        example=example,
        schema={"type": "string", "maxLength": longest},
        invalid=ParameterInvalid,
        check=no_longer(longest, too_long, shown),
        refusals=(too_long,),
        may_be_empty=True,
    )


def _can_be_shown(text: str) -> bool:
    return all(each.isprintable() or each in "\n\r\t" for each in text)
