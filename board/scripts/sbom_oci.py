"""An OCI image that a service's root was made of, as a package of the list.

From what board/scripts/oci wrote of it.  Which packages of a distribution are in its layers
is not looked for: the list of whoever made the image has them.
"""
import re

import debian_copyright
import owners
from spdx import NONE

WORD = re.compile(r"[A-Za-z0-9.+-]+")
SPDX = re.compile(r"(A?GPL|LGPL)-[1-3]\.[01]-(only|or-later)|" + "|".join(
    re.escape(name) for name in sorted(set(debian_copyright.NAMES.values()))))


def read(path):
    """{key: the last value of it} of ROOT.oci."""
    with open(path) as file:
        lines = (line.rstrip("\n").partition(" ") for line in file)
        return {key: owners.unquote(value).decode(errors="backslashreplace") for key, _, value in lines}


def declared(licences):
    """The label's expression, if all of it is known to be SPDX's."""
    words = set(WORD.findall(licences)) - {"AND", "OR"}
    return licences if words and all(SPDX.fullmatch(word) for word in words) else NONE


def put(document, path):
    """Its key in the document."""
    said = read(path)
    name, _, tag = said["image"].partition(":")
    title, digest = said.get("title") or name, said["digest"]
    licences = said.get("licenses", "")
    quoted = re.sub(r"[^a-z0-9.-]", "-", title.lower())
    return document.package(
        "Package", title, apart=(digest.partition(":")[2][:16],), versionInfo=said.get("version") or tag,
        primaryPackagePurpose="CONTAINER",
        supplier=f"Organization: {said['vendor']}" if said.get("vendor") else NONE,
        licenseDeclared=declared(licences),
        licenseComments=f"Its label org.opencontainers.image.licenses: {licences}" if licences
        else "The image says nothing of its licences.",
        sourceInfo=f"OCI image {said['image']}, manifest {digest}" + (
            f", from {said['source']}" if said.get("source") else ""),
        externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator":
                       f"pkg:oci/{quoted}@{digest.replace(':', '%3A')}?arch={said['architecture']}"}])
