"""Who may load the annex of which document: the office at the top of a tree that it is for."""

from plants.models import Permit, Person, Plant, Role, Tree
from tracker.annexes.template import Listed
from tracker.regulations.models import Document, DocumentKind, Requirement
from tracker.regulations.rules import All, Any, AppliesRule, Ask, read_applies

EVERY_TREE = frozenset(Tree.values)
MAY_LOAD = frozenset({Role.OFFICER, Role.ADMINISTRATOR})


def trees_of(person: Person) -> frozenset[str]:
    """The trees whose plans' annexes she may load: an officer or administrator at their top.

    A plan is issued by the region or the Corps; a bureau below has no annex of its own to load.
    """
    if not person.is_active:
        return frozenset()
    return frozenset(
        post.authority.tree
        for post in person.posts()
        if post.role in MAY_LOAD and post.authority is not None and post.authority.parent_id is None
    )


def reaches(documents: list[Document] | None = None) -> dict[int, frozenset[str]]:
    """By document: the trees whose plants it dates by its annex; only plans that do so.

    Rules of other documents may hang on the plan's annex, too; they have none of their own.
    """
    dated = Requirement.objects.in_force().filter(due__has_key="annex")
    found = dated.filter(document__kind=DocumentKind.PLAN)
    if documents is not None:
        found = found.filter(document__in=documents)
    trees: dict[int, frozenset[str]] = {}
    for document, subject, applies in found.values_list("document", "subject_kind", "applies"):
        rule = read_applies(applies, subject=subject)
        trees[document] = trees.get(document, frozenset()) | _trees(rule)
    return trees


def documents_for(person: Person) -> list[Document]:
    """The documents whose annex she may load."""
    hers = trees_of(person)
    if not hers:
        return []
    may = [document for document, trees in reaches().items() if trees & hers]
    return list(Document.objects.filter(pk__in=may).order_by("code"))


def plants_in_reach(person: Person, document: Document) -> list[Plant]:
    """The plants that the document can date and that she sees at the top of their tree."""
    trees = reaches([document]).get(document.pk, frozenset()) & trees_of(person)
    found = Plant.objects.visible_to(person).filter(authority__tree__in=trees)
    return list(found.select_related("place__parent").order_by("authority__path", "code"))


def read_listed(person: Person) -> list[Listed]:
    """The plants whose dates she may load, as the template lists them."""
    found = Plant.objects.visible_to(person).filter(authority__tree__in=trees_of(person))
    permits = dict(
        Permit.objects.filter(plant__in=found)
        .order_by("valid_until_on")
        .values_list("plant_id", "number")
    )
    return [
        Listed(
            plant.place.prefecture.name_zh,
            plant.name_zh,
            plant.credit_code,
            permits.get(plant.pk, ""),
        )
        for plant in found.select_related("place__parent").order_by("authority__path", "code")
    ]


def _trees(rule: AppliesRule) -> frozenset[str]:
    """The trees that a rule leaves open; what it asks beside the tree narrows nothing here."""
    match rule:
        case Ask(fact="plant.tree", test="one_of"):
            return frozenset(str(value) for value in rule.values)
        case All():
            return EVERY_TREE.intersection(*(_trees(inner) for inner in rule.rules))
        case Any():
            return frozenset().union(*(_trees(inner) for inner in rule.rules))
        case _:
            return EVERY_TREE
