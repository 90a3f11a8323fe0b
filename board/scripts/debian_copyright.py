"""Debian's copyright files, as licences of SPDX.

Reads the machine-readable ones (DEP-5: copyright-format/1.0); what others say is left
to people.  A name that SPDX has another name for is written as SPDX does; any other
becomes a LicenseRef with the text that the file has for it.
"""
import re

FORMAT = re.compile(r"^Format(-Specification)?:.*(copyright-format|dep5)", re.IGNORECASE)

# Names that are one licence, word for word, wherever Debian has them
NAMES = {
    "agpl-3": "AGPL-3.0-only", "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "cc0": "CC0-1.0", "cc0-1.0": "CC0-1.0",
    "epl-2.0": "EPL-2.0", "expat": "MIT", "isc": "ISC", "mit": "MIT", "mpl-2.0": "MPL-2.0", "zlib": "Zlib",
}
GNU = re.compile(r"(A?GPL|LGPL)-?v?([123])(?:\.([01]))?(\+|-or-later|-only)?", re.IGNORECASE)
GNU_VERSIONS = {"GPL": ("1.0", "2.0", "3.0"), "LGPL": ("2.0", "2.1", "3.0"), "AGPL": ("3.0",)}
EXCEPTIONS = {"linux-syscall-note": "Linux-syscall-note"}


def paragraphs(text):
    """[{field: value}] with the names of the fields in lower case."""
    found = []
    for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        fields = re.findall(r"^([^\s:#][^:\n]*):[ \t]*(.*(?:\n[ \t].*)*)", block, re.MULTILINE)
        found.append({name.lower(): value.strip() for name, value in fields})
    return found


def known(name):
    """SPDX's name for what Debian calls one licence, or None."""
    name = name.strip()
    licence, has_exception, exception = re.sub(r"\s+exception$", "", name, flags=re.IGNORECASE).partition(" with ")
    if has_exception:
        spdx, exception = known(licence), EXCEPTIONS.get(exception.lower())
        return f"{spdx} WITH {exception}" if spdx and exception else None
    gnu = GNU.fullmatch(name)
    if not gnu:
        return NAMES.get(name.lower())
    family, version = gnu[1].upper(), f"{gnu[2]}.{gnu[3] or 0}"
    if version not in GNU_VERSIONS[family]:
        return None
    return f"{family}-{version}-{'or-later' if gnu[4] in ('+', '-or-later') else 'only'}"


class Licences:
    """What one copyright file declares."""

    def __init__(self, text, package):
        self.package = package
        self.texts = {}  # LicenseRef: (name, text)
        self.declared = None
        if FORMAT.match(text):
            self._read(paragraphs(text))

    def _read(self, found):
        bodies = {}
        for paragraph in found:
            name, _, body = paragraph.get("license", "").partition("\n")
            if body:
                bodies.setdefault(name.strip().lower(), body)
        names = [paragraph["license"].partition("\n")[0].strip() for paragraph in found
                 if "files" in paragraph and paragraph.get("license")]
        read = [self._expression(name, bodies) for name in names if name]
        terms = dict.fromkeys(term for terms in read for term in (
            [terms] if " OR " in terms else re.sub("[()]", "", terms).split(" AND ")))
        if len(terms) == 1:
            self.declared = next(iter(terms))
        elif terms:
            self.declared = " AND ".join(f"({term})" if " OR " in term else term for term in terms)

    def _expression(self, text, bodies):
        """Of Debian's "A and B or C"; a comma separates before the words do."""
        for pattern, join in ((r",\s+or\s+", " OR "), (r",\s+and\s+", " AND "),
                              (r"\s+or\s+", " OR "), (r"\s+and\s+", " AND ")):
            parts = re.split(pattern, text)
            if len(parts) > 1:
                terms = [self._expression(part, bodies) for part in parts]
                return join.join(f"({term})" if re.search(" OR | AND ", term) else term for term in terms)
        return known(text) or self._reference(text, bodies)

    def _reference(self, name, bodies):
        reference = "LicenseRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", f"{self.package}-{name}").strip("-")
        body = bodies.get(name.lower()) or f"See usr/share/doc/{self.package}/copyright in the package."
        self.texts[reference] = (name, re.sub(r"^ \.?", "", body, flags=re.MULTILINE).strip("\n"))
        return reference
