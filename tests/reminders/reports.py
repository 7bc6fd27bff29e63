"""Delivery reports in the shapes that mail servers send them in; each about one mail of ours.

The texts are those of real servers, with made-up names.
"""

from base64 import b64encode
from collections.abc import Callable

Report = Callable[[str, str], bytes]
BOUNDARY = "b1"


def _lines(*lines: str) -> bytes:
    return "\r\n".join((*lines, "")).encode()


def standard(
    address: str,
    message_id: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <{address}>: Recipient address rejected: User unknown",
    extra: tuple[str, ...] = (),
    returned: str = "message/rfc822",
) -> bytes:
    """RFC 3464, as Postfix writes it."""
    return _lines(
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.demo.example (Mail Delivery System)",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{BOUNDARY}"',
        "",
        f"--{BOUNDARY}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "",
        f"--{BOUNDARY}",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.demo.example",
        "",
        *extra,
        f"Final-Recipient: rfc822; {address}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: {said.format(address=address)}",
        "",
        f"--{BOUNDARY}",
        f"Content-Type: {returned}",
        "",
        "From: ule-tracker@testserver",
        f"To: {address}",
        f"Message-ID: {message_id}",
        "Subject: =?utf-8?b?5o+Q6YaS?=",
        "",
        "...",
        f"--{BOUNDARY}--",
    )


def postfix(address: str, message_id: str) -> bytes:
    return standard(address, message_id)


def postfix_headers_only(address: str, message_id: str) -> bytes:
    return standard(address, message_id, returned="text/rfc822-headers")


def mailbox_full(address: str, message_id: str) -> bytes:
    said = "smtp; 552 5.2.2 <{address}>: Mailbox is full"
    return standard(address, message_id, status="5.2.2", said=said)


def delayed(address: str, message_id: str) -> bytes:
    said = "smtp; 451 4.7.1 Greylisted, try again later"
    return standard(address, message_id, action="delayed", status="4.7.1", said=said)


def given_up(address: str, message_id: str) -> bytes:
    """A server that was away for five days."""
    said = "smtp; connect to mx.demo.example[192.0.2.1]:25: Connection timed out"
    return standard(address, message_id, status="4.4.1", said=said)


def policy(address: str, message_id: str) -> bytes:
    said = "smtp; 550 5.7.1 Our system has detected that this message is spam"
    return standard(address, message_id, status="5.0.0", said=said)


def delivered(address: str, message_id: str) -> bytes:
    """A receipt, and no fault."""
    return standard(address, message_id, action="delivered", status="2.0.0", said="smtp; 250 OK")


def exchange(address: str, message_id: str) -> bytes:
    """Microsoft's, which names the original address, too."""
    said = (
        "smtp;550 5.4.1 Recipient address rejected: Access denied. [DB5EUR03.prod.outlook.example]"
    )
    extra = (f"Original-Recipient: rfc822;{address}",)
    final = f"forwarded-{address}"
    return standard(final, message_id, status="5.4.1", said=said, extra=extra)


def tencent(address: str, message_id: str) -> bytes:
    """Exmail's, RFC 3464 with the reason in Chinese and raw GB18030 bytes."""
    raw = standard(
        address, message_id, status="5.0.0", said="smtp; 550 Mailbox not found. {address}"
    )
    chinese = "抱歉，您的邮件被退回来了：收件人邮箱地址不存在，请检查后再发。"
    return raw.replace(
        b"Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry",
        b"Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + chinese.encode("gb18030")
        + b"\r\nI'm sorry",
    )


def exim(address: str, message_id: str) -> bytes:
    return _lines(
        "Return-path: <>",
        "From: Mail Delivery System <Mailer-Daemon@mx.demo.example>",
        "To: ule-tracker@testserver",
        f"X-Failed-Recipients: {address}",
        "Auto-Submitted: auto-replied",
        "Subject: Mail delivery failed: returning message to sender",
        "",
        "This message was created automatically by mail delivery software.",
        "",
        "A message that you sent could not be delivered to one or more of its",
        "recipients. This is a permanent error. The following address(es) failed:",
        "",
        f"  {address}",
        "    SMTP error from remote mail server after RCPT TO:<...>:",
        "    550 5.1.1 No such user here",
        "",
        "------ This is a copy of the message's headers. ------",
        "",
        "From: ule-tracker@testserver",
        f"To: {address}",
        f"Message-ID: {message_id}",
    )


def qmail(address: str, message_id: str) -> bytes:
    return _lines(
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.demo.example",
        "Subject: failure notice",
        "",
        "Hi. This is the qmail-send program at mx.demo.example.",
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        "",
        f"<{address}>:",
        "192.0.2.1 does not like recipient.",
        "Remote host said: 550 5.1.1 User unknown",
        "Giving up on 192.0.2.1.",
        "",
        "--- Below this line is a copy of the message.",
        "",
        "Return-Path: <ule-tracker@testserver>",
        f"Message-ID: {message_id}",
        f"To: {address}",
        "",
        "...",
    )


def netease(address: str, message_id: str) -> bytes:
    """163's: a page in Chinese, GB18030 in base64, and the returned mail beside it."""
    page = (
        "<html><body><p>您的来信已被退回。</p>"
        f"<p>收件人：{address}</p><p>退信原因：收件人邮箱不存在或已停用，用户不存在：{address}</p></body></html>"
    )
    return _lines(
        "Return-Path: <>",
        "From: Postmaster@163.demo.example",
        f"Subject: =?gb18030?B?{b64encode('系统退信'.encode('gb18030')).decode()}?=",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"',
        "",
        f"--{BOUNDARY}",
        "Content-Type: text/html; charset=gb18030",
        "Content-Transfer-Encoding: base64",
        "",
        b64encode(page.encode("gb18030")).decode(),
        f"--{BOUNDARY}",
        "Content-Type: message/rfc822",
        "",
        "From: ule-tracker@testserver",
        f"To: {address}",
        f"Message-ID: {message_id}",
        "",
        "...",
        f"--{BOUNDARY}--",
    )


def chinese_full(address: str, message_id: str) -> bytes:
    """The same provider, of a mailbox that has no room."""
    raw = netease(address, message_id)
    head, _, rest = raw.partition(b"base64\r\n\r\n")
    _, _, tail = rest.partition(b"\r\n")
    page = f"<p>收件人：{address}</p><p>退信原因：对方邮箱空间不足</p>".encode("gb18030")
    return head + b"base64\r\n\r\n" + b64encode(page) + b"\r\n" + tail


def holiday(address: str, message_id: str) -> bytes:
    return _lines(
        f"From: {address}",
        "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSN?=",
        "Auto-Submitted: auto-replied",
        f"In-Reply-To: {message_id}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "我正在休假。550 5.1.1 是我们的房间号。",
        f"Message-ID: {message_id}",
        f"To: {address}",
    )


def letter(address: str, message_id: str) -> bytes:
    """Somebody answers by hand."""
    return _lines(f"From: {address}", "Subject: Re: reminder", "", "Done.", message_id)


def without_message_id(address: str, message_id: str) -> bytes:
    return b"".join(
        line
        for line in standard(address, message_id).splitlines(keepends=True)
        if not line.startswith(b"Message-ID")
    )


def broken(address: str, message_id: str) -> bytes:
    """Bytes that no charset explains, and fields without an end."""
    raw = standard(address, message_id)
    return raw.replace(b"Final-Recipient: rfc822; ", b"Final-Recipient: \xff\xfe;;<").replace(
        b"us-ascii", b"no-such-charset"
    )
