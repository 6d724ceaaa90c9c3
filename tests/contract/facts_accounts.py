"""What the documentation says of the account and tag operations, transcribed by hand (directory-api.yaml).

Of each table only what can be answered here. Where there is no table (tags, payers, deletion), codes of sibling
operations.
"""

from tests.contract.facts import (
    CONCURRENT,
    OLDER_VERSION,
    OPERATIONS,
    OPTIONAL,
    REQUIRED,
    VERSION,
    Operation,
    Refusal,
)

BOTH = (VERSION, OLDER_VERSION)

ACCOUNT_ID = (
    Refusal(400, "MissingParameter.AccountId", "You must specify AccountId."),
    Refusal(400, "InvalidParameter.AccountId", "The AccountId is invalid."),
)
ACCOUNT_NOT_FOUND = Refusal(404, "EntityNotExists.Account", "This resource directory account does not exist.")
ONE_ACCOUNT = (*ACCOUNT_ID, ACCOUNT_NOT_FOUND)
FOLDER_NOT_FOUND = Refusal(404, "EntityNotExists.Folder", "The resource directory folder does not exist.")
PARENT = Refusal(400, "InvalidParameter.ParentFolderId", "The ParentFolderId is invalid.")
DISPLAY_NAME = (
    Refusal(400, "InvalidParameter.Account.DisplayName", "The DisplayName of account is invalid."),
    Refusal(
        400,
        "InvalidParameter.Account.DisplayName.Length",
        "The DisplayName of the account exceeds the length limit.",
    ),
    Refusal(409, "InvalidParameter.Account.DisplayName.AlreadyUsed", "The displayname of account has been used."),
)
PREFIX = (
    Refusal(400, "InvalidParameter.Account.AccountNamePrefix", "The account name prefix is invalid."),
    Refusal(
        400,
        "InvalidParameter.Account.AccountNamePrefix.Length",
        "The account name prefix exceeds the length limit.",
    ),
    Refusal(
        409,
        "EntityAlreadyExists.ResourceDirectory.Account",
        "The email address that the system generates when you create a member account already exists. Try again later.",
    ),
)
PAYER = Refusal(
    409,
    "NotSupport.PayerAccountInAnotherResourceDirectory",
    "The specified settlement account does not exist in the resource directory. You must specify a valid settlement "
    "account.",
)
MISMATCH = Refusal(409, "AccountTypeOrStatusMismatch", "You cannot perform the action on the member account.")
TAG_KEY_MISSING = Refusal(400, "MissingParameter.TagKey", "You must specify TagKey.")
TAG_KEY = Refusal(400, "InvalidParameter.TagKey", "The TagKey is invalid.")
TAG_VALUE = Refusal(400, "InvalidParameter.TagValue", "The TagValue is invalid.")
RESOURCE = (
    Refusal(400, "InvalidParameter.ResourceType", "The ResourceType is invalid."),
    Refusal(400, "InvalidParameter.ResourceId", "The ResourceId is invalid."),
)
PAGES = {"PageNumber": OPTIONAL, "PageSize": OPTIONAL, "Tag": OPTIONAL, "IncludeTags": OPTIONAL}
ALL_ACCOUNTS = "acs:resourcemanager:*:{accountId}:account/*"

