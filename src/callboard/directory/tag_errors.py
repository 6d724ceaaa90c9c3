"""What tags are refused with. No codes are published for them; these are likely ones (directory-api.yaml)."""

from callboard.errors import ApiError


class TagKeyMissing(ApiError):
    """You must specify TagKey."""

    code = "MissingParameter.TagKey"
    when = "no tag, or no key, where one is needed"


class TagKeyInvalid(ApiError):
    """The TagKey is invalid."""

    code = "InvalidParameter.TagKey"
    when = "a key that breaks the rule, or comes twice"


class TagValueInvalid(ApiError):
    """The TagValue is invalid."""

    code = "InvalidParameter.TagValue"
    when = "a value that breaks the rule"
