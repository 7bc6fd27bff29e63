"""What one search of the texts takes among twenty thousand of them.

`manage.py shell` runs `measure` on the bench's database (see `tests.bench.__main__`).
"""

import random
import statistics
import time
from hashlib import sha256

from django.db import connection

from plants.models import Person
from tests.bench.scheduling import AT
from tests.factories import PlantFactory
from tracker.evidence.models import Evidence, FileText, StoredFile, TextPiece, TextState
from tracker.evidence.search import search_files
from tracker.evidence.words import words_of

TEXTS = 20_000
PLANTS = 200
PAGE = 50
TIMES = 9
MOST_MS = 60
QUERIES = ("氨", "水泥", "氨逃逸", "超低排放", "SNCR", "35.6", "SNCR 氨逃逸 示例")
PHRASES = (
    *("水泥熟料生产线", "窑尾烟囱", "超低排放改造", "氮氧化物小时均值", "布袋除尘器", "在线监测"),
    *("原料堆场封闭", "清洁运输比例", "二氧化硫", "颗粒物浓度", "喷氨量", "评估监测报告"),
)


def measure() -> None:
    """Print each search's median with its limit, separated by tabs."""
    make()
    files = Evidence.objects.all()
    for query in QUERIES:
        found = search_files(files, query).order_by("-uploaded_at", "-pk")
        taken = []
        for _time in range(TIMES):
            start = time.perf_counter()
            list(found[:PAGE])
            taken.append((time.perf_counter() - start) * 1000)
        count = found.count()
        print(f"figure\tsearch for {query}: {count} of {TEXTS} files")
        print(f"limit\tsearch for {query} (ms)\t{statistics.median(taken):.1f}\t{MOST_MS}")


def make() -> None:
    """Files of a few lines each; one in a hundred names the SNCR."""
    rng = random.Random("texts")
    by = Person.objects.create_user("texts@bench.example", "x", name="档案")
    plants = PlantFactory.create_batch(PLANTS)
    stored = StoredFile.objects.bulk_create(
        StoredFile(sha256=sha256(str(n).encode()).hexdigest(), size_bytes=1) for n in range(TEXTS)
    )
    Evidence.objects.bulk_create(
        Evidence(
            plant=plants[number % PLANTS],
            stored=file,
            original_name=f"监测报告{number}.pdf",
            media_type="application/pdf",
            uploaded_by=by,
            uploaded_at=AT,
        )
        for number, file in enumerate(stored)
    )
    texts = FileText.objects.bulk_create(
        FileText(stored=file, state=TextState.DONE, extracted_at=AT) for file in stored
    )
    contents = [_text(rng, number) for number in range(TEXTS)]
    TextPiece.objects.bulk_create(
        (
            TextPiece(text=text, number=0, content=content, words=words_of(content))
            for text, content in zip(texts, contents, strict=True)
        ),
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _text(rng: random.Random, number: int) -> str:
    lines = [f"{rng.choice(PHRASES)} {rng.uniform(0, 90):.1f} mg/m³" for _line in range(10)]
    if number % 100 == 0:
        lines.append("窑尾SNCR脱硝，氨逃逸 2.1，示例水泥")
    return "\n".join(lines)
