"""What a browser without scripts sends to bring an annex and to apply it."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.annexes.books import book
from tracker.annexes.models import AnnexImport
from tracker.evidence.types import EXCEL
from tracker.regulations.models import AnnexDate, Document

HEADING: list[object] = ["企业名称", "有组织完成时限", "全流程完成时限"]
Rows = list[list[object]]


def upload(client: Client, plan: Document, content: bytes, name: str = "附表1.xlsx") -> Any:
    file = SimpleUploadedFile(name, content, EXCEL)
    form = {"document": plan.pk, "verification": "verified", "file": file}
    return client.post(reverse("annex-upload"), form)


def bring(client: Client, plan: Document, rows: Rows) -> AnnexImport:
    """Upload a list; the import that came of it."""
    answer = upload(client, plan, book(("附表", [HEADING, *rows])))
    assert answer.status_code == 302
    return AnnexImport.objects.latest("pk")


def rows_form(client: Client, annex: AnnexImport, **changed: object) -> dict[str, object]:
    """What the page's form of rows would send as it stands."""
    page = client.get(reverse("annex", args=[annex.pk]))
    shown = [row for row in page.context["rows"] if row.proposal.can_be_chosen]
    return {
        "seen": page.context["seen"],
        "show": "all",
        "page": "1",
        "row": [row.key for row in shown],
        "take": [row.key for row in shown if row.proposal.is_chosen],
        **changed,
    }


def apply(client: Client, annex: AnnexImport, **changed: object) -> Any:
    form = rows_form(client, annex, **changed)
    return client.post(reverse("annex-apply", args=[annex.pk]), form, follow=True)


def dates() -> list[tuple[object, ...]]:
    return list(
        AnnexDate.objects.order_by("plant__pk", "part").values_list(
            "plant_id", "part", "completion_on"
        )
    )
