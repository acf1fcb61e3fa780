"""Sets an HTML document as an accessible PDF: only checked bytes get in, every complaint of the typesetter is an error."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ihk.problems import IhkError, UmgebungError

VARIANTE = "pdf/ua-1"
PANGO = (
    "Für PDF fehlt die Bibliothek Pango. Unter Debian und Ubuntu installieren mit: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


def pdf_bytes(html: str, assets: Mapping[str, bytes], *, fontconfig: Path, variante: str = VARIANTE) -> bytes:
    """The PDF of an HTML document; title, author, language and dates come from its head.

    ``assets`` are the only bytes it can refer to, by address; ``fontconfig`` names the only fonts. The same input gives
    the same bytes. Raises ``IhkError`` if Pango is missing, a picture is missing, or the typesetter warns of anything.
    """
    weasyprint = _weasyprint(fontconfig)
    meldungen = _Meldungen()
    protokoll = logging.getLogger("weasyprint")
    vorher = protokoll.propagate
    protokoll.addHandler(meldungen)
    protokoll.propagate = False
    try:
        dokument = weasyprint.HTML(
            string=html, base_url="ihk-asset:", url_fetcher=_holer(weasyprint, assets), media_type="print"
        )
        kennung = hashlib.sha256(html.encode()).hexdigest()[:32]
        puffer = BytesIO()
        dokument.write_pdf(puffer, pdf_variant=variante, pdf_identifier=kennung.encode(), full_fonts=False)
    except _abbruch() as fehler:
        raise IhkError(f"Der Bericht lässt sich nicht setzen: {fehler}") from None
    finally:
        protokoll.removeHandler(meldungen)
        protokoll.propagate = vorher
    if meldungen.texte:
        raise IhkError("Der Bericht lässt sich nicht fehlerfrei setzen: " + "; ".join(dict.fromkeys(meldungen.texte)))
    return puffer.getvalue()


def versions() -> dict[str, str]:
    """Versions of the libraries that decide about the bytes."""
    import weasyprint

    return {"weasyprint": str(weasyprint.__version__)}


def _weasyprint(fontconfig: Path) -> Any:
    """WeasyPrint with our fonts only; fontconfig reads its environment once, when it is loaded."""
    os.environ["FONTCONFIG_FILE"] = str(fontconfig)
    try:
        import weasyprint
    except OSError:
        raise UmgebungError(PANGO) from None
    return weasyprint


def _abbruch() -> tuple[type[BaseException], ...]:
    """The refusal of an address is not an ``Exception`` and must be caught by name."""
    from weasyprint.urls import FatalURLFetchingError, URLFetchingError

    return FatalURLFetchingError, URLFetchingError


def _holer(weasyprint: Any, assets: Mapping[str, bytes]) -> Any:
    class Holer(weasyprint.urls.URLFetcher):  # type: ignore[misc]  # loaded at run time
        """Answers from the table only; nothing reaches a file or the network."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            del headers
            if url not in assets:
                raise weasyprint.urls.FatalURLFetchingError(f"Die Adresse „{url[:200]}“ gehört nicht zum Bericht.")
            return weasyprint.urls.URLFetcherResponse(url, assets[url])

    return Holer(fail_on_errors=True, allowed_protocols=("ihk-asset",))


class _Meldungen(logging.Handler):
    """Collects every warning and error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texte: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texte.append(record.getMessage())
