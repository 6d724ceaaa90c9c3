"""Mails that come back, as mail servers write them: to the letter, but for names and numbers."""

from email.message import EmailMessage

DOMAIN = "callboard.example"

POSTFIX = """\
Return-Path: <>
Date: Wed, 25 Nov 2026 10:02:54 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@callboard.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ0Q1Rt2z9xJ.1795687374/mx.example.net"
Content-Transfer-Encoding: 8bit
Message-Id: <4XyZ0Q2bHkz9xK@mx.example.net>

This is a MIME-encapsulated message.

--4XyZ0Q1Rt2z9xJ.1795687374/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<{recipient}>: host mail.example.com[192.0.2.7] said: 550 5.1.1 <{recipient}>:
    Recipient address rejected: User unknown in virtual mailbox table (in reply
    to RCPT TO command)

--4XyZ0Q1Rt2z9xJ.1795687374/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4XyZ0Q1Rt2z9xJ
X-Postfix-Sender: rfc822; bounces@callboard.example
Arrival-Date: Wed, 25 Nov 2026 10:02:53 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; {diagnostic}

--4XyZ0Q1Rt2z9xJ.1795687374/mx.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

Return-Path: <bounces@callboard.example>
From: "Callboard" <no-reply@callboard.example>
To: {recipient}
Subject: Database does not answer
Date: Wed, 25 Nov 2026 10:02:53 +0000
Message-ID: <{letter_id}@callboard.example>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_0123456789abcdef"

--=_0123456789abcdef
Content-Type: text/plain; charset="utf-8"

Since 10:02 no connection succeeds.

--=_0123456789abcdef--

--4XyZ0Q1Rt2z9xJ.1795687374/mx.example.net--
"""

EXIM = """\
Return-path: <>
Envelope-to: bounces@callboard.example
Received: from Debian-exim by mx.example.net with local (Exim 4.98)
\tid 1tFAbc-000000001Ab-0xYz
\tfor bounces@callboard.example;
\tWed, 25 Nov 2026 10:02:54 +0000
X-Failed-Recipients: {recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: bounces@callboard.example
References: <{letter_id}@callboard.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=1795687374-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1tFAbc-000000001Ab-0xYz@mx.example.net>
Date: Wed, 25 Nov 2026 10:02:54 +0000

--1795687374-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {recipient}
    host mail.example.com [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{recipient}>:
    {diagnostic}

--1795687374-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Action: {action}
Final-Recipient: rfc822;{recipient}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; {diagnostic}

--1795687374-eximdsn-1804289383
Content-type: text/rfc822-headers

Return-path: <bounces@callboard.example>
Message-ID: <{letter_id}@callboard.example>
From: "Callboard" <no-reply@callboard.example>
To: {recipient}
Subject: Database does not answer
Content-Type: multipart/alternative; boundary="=_0123456789abcdef"

--1795687374-eximdsn-1804289383--
"""

