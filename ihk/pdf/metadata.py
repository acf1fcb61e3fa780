"""What a PDF says about itself: document information and the XMP packet, with both conformance claims and the provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from ihk.provenance import NAMESPACE, PROPERTIES


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title and so on as they are printed; ``date`` is ISO 8601 or empty, ``provenance`` uses the keys of ``PROPERTIES``."""

    title: str
    author: str = ""
    description: str = ""
    keywords: str = ""
    date: str = ""
    language: str = "de"
    generator: str = "ihk"
    level: Literal["2", "3"] = "2"
    """Part of ISO 19005: 3 with embedded files."""
    provenance: dict[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> str:
        """The date as a point in time, as XMP and document information both want it."""
        return f"{self.date}T00:00:00Z" if self.date else ""

    @property
    def info(self) -> dict[str, str]:
        """The document information dictionary; PDF/A wants it equal to the XMP packet."""
        moment = f"D:{self.date.replace('-', '')}000000Z" if self.date else ""
        entries = {
            "Title": self.title,
            "Author": self.author,
            "Subject": self.description,
            "Keywords": self.keywords,
            "Creator": self.generator,
            "Producer": self.generator,
            "CreationDate": moment,
            "ModDate": moment,
        }
        return {key: value for key, value in entries.items() if value}


def xmp(meta: Metadata, provenance: dict[str, str]) -> bytes:
    """The XMP packet: PDF/A and PDF/UA identification, Dublin Core, and our properties with their extension schema.

    ISO 19005 wants every property outside the predefined schemas described, and prescribes the prefixes.
    """
    description = [
        f"<pdfaid:part>{meta.level}</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>",
        f"<dc:title>{_alternative(meta.title)}</dc:title>",
        f"<dc:language><rdf:Bag><rdf:li>{escape(meta.language)}</rdf:li></rdf:Bag></dc:language>",
        "<dc:format>application/pdf</dc:format>",
        f"<pdf:Producer>{escape(meta.generator)}</pdf:Producer><xmp:CreatorTool>{escape(meta.generator)}</xmp:CreatorTool>",
    ]
    if meta.author:
        description.append(f"<dc:creator><rdf:Seq><rdf:li>{escape(meta.author)}</rdf:li></rdf:Seq></dc:creator>")
    if meta.description:
        description.append(f"<dc:description>{_alternative(meta.description)}</dc:description>")
    if meta.keywords:
        description.append(f"<pdf:Keywords>{escape(meta.keywords)}</pdf:Keywords>")
    if meta.date:
        description.append(
            f"<xmp:CreateDate>{meta.moment}</xmp:CreateDate><xmp:ModifyDate>{meta.moment}</xmp:ModifyDate>"
            f"<xmp:MetadataDate>{meta.moment}</xmp:MetadataDate>"
        )
    description += [f"<ihk:{key}>{escape(value)}</ihk:{key}>" for key, value in provenance.items() if value]
    schemas = _schema(
        "PDF/UA identification",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        {"part": ("Integer", "Part of ISO 14289")},
    )
    if provenance:
        schemas += _schema(
            "Herkunft eines Berichts von ihk",
            NAMESPACE,
            "ihk",
            {key: ("Text", PROPERTIES[key]) for key, value in provenance.items() if value},
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
        ' xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        f' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" xmlns:ihk="{NAMESPACE}">\n'
        + "\n".join(description)
        + f"\n<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas>\n"
        '</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def _alternative(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _schema(name: str, namespace: str, prefix: str, properties: dict[str, tuple[str, str]]) -> str:
    """The description of one schema: for each property its type and meaning."""
    described = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{key}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{escape(meaning)}</pdfaProperty:description></rdf:li>"
        for key, (kind, meaning) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{escape(name)}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{described}</rdf:Seq></pdfaSchema:property></rdf:li>\n"
    )
