"""What has a name in both languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plants.text import Text


class Named(models.Model):
    """Carries a Chinese name and, where there is one, an English name."""

    name_zh = models.CharField(verbose_name=_("Chinese name"), max_length=200)
    name_en = models.CharField(
        verbose_name=_("English name"), max_length=200, blank=True, default=""
    )

    class Meta:
        abstract = True

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    def __str__(self) -> str:
        return str(self.name)
