"""A webhook's request: a JSON body of one schema, and headers that sign it. See docs/webhook.md."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from tracker.reminders.channels.told import Told
from tracker.reminders.channels.wire import Request

SCHEMA = "ule.channel.v1"


def write_request(told: Told, *, address: str, secret: str, delivery: str, at: datetime) -> Request:
    """What is posted at this moment; the body's and the headers' times and signature are its."""
    body = body_of(told, delivery=delivery, at=at)
    headers = headers_of(body, told, delivery=delivery, secret=secret, at=at)
    return Request(address, body, headers)


def body_of(told: Told, *, delivery: str, at: datetime) -> bytes:
    """As docs/webhook.md describes it; titles and names in the channel's language."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "id": delivery,
            "kind": told.kind,
            "occasion": told.occasion,
            "sent_at": at.isoformat(timespec="seconds"),
            "scope": {"kind": told.scope_kind, "code": told.scope_code, "name": told.scope_name},
            "counts": {
                "total": told.total,
                "overdue": told.overdue,
                "coming": told.coming,
                "waiting": told.waiting,
            },
            "items": [
                {
                    "obligation": item.obligation,
                    "title": item.title,
                    "plant": {"code": item.plant_code, "name": item.plant_name},
                    "due_on": item.due_on.isoformat(),
                    "state": item.state,
                    "days": item.days,
                    "url": item.url,
                }
                for item in told.items
            ],
        },
        ensure_ascii=False,
    ).encode()


def headers_of(
    body: bytes, told: Told, *, delivery: str, secret: str, at: datetime
) -> Mapping[str, str]:
    """The signature is over the time, too, so that nobody can send an old one again."""
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "ule-tracker",
        "X-ULE-Event": told.kind,
        "X-ULE-Delivery": delivery,
        "X-ULE-Timestamp": timestamp,
        "X-ULE-Signature": f"sha256={sign(body, secret=secret, timestamp=timestamp)}",
    }


def sign(body: bytes, *, secret: str, timestamp: str) -> str:
    """HMAC-SHA256 in hex over the timestamp, a dot and the body."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
