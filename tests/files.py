"""Small real files of every kind that people attach, and of those that they must not."""

import io
import struct
import zipfile

from openpyxl import Workbook
from PIL import Image

SECTOR = 512
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def picture(kind: str = "PNG") -> bytes:
    """A real picture of two by two dots."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(out, kind)
    return out.getvalue()


def heic(brand: bytes = b"heic") -> bytes:
    """The head of what a telephone keeps its photographs in; with "isom" that of a film."""
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1" + brand + bytes(100)


def pdf(more: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + more + b"trailer\n<<>>\n%%EOF\n"


def zipped(parts: dict[str, bytes | str], **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, content in parts.items():
            stored = name == "mimetype"
            file.writestr(name, content, zipfile.ZIP_STORED if stored else None)
    return out.getvalue()


def open_xml(main: str, **more: bytes | str) -> bytes:
    """An Office document as far as it is looked into; `main` is the type of its main part."""
    types = f'<Types><Override PartName="/x.xml" ContentType="application/vnd.x.{main}"/></Types>'
    return zipped({"[Content_Types].xml": types, "x.xml": "<x/>", **more})


def docx(**more: bytes | str) -> bytes:
    return open_xml("wordprocessingml.document.main+xml", **more)


def xlsx() -> bytes:
    """A real workbook."""
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def open_document(kind: str = "text", **more: bytes | str) -> bytes:
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<x/>", **more})


def compound(*streams: str, more: bytes = b"") -> bytes:
    """The container of Office before 2007: a header, then its list of contents."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return OLE + bytes(SECTOR - len(OLE)) + entries + more


def locked_zip() -> bytes:
    """A document whose parts are said to be encrypted one by one."""
    data = bytearray(docx())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def bomb() -> bytes:
    """A document whose list of contents is ten thousand times as long as it arrives."""
    return zipped({"[Content_Types].xml": b"<" + b" " * 50_000_000})