ACCOUNTS: dict[str, Operation] = {
    "CreateResourceAccount": Operation(
        parameters={
            "DisplayName": REQUIRED,
            "ParentFolderId": OPTIONAL,
            "PayerAccountId": OPTIONAL,
            "AccountNamePrefix": OPTIONAL,
            "Tag": OPTIONAL,
            "ResellAccountType": OPTIONAL,
            "DryRun": OPTIONAL,
        },
        newer_parameters=("DryRun",),
        errors=(
            Refusal(400, "MissingParameter.Account.DisplayName", "You must specify DisplayName."),
            *DISPLAY_NAME,
            PARENT,
            FOLDER_NOT_FOUND,
            *PREFIX,
            PAYER,
            TAG_KEY,
            TAG_VALUE,
            Refusal(400, "NotSupport.Site.Action", "Site does not allow current action."),
            Refusal(
                409,
                "LimitExceeded.Account",
                "The maximum number of member accounts in a resource directory exceeds the limit.",
            ),
            CONCURRENT,
        ),
        permission="resourcemanager:CreateResourceAccount",
        access_level="create",
        scopes=("ParentFolderId",),
        versions=BOTH,
    ),
    "GetAccount": Operation(
        parameters={"AccountId": REQUIRED, "IncludeTags": OPTIONAL},
        errors=ONE_ACCOUNT,
        permission="resourcemanager:GetAccount",
        access_level="get",
        scopes=("AccountId",),
        versions=BOTH,
    ),
    "UpdateAccount": Operation(
        parameters={"NewDisplayName": OPTIONAL, "NewAccountType": OPTIONAL, "AccountId": REQUIRED, "DryRun": OPTIONAL},
        newer_parameters=("DryRun",),
        errors=(
            *ONE_ACCOUNT,
            *DISPLAY_NAME,
            Refusal(
                409,
                "MissingDisplayNameOrAccountType",
                "Either display name or account type must be specified.",
            ),
            Refusal(
                409,
                "AccountTypeMismatch",
                "The type or status of the member account cannot satisfy the current operation.",
            ),
            Refusal(409, "PrimaryAkInUse", "The account has the primary AK in use."),
            Refusal(409, "CallerIdentityError", "Please use the RAM user or role of the Management Account."),
            CONCURRENT,
        ),
        permission="resourcemanager:UpdateAccount",
        access_level="update",
        scopes=("AccountId",),
        versions=BOTH,
    ),
    "ListAccounts": Operation(
        parameters={**PAGES, "QueryKeyword": OPTIONAL, "MaxResults": OPTIONAL, "NextToken": OPTIONAL},
        newer_parameters=("QueryKeyword", "MaxResults", "NextToken"),
        errors=(TAG_KEY, TAG_VALUE),
        permission="resourcemanager:ListAccounts",
        access_level="list",
        resource=ALL_ACCOUNTS,
        versions=BOTH,
    ),
    "ListAccountsForParent": Operation(
        parameters={**PAGES, "ParentFolderId": OPTIONAL, "QueryKeyword": OPTIONAL},
        errors=(PARENT, FOLDER_NOT_FOUND, TAG_KEY, TAG_VALUE),
        permission="resourcemanager:ListAccountsForParent",
        access_level="list",
        scopes=("ParentFolderId",),
        versions=BOTH,
    ),
    "MoveAccount": Operation(
        parameters={"AccountId": REQUIRED, "DestinationFolderId": REQUIRED},
        errors=(
            *ONE_ACCOUNT,
            Refusal(400, "MissingParameter.DestinationFolderId", "You must specify DestinationFolderId."),
            Refusal(400, "InvalidParameter.DestinationFolderId", "The DestinationFolderId is invalid."),
            FOLDER_NOT_FOUND,
            CONCURRENT,
        ),
        permission="resourcemanager:MoveAccount",
        access_level="update",
        scopes=("AccountId", "DestinationFolderId"),
        versions=BOTH,
    ),
    "TagResources": Operation(
        parameters={"ResourceId": REQUIRED, "Tag": REQUIRED, "ResourceType": REQUIRED},
        errors=(*RESOURCE, TAG_KEY_MISSING, TAG_KEY, TAG_VALUE, ACCOUNT_NOT_FOUND, FOLDER_NOT_FOUND, CONCURRENT),
        permission="resourcemanager:TagResources",
        access_level="update",
        scopes=("ResourceId",),
        versions=BOTH,
    ),
    "UntagResources": Operation(
        parameters={"ResourceId": REQUIRED, "TagKey": OPTIONAL, "All": OPTIONAL, "ResourceType": REQUIRED},
        errors=(*RESOURCE, TAG_KEY_MISSING, TAG_KEY, ACCOUNT_NOT_FOUND, FOLDER_NOT_FOUND, CONCURRENT),
        permission="resourcemanager:UntagResources",
        access_level="update",
        scopes=("ResourceId",),
        versions=BOTH,
    ),
    "ListTagResources": Operation(
        parameters={
            "NextToken": OPTIONAL,
            "MaxResults": OPTIONAL,
            "Tag": OPTIONAL,
            "ResourceId": OPTIONAL,
            "ResourceType": REQUIRED,
        },
        errors=(*RESOURCE, TAG_KEY, TAG_VALUE),
        permission="resourcemanager:ListTagResources",
        access_level="list",
        resource=ALL_ACCOUNTS,
        versions=BOTH,
    ),
    "UpdatePayerForAccount": Operation(
        parameters={"AccountId": REQUIRED, "PayerAccountId": REQUIRED},
        errors=(
            *ONE_ACCOUNT,
            Refusal(400, "MissingParameter.PayerAccountId", "You must specify PayerAccountId."),
            PAYER,
            CONCURRENT,
        ),
        permission="resourcemanager:UpdatePayerForAccount",
        access_level="update",
        scopes=("AccountId",),
    ),
    **{
        name: Operation(
            parameters={"AccountId": REQUIRED, **more},
            errors=(*ONE_ACCOUNT, *errors),
            permission=f"resourcemanager:{name}",
            access_level=level,
            scopes=("AccountId",),
            versions=BOTH,
        )
        for name, level, more, errors in (
            ("GetPayerForAccount", "get", {}, ()),
            ("RemoveCloudAccount", "delete", {}, (MISMATCH, CONCURRENT)),
            ("CheckAccountDelete", "update", {}, (CONCURRENT,)),
            ("GetAccountDeletionCheckResult", "get", {}, (MISMATCH,)),
            ("DeleteAccount", "delete", {"AbandonableCheckId": OPTIONAL}, (MISMATCH, CONCURRENT)),
            ("GetAccountDeletionStatus", "get", {}, ()),
        )
    },
}
OPERATIONS.update(ACCOUNTS)
