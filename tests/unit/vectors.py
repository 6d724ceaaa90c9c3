"""The test vectors of protocol.md, section 4: each request as it was sent, line by line.

All were made by the signing functions of the official Python client, or stand in the vendor's documentation.
"""

from msgspec import Struct


class Vector(Struct, frozen=True, kw_only=True):
    """A raw request, the secret of its key, and what both sides must come to."""

    name: str
    secret: str
    request: str
    string_to_sign: str
    signature: str


VECTORS = (
    Vector(
        name="4.1 V3, key pair, parameters in the query",
        secret="testsecret",
        request="POST /?ContactId=c-qL4HqKONzOM7abcd&Name=%E5%BC%A0%E4%B8%89&EmailAddress=a%2Bb+c%40example.com&Pho"
        "neNumber=86-13900001234&Title=TechnicalDirector&MessageTypes.1=AccountExpenses&MessageTypes.2=Faul"
        "tMessage HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=accept;host;user-agent;x-acs-actio"
        "n;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,S"
        "ignature=df04c645bb9271863c9b00d45e232449826d0330de5b4578b95ee59b2d6940cf",
        string_to_sign="ACS3-HMAC-SHA256\n8f61f5e0632e26ba0673af16d73760a27d813a43c3c2843967009c2c9f62f700",
        signature="df04c645bb9271863c9b00d45e232449826d0330de5b4578b95ee59b2d6940cf",
    ),
    Vector(
        name="4.2 V3, temporary credentials",
        secret="testsecret",
        request="POST /?ContactId=c-qL4HqKONzOM7abcd HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: GetMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-acs-credentials-provider: static_sts\n"
        "x-acs-accesskey-id: STS.testid\n"
        "x-acs-security-token: tok+/=en\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=STS.testid,SignedHeaders=accept;host;user-agent;x-acs-a"
        "ccesskey-id;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-security"
        "-token;x-acs-signature-nonce;x-acs-version,Signature=ca7251f98ea7f8b3611562ce10918cb698ea6058b1570"
        "b340b9cb38efb638408",
        string_to_sign="ACS3-HMAC-SHA256\nbe2cf180b1801fa023a4b19debf66b41966d302ec8857ef49b5a3a05add23411",
        signature="ca7251f98ea7f8b3611562ce10918cb698ea6058b1570b340b9cb38efb638408",
    ),
    Vector(
        name="4.3 V3, form body",
        secret="testsecret",
        request="POST / HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "content-type: application/x-www-form-urlencoded\n"
        "x-acs-content-sha256: 83fb891e8b98a0833ae628c2daaaf6808106ff67c75a906becde72c7b203e295\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=accept;content-type;host;user-agen"
        "t;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-"
        "acs-version,Signature=cd470596e2395741026d05c1e3a146ad57cb3dd96d9bb0c9430e60c6d5632f69\n"
        "\n"
        "ContactId=c-qL4HqKONzOM7abcd&MessageTypes.1=AccountExpenses&MessageTypes.2=FaultMessage&Name=%E5%B"
        "C%A0%E4%B8%89",
        string_to_sign="ACS3-HMAC-SHA256\n9dea08169d223bee622375cd2ef86ceedc2d4bd698d6b95682c4e738dc18bad7",
        signature="cd470596e2395741026d05c1e3a146ad57cb3dd96d9bb0c9430e60c6d5632f69",
    ),
    Vector(
        name="4.4 V3, JSON body",
        secret="testsecret",
        request="POST / HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "content-type: application/json; charset=utf-8\n"
        "x-acs-content-sha256: dfbadc873f391f301941fd6267e25566a167c770b2ffb19f540db1063541b01e\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=accept;content-type;host;user-agen"
        "t;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-"
        "acs-version,Signature=11303f12ac2d66288265fa20df7321c36c7a2bd2e66ea825a8b83983a24413fc\n"
        "\n"
        '{"ContactId":"c-qL4HqKONzOM7abcd","MessageTypes":["AccountExpenses"]}',
        string_to_sign="ACS3-HMAC-SHA256\nab55ac9fb13ec7c15137d67ec085a0941d2016c89e57aaa170227e6e90c903ad",
        signature="11303f12ac2d66288265fa20df7321c36c7a2bd2e66ea825a8b83983a24413fc",
    ),
    Vector(
        name="4.5 V3, GET without parameters",
        secret="testsecret",
        request="GET / HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: GetResourceDirectory\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=accept;host;user-agent;x-acs-actio"
        "n;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,S"
        "ignature=59f3be9179b427ec7d71ed38ed54030c8241fa4875e0835d75ffc1cdd3f736a0",
        string_to_sign="ACS3-HMAC-SHA256\n28260b89f7de6b48c1e36473b3c7333b3395c46cd966d92ada2f321fb5b92256",
        signature="59f3be9179b427ec7d71ed38ed54030c8241fa4875e0835d75ffc1cdd3f736a0",
    ),
    Vector(
        name="4.6 V3, empty value",
        secret="testsecret",
        request="POST /?ContactId=&Name=tom HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=accept;host;user-agent;x-acs-actio"
        "n;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,S"
        "ignature=7001de63e087d5aa48c78e54cd21fee27a1143422312953fc75d51834a9b6635",
        string_to_sign="ACS3-HMAC-SHA256\n5b80850e193de45f6d34e543c9280736daeaae97db485721402112b47aee255e",
        signature="7001de63e087d5aa48c78e54cd21fee27a1143422312953fc75d51834a9b6635",
    ),
    Vector(
        name="4.7 V3, SM3",
        secret="testsecret",
        request="POST /?ContactId=c-qL4HqKONzOM7abcd HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: GetMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-date: 2026-01-02T03:04:05Z\n"
        "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
        "accept: application/json\n"
        "x-acs-content-sha256: 1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b\n"
        "x-acs-credentials-provider: static_ak\n"
        "Authorization: ACS3-HMAC-SM3 Credential=testid,SignedHeaders=accept;host;user-agent;x-acs-action;x"
        "-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Sign"
        "ature=ab68714a234ad2d3657de747588f92999dd5a7d90932838523c5f71ec25f29b8",
        string_to_sign="ACS3-HMAC-SM3\neb8fbd142c64294788c497c9932582cfdfbcd8ed0bfa78cd3ff2730b144d516f",
        signature="ab68714a234ad2d3657de747588f92999dd5a7d90932838523c5f71ec25f29b8",
    ),
    Vector(
        name="4.8 V1, key pair, everything in the query",
        secret="testsecret",
        request="POST /?Action=UpdateMessageContact&Format=json&Version=2022-04-19&Timestamp=2026-01-02T03%3A04%3A0"
        "5Z&SignatureNonce=0123456789abcdef0123456789abcdef&ContactId=c-qL4HqKONzOM7abcd&Name=%E5%BC%A0%E4%"
        "B8%89&EmailAddress=a%2Bb+c%40example.com&PhoneNumber=86-13900001234&Title=TechnicalDirector&Messag"
        "eTypes.1=AccountExpenses&MessageTypes.2=FaultMessage&SignatureMethod=HMAC-SHA1&SignatureVersion=1."
        "0&AccessKeyId=testid&Signature=WjTEdpmsjW24ZEKLaPJsjfMfs9U%3D HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-credentials-provider: static_ak",
        string_to_sign="POST&%2F&AccessKeyId%3Dtestid%26Action%3DUpdateMessageContact%26ContactId%3Dc-qL4HqKONzOM7abcd%26E"
        "mailAddress%3Da%252Bb%2520c%2540example.com%26Format%3Djson%26MessageTypes.1%3DAccountExpenses%26M"
        "essageTypes.2%3DFaultMessage%26Name%3D%25E5%25BC%25A0%25E4%25B8%2589%26PhoneNumber%3D86-1390000123"
        "4%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0123456789abcdef0123456789abcdef%26SignatureVer"
        "sion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Title%3DTechnicalDirector%26Version%3D2022"
        "-04-19",
        signature="WjTEdpmsjW24ZEKLaPJsjfMfs9U=",
    ),
    Vector(
        name="4.9 V1, business parameters in the form body",
        secret="testsecret",
        request="POST /?Action=UpdateMessageContact&Format=json&Version=2022-04-19&Timestamp=2026-01-02T03%3A04%3A0"
        "5Z&SignatureNonce=0123456789abcdef0123456789abcdef&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&"
        "AccessKeyId=testid&Signature=FFvTm65OMUI%2FHTZdIkr92Nk7Iu0%3D HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: UpdateMessageContact\n"
        "user-agent: spec-vector/1\n"
        "content-type: application/x-www-form-urlencoded\n"
        "x-acs-credentials-provider: static_ak\n"
        "\n"
        "ContactId=c-qL4HqKONzOM7abcd&MessageTypes.1=AccountExpenses&MessageTypes.2=FaultMessage&Name=%E5%B"
        "C%A0%E4%B8%89",
        string_to_sign="POST&%2F&AccessKeyId%3Dtestid%26Action%3DUpdateMessageContact%26ContactId%3Dc-qL4HqKONzOM7abcd%26F"
        "ormat%3Djson%26MessageTypes.1%3DAccountExpenses%26MessageTypes.2%3DFaultMessage%26Name%3D%25E5%25B"
        "C%25A0%25E4%25B8%2589%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D0123456789abcdef0123456789a"
        "bcdef%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2022-04-19",
        signature="FFvTm65OMUI/HTZdIkr92Nk7Iu0=",
    ),
    Vector(
        name="4.10 V1, temporary credentials, GET",
        secret="testsecret",
        request="GET /?Action=GetMessageContact&Format=json&Version=2022-04-19&Timestamp=2026-01-02T03%3A04%3A05Z&S"
        "ignatureNonce=0123456789abcdef0123456789abcdef&ContactId=c-qL4HqKONzOM7abcd&SecurityToken=tok%2B%2"
        "F%3Den&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=STS.testid&Signature=qsMQQR2BPli"
        "pYSrT8JLcQ%2BcobjA%3D HTTP/1.1\n"
        "host: resourcedirectory.example.test\n"
        "x-acs-version: 2022-04-19\n"
        "x-acs-action: GetMessageContact\n"
        "user-agent: spec-vector/1\n"
        "x-acs-credentials-provider: static_sts",
        string_to_sign="GET&%2F&AccessKeyId%3DSTS.testid%26Action%3DGetMessageContact%26ContactId%3Dc-qL4HqKONzOM7abcd%26F"
        "ormat%3Djson%26SecurityToken%3Dtok%252B%252F%253Den%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce"
        "%3D0123456789abcdef0123456789abcdef%26SignatureVersion%3D1.0%26Timestamp%3D2026-01-02T03%253A04%25"
        "3A05Z%26Version%3D2022-04-19",
        signature="qsMQQR2BPlipYSrT8JLcQ+cobjA=",
    ),
    Vector(
        name="4.11 V3, as printed in the documentation",
        secret="YourAccessKeySecret",
        request="POST /?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai HTTP/1.1\n"
        "host: ecs.cn-shanghai.aliyuncs.com\n"
        "x-acs-action: RunInstances\n"
        "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        "x-acs-date: 2023-10-26T10:22:32Z\n"
        "x-acs-signature-nonce: 3156853299f313e23d1673dc12e1703d\n"
        "x-acs-version: 2014-05-26\n"
        "Authorization: ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-c"
        "ontent-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da"
        "74bceab24a1d853912eee15083a6f0f3283c0",
        string_to_sign="ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
        signature="06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
    ),
    Vector(
        name="4.11 V1, as printed in the documentation of ECS",
        secret="testsecret",
        request="GET /?AccessKeyId=testid&Action=DescribeRegions&Format=XML&SignatureMethod=HMAC-SHA1&SignatureNonc"
        "e=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&SignatureVersion=1.0&Timestamp=2016-02-23T12%3A46%3A24Z&Ver"
        "sion=2014-05-26&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D HTTP/1.1\n"
        "host: example.test",
        string_to_sign="GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SH"
        "A1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D"
        "2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26",
        signature="OLeaidS1JvxuMvnyHOwuJ+uX5qY=",
    ),
    Vector(
        name="4.11 V1, as printed in the documentation of RAM",
        secret="testsecret",
        request="GET /?AccessKeyId=testid&Action=CreateUser&Format=JSON&SignatureMethod=HMAC-SHA1&SignatureNonce=6a"
        "6e0ca6-4557-11e5-86a2-b8e8563dc8d2&SignatureVersion=1.0&Timestamp=2015-08-18T03%3A15%3A45Z&Version"
        "=2015-05-01&UserName=test&Signature=kRA2cnpJVacIhDMzXnoNZG9tDCI%3D HTTP/1.1\n"
        "host: example.test",
        string_to_sign="GET&%2F&AccessKeyId%3Dtestid%26Action%3DCreateUser%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1%2"
        "6SignatureNonce%3D6a6e0ca6-4557-11e5-86a2-b8e8563dc8d2%26SignatureVersion%3D1.0%26Timestamp%3D2015"
        "-08-18T03%253A15%253A45Z%26UserName%3Dtest%26Version%3D2015-05-01",
        signature="kRA2cnpJVacIhDMzXnoNZG9tDCI=",
    ),
)
