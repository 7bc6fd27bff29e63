"""Pictures of a Word document, each added without a look at all others before it."""

from pathlib import Path

from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Length
from docx.text.paragraph import Paragraph


def add_picture(paragraph: Paragraph, picture: Path, *, number: int, height: Length) -> None:
    """A JPEG in the line, so high, and as wide as that makes it.

    ``number`` is its own in the document; it keeps a photograph that stands twice apart. The
    library's own way compares each new picture with all there are, and looks for a free number in
    the whole text, which takes seconds.
    """
    part = paragraph.part
    name = PackURI(f"/word/media/{number}-{picture.stem}.jpg")
    image = Image.from_file(str(picture))
    relation = part.relate_to(ImagePart.from_image(image, name), RELATION.IMAGE)
    wide, high = image.scaled_dimensions(None, height)
    inline = CT_Inline.new_pic_inline(number, relation, picture.name, wide, high)
    paragraph.add_run()._r.add_drawing(inline)
