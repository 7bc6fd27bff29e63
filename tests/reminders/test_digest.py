import re
from collections.abc import Callable
from typing import Any

import pytest

from plants.models import Person
from tests.factories import TODAY, PlantFactory, RequirementFactory, manager_of
from tests.reminders.conftest import due_in
from tracker.obligations.models import Obligation, State
from tracker.reminders.digest import Due, build_digest
from tracker.reminders.letters import Letter

pytestmark = pytest.mark.django_db

WHY = (
    "为什么收到此邮件？您是这些企业的负责人或集团负责人。"
    "系统会在到期前、到期当天以及逾期后定期提醒，直至提交证明材料。\n"
    "您可以自行设定接收时间和语言： http://testserver/account/"
)


@pytest.fixture
def reader() -> Person:
    return manager_of(PlantFactory.create(), name="李厂长")


def digest(reader: Person, *obligations: Obligation) -> Letter:
    dues = [Due(one.due_on, one.pk, one.plant_id) for one in obligations]
    return build_digest(person=reader, dues=dues, today=TODAY)


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [
        ((0,), "1 项即将到期（最近：2026-09-01）", "1 due soon (next: 2026-09-01)"),
        ((3, 30), "2 项即将到期（最近：2026-09-04）", "2 due soon (next: 2026-09-04)"),
        ((-1,), "1 项逾期（最早：2026-08-31）", "1 overdue (since 2026-08-31)"),
        (
            (-1, -2, -3, 4, 5),
            "3 项逾期，2 项即将到期（最近：2026-09-05）",
            "3 overdue, 2 due soon (next: 2026-09-05)",
        ),
    ],
)
def test_subject(days: tuple[int, ...], chinese: str, english: str, reader: Person) -> None:
    obligations = [due_in(number) for number in days]

    subjects = []
    for language in ("", "zh-hans", "en"):
        reader.language = language
        subjects.append(digest(reader, *obligations).subject)

    assert subjects == [f"【超低排放】{chinese}", f"【超低排放】{chinese}", f"[ULE] {english}"]


def test_text_in_chinese(reader: Person) -> None:
    plant = PlantFactory.create(name_zh="示例天山水泥厂")
    late = due_in(-3, plant=plant, state=State.RETURNED, period="2026-Q2")
    unsettled = RequirementFactory.create(
        title_zh="窑尾烟气治理", clause="二（三）", verification="to_verify"
    )
    soon = due_in(7, plant=plant, requirement=unsettled)

    letter = digest(reader, soon, late)

    assert letter.language == "zh-hans"
    assert (
        letter.text
        == f"""\
李厂长，您好：

按超低排放要求，您的待办情况：1 项逾期，1 项即将到期。

■ 示例天山水泥厂：1 项逾期，1 项即将到期

2026-08-29  逾期 3 天 · 已退回，请重新提交
    封闭物料储存 · 2026-Q2
    {late.requirement.document.number}
    按示例方案的规定日期。
    http://testserver/obligations/{late.pk}/

2026-09-08  剩 7 天
    窑尾烟气治理
    {unsettled.document.number} · 二（三） · 待核实
    按示例方案的规定日期。
    http://testserver/obligations/{soon.pk}/

全部待办事项：http://testserver/

--
{WHY}
"""
    )


def test_html_has_the_same_links_in_the_same_order(reader: Person) -> None:
    obligations = [due_in(days) for days in (5, -40, 0, 20, -3)]

    letter = digest(reader, *obligations)

    link = re.compile(r"http://testserver/obligations/\d+/")
    by_date = sorted(obligations, key=lambda one: one.due_on)
    expected = [f"http://testserver/obligations/{one.pk}/" for one in by_date]
    assert link.findall(letter.text) == link.findall(letter.html) == expected


def test_plants_stand_together_the_most_urgent_first(reader: Person) -> None:
    far, near = PlantFactory.create(name_zh="示例远厂"), PlantFactory.create(name_zh="示例近厂")
    obligations = [
        due_in(days, plant=plant) for days, plant in ((2, far), (-1, near), (3, far), (9, near))
    ]

    text = digest(reader, *obligations).text

    assert re.findall(r"(■ .*|\d{4}-\d\d-\d\d  .*)", text) == [
        "■ 示例近厂：1 项逾期，1 项即将到期",
        "2026-08-31  逾期 1 天",
        "2026-09-10  剩 9 天",
        "■ 示例远厂：2 项即将到期",
        "2026-09-03  剩 2 天",
        "2026-09-04  剩 3 天",
    ]


def test_an_obligation_stands_once_however_often_it_was_promised(reader: Person) -> None:
    obligation = due_in(-10)

    letter = digest(reader, obligation, obligation)

    assert letter.subject == "【超低排放】1 项逾期（最早：2026-08-22）"
    assert letter.text.count(f"/obligations/{obligation.pk}/") == 1


def test_names_are_text_never_markup(reader: Person) -> None:
    obligation = due_in(1, plant=PlantFactory.create(name_zh="<b>厂</b> & 子公司"))

    letter = digest(reader, obligation)

    assert "<b>厂</b> & 子公司" in letter.text
    assert "&lt;b&gt;厂&lt;/b&gt; &amp; 子公司" in letter.html
    assert "<b>厂</b>" not in letter.html


def many(count: int, days: int = -1, **fields: Any) -> list[Obligation]:
    requirement = RequirementFactory.create()
    first = due_in(days, requirement=requirement, **fields)
    others = Obligation.objects.bulk_create(
        Obligation(
            requirement=requirement,
            plant=first.plant,
            period=f"{number:07}",
            due_on=first.due_on,
            due_basis_zh="按示例方案的规定日期。",
            state_changed_at=first.state_changed_at,
        )
        for number in range(count - 1)
    )
    return [first, *others]


def test_fifty_rows_for_a_plant_and_the_rest_is_counted(reader: Person) -> None:
    obligations = many(73)

    letter = digest(reader, *obligations)

    assert letter.text.count("逾期 1 天") == letter.html.count("逾期 1 天") == 50
    more = f"另有 23 项：http://testserver/obligations/?state=owed&plant={obligations[0].plant_id}"
    assert more in letter.text
    assert "另有 23 项" in letter.html


def test_two_hundred_rows_in_all_and_every_plant_is_named(reader: Person) -> None:
    obligations = [one for _ in range(6) for one in many(60)]

    letter = digest(reader, *obligations)

    assert letter.text.count("逾期 1 天") == letter.html.count("逾期 1 天") == 200
    assert re.findall(r"另有 (\d+) 项", letter.text) == ["10"] * 4 + ["60"] * 2


def test_fifty_plants_and_the_rest_is_counted(reader: Person) -> None:
    obligations = [due_in(-1) for _ in range(53)]

    letter = digest(reader, *obligations)

    assert letter.text.count("■") == 50
    assert ("另有 3 家企业" in letter.text, "另有 3 家企业" in letter.html) == (True, True)


def test_queries_do_not_grow_with_the_rows(
    reader: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    one, three = many(1), many(3)

    with django_assert_num_queries(3):
        digest(reader, *one)
    with django_assert_num_queries(3):
        digest(reader, *three, *one)


def test_ten_thousand_overdue_are_one_readable_letter(reader: Person) -> None:
    obligations = [one for _ in range(10) for one in many(1000)]

    letter = digest(reader, *obligations)

    assert letter.subject == "【超低排放】10000 项逾期（最早：2026-08-31）"
    assert (len(letter.text) < 60_000, len(letter.html) < 250_000) == (True, True)
