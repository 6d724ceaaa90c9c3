"""What the gateway refuses, whatever the action: codes, statuses and messages of protocol.md, section 6.2."""

from callboard.errors import ApiError


class GatewayError(ApiError):
    """The base of refusals that every action may answer."""


class ActionNotFound(GatewayError):
    """Specified api is not found, please check your url and method."""

    code, status = "InvalidAction.NotFound", 404
    when = "an action that this version of the product does not have, or a path other than /"


class MethodNotSupported(GatewayError):
    """This http method is not supported."""

    code, status = "UnsupportedHTTPMethod", 403
    when = "a method other than GET and POST"


class FormatInvalid(GatewayError):
    """Specified parameter format is not valid."""

    code = "InvalidParameter.Format"
    when = "Format is neither XML nor JSON"


class ParameterInvalid(GatewayError):
    """Specified parameter {parameter} is not valid."""

    code = "InvalidParameter"
    when = "a parameter that comes twice, is not UTF-8, or is out of range and has no code of its own"

    def __init__(self, *, parameter: str) -> None:
        super().__init__(parameter=parameter)
        self.parameter = parameter


class RequestTooLarge(GatewayError):
    """The request is too large: at most {limit} bytes are taken."""

    code, status = "InvalidParameter", 413
    when = "a body, or a query string, over the limit"


class VersionInvalid(GatewayError):
    """Specified parameter Version is not valid."""

    code = "InvalidVersion"
    when = "a version that no product here has"


class ActionMissing(GatewayError):
    """Action is mandatory for this action."""

    code = "MissingAction"
    when = "no Action parameter and no x-acs-action header"


class VersionMissing(GatewayError):
    """Version is mandatory for this action."""

    code = "MissingVersion"
    when = "no Version parameter and no x-acs-version header"


class TimestampMissing(GatewayError):
    """Timestamp is mandatory for this action."""

    code = "MissingTimestamp"
    when = "no Timestamp parameter (V1) or x-acs-date header (V3)"


class NonceMissing(GatewayError):
    """SignatureNonce is mandatory for this action."""

    code = "MissingSignatureNonce"
    when = "no SignatureNonce parameter (V1) or x-acs-signature-nonce header (V3)"


class AccessKeyIdMissing(GatewayError):
    """AccessKeyId is mandatory for this action."""

    code = "MissingAccessKeyId"
    when = "no credentials at all, or a V1 request without AccessKeyId"


class SignatureMethodMissing(GatewayError):
    """SignatureMethod is mandatory for this action."""

    code = "MissingSignatureMethod"
    when = "a V1 request without SignatureMethod"


class SignatureVersionMissing(GatewayError):
    """SignatureVersion is mandatory for this action."""

    code = "MissingSignatureVersion"
    when = "a V1 request without SignatureVersion"


class SignatureMethodInvalid(GatewayError):
    """Specified signature method is not valid."""

    code = "InvalidSignatureMethod"
    when = "an algorithm other than HMAC-SHA1 (V1), ACS3-HMAC-SHA256 or ACS3-HMAC-SM3 (V3)"


class SignatureVersionInvalid(GatewayError):
    """Specified parameter SignatureVersion is not valid."""

    code = "InvalidSignatureVersion"
    when = "a V1 request whose SignatureVersion is not 1.0"


class SignatureTypeInvalid(GatewayError):
    """Specified parameter SignatureType is not valid."""

    code = "InvalidSignatureType"
    when = "a bearer token in the form of the cloud's console, which this server does not take"


class SignatureIncomplete(GatewayError):
    """The request signature does not conform to Aliyun standards."""

    code = "IncompleteSignature"
    when = "an Authorization header that cannot be read, or that leaves a mandatory header unsigned"


class SignatureDoesNotMatch(GatewayError):
    # clients.md, trap 15: a client splits this message at the colon and compares the rest with its own text.
    """Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"""

    code = "SignatureDoesNotMatch"
    when = "the signature was not made with the key's secret over this request"


class NonceUsed(GatewayError):
    """Specified signature nonce was used already."""

    code = "SignatureNonceUsed"
    is_audited = False
    when = "the same access key sent this nonce before"


class TimestampMalformed(GatewayError):
    """Specified time stamp or date value is not well formatted."""

    code = "InvalidTimeStamp.Format"
    when = "a time that is not yyyy-MM-ddTHH:mm:ssZ"


class TimestampExpired(GatewayError):
    """Specified time stamp or date value is expired."""

    code = "InvalidTimeStamp.Expired"
    when = "a time more than 15 minutes before or after the server's"


class AccessKeyNotFound(GatewayError):
    """Specified access key is not found."""

    code, status = "InvalidAccessKeyId.NotFound", 404
    when = "no access key has that id"


class AccessKeyInactive(GatewayError):
    """Specified access key is disabled."""

    code = "InvalidAccessKeyId.Inactive"
    when = "the access key was disabled"


class SecurityTokenMismatch(GatewayError):
    """Specified SecurityToken mismatch with the AccessKey."""

    code = "InvalidSecurityToken.MismatchWithAccessKey"
    when = "a security token together with a permanent access key, or another key's token"


class SecurityTokenMissing(GatewayError):
    """SecurityToken is mandatory for this action."""

    code = "MissingSecurityToken"
    when = "a temporary access key without its security token"


class SecurityTokenExpired(GatewayError):
    """Specified SecurityToken is expired."""

    code = "InvalidSecurityToken.Expired"
    when = "the session of a role has ended"


class BearerInvalid(GatewayError):
    """Specified access key is not found."""

    code, status = "InvalidAccessKeyId.NotFound", 404
    when = "a bearer key whose id or secret is wrong"


class SslNeeded(GatewayError):
    """Your request is denied as lack of ssl protect."""

    code = "InvalidProtocol.NeedSsl"
    when = "a bearer key that comes neither over TLS nor from this machine"


class Throttled(GatewayError):
    """Request was denied due to user flow control."""

    code = "Throttling.User"
    is_audited = False
    when = "the caller has made as many calls as it may in a minute, in all or of this action"


class InternalError(GatewayError):
    """The request processing has failed due to some unknown error."""

    code, status = "InternalError", 500
    when = "a fault of this server; its log has the request id"


class ServiceUnavailable(GatewayError):
    """The request has failed due to a temporary failure of the server."""

    code, status = "ServiceUnavailable", 503
    when = "the database cannot be reached or written; nothing was changed"