EXCHANGE = """\
From: <postmaster@example.onmicrosoft.com>
To: <bounces@callboard.example>
Date: Wed, 25 Nov 2026 10:02:54 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="5f9c2f1e-6d0f-4a6e-9c0e-9f0a9d0c3b1a"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <5f9c2f1e-6d0f-4a6e@AM0PR01MB1234.eurprd01.prod.exchangelabs.com>
In-Reply-To: <{letter_id}@callboard.example>
References: <{letter_id}@callboard.example>
Subject: Undeliverable: Database does not answer
Auto-Submitted: auto-replied
MIME-Version: 1.0

--5f9c2f1e-6d0f-4a6e-9c0e-9f0a9d0c3b1a
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="7b9a5a3e-1111-4c9d-8888-5d5d5d5d5d5d"

--7b9a5a3e-1111-4c9d-8888-5d5d5d5d5d5d
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Your message to {recipient} couldn't be delivered.=
 It wasn't found at example.com.

--7b9a5a3e-1111-4c9d-8888-5d5d5d5d5d5d
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Your message to {recipient} couldn't be delivered.</p></body></html>

--7b9a5a3e-1111-4c9d-8888-5d5d5d5d5d5d--

--5f9c2f1e-6d0f-4a6e-9c0e-9f0a9d0c3b1a
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB1234.eurprd01.prod.exchangelabs.com
Received-From-MTA: dns;mx.example.net
Arrival-Date: Wed, 25 Nov 2026 10:02:53 +0000

Final-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{diagnostic}
X-Display-Name: {recipient}

--5f9c2f1e-6d0f-4a6e-9c0e-9f0a9d0c3b1a
Content-Type: message/rfc822

Received: from mx.example.net (192.0.2.9) by AM0PR01MB1234 with Microsoft SMTP Server;
 Wed, 25 Nov 2026 10:02:53 +0000
From: Callboard <no-reply@callboard.example>
To: {recipient}
Subject: Database does not answer
Date: Wed, 25 Nov 2026 10:02:53 +0000
Message-ID: <{letter_id}@callboard.example>
MIME-Version: 1.0
Content-Type: text/plain

--5f9c2f1e-6d0f-4a6e-9c0e-9f0a9d0c3b1a--
"""

GMAIL = """\
Received: by 2002:a05:6402:1a4c:b0:5cf with SMTP id bf12; Wed, 25 Nov 2026 02:02:54 -0800 (PST)
Content-Type: multipart/report; boundary="000000000000d1c2b3062a1b2c3d"; report-type=delivery-status
To: bounces@callboard.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
In-Reply-To: <{letter_id}@callboard.example>
References: <{letter_id}@callboard.example>
X-Failed-Recipients: {recipient}
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Message-ID: <6565a1b2.050a0220.abcde.1234.GMR@mx.google.com>
Date: Wed, 25 Nov 2026 02:02:54 -0800 (PST)

--000000000000d1c2b3062a1b2c3d
Content-Type: multipart/related; boundary="000000000000d1d0a1062a1b2c40"

--000000000000d1d0a1062a1b2c40
Content-Type: multipart/alternative; boundary="000000000000d1d0b2062a1b2c41"

--000000000000d1d0b2062a1b2c41
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {recipient} because the address couldn't be found.

--000000000000d1d0b2062a1b2c41--
--000000000000d1d0a1062a1b2c40
Content-Type: image/png; name="icon.png"
Content-Disposition: attachment; filename="icon.png"
Content-Transfer-Encoding: base64
Content-ID: <icon.png>

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9
--000000000000d1d0a1062a1b2c40--
--000000000000d1c2b3062a1b2c3d
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; no-reply@callboard.example
Arrival-Date: Wed, 25 Nov 2026 02:02:53 -0800 (PST)
X-Original-Message-ID: <{letter_id}@callboard.example>

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.27, the server for the domain gmail.com.)
Diagnostic-Code: smtp; {diagnostic}
Last-Attempt-Date: Wed, 25 Nov 2026 02:02:54 -0800 (PST)

--000000000000d1c2b3062a1b2c3d
Content-Type: message/rfc822

From: Callboard <no-reply@callboard.example>
To: {recipient}
Message-ID: <{letter_id}@callboard.example>
Subject: Database does not answer

--000000000000d1c2b3062a1b2c3d--
"""
SERVERS = {"postfix": POSTFIX, "exim": EXIM, "exchange": EXCHANGE, "gmail": GMAIL}


def returned(
    letter_id: str,
    recipient: str = "tom@example.com",
    *,
    server: str = "postfix",
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 no such user",
) -> bytes:
    """The mail that a server sends back."""
    text = SERVERS[server]
    for name, value in {
        "letter_id": letter_id,
        "recipient": recipient,
        "action": action,
        "status": status,
        "diagnostic": diagnostic,
    }.items():
        text = text.replace("{" + name + "}", value)
    return text.replace("\n", "\r\n").encode()


def plain(**headers: str) -> bytes:
    """A mail that reports nothing."""
    mail = EmailMessage()
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("I am away until Monday.")
    return mail.as_bytes()
