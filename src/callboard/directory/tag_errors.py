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


class ResourceTypeInvalid(ApiError):
    """The ResourceType is invalid."""

    code = "InvalidParameter.ResourceType"
    when = "neither Account nor Folder"


class ResourceIdInvalid(ApiError):
    """The ResourceId is invalid."""

    code = "InvalidParameter.ResourceId"
    when = "no ResourceId, more than 50, or one that is not shaped like the ids of the ResourceType"
