"""An SPDX 2.3 document in JSON: packages, files, and how they belong together.

Names: https://spdx.github.io/spdx-spec/v2.3/.  Knows nothing of where what is in it
comes from.  What is put in twice is in it once, and the order does not matter: the same
content gives the same bytes.
"""
import datetime
import hashlib
import json
import os
import re

NONE = "NOASSERTION"


def checksums(content):
    return [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
            {"algorithm": "SHA256", "checksumValue": hashlib.sha256(content).hexdigest()}]


class Document:
    def __init__(self):
        self.packages = {}
        self.files = {}
        self.contained = {}     # of a package: its files
        self.relations = set()
        self.licences = {}

    def identifier(self, kind, name):
        return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)

    def package(self, kind, name, **fields):
        """kind begins the id; Trivy tells the system from its packages by that."""
        key = self.identifier(kind, "-".join((name, *fields.pop("apart", ()))))
        if key not in self.packages:
            self.packages[key] = {
                "SPDXID": key, "name": name, "downloadLocation": NONE, "filesAnalyzed": False,
                "licenseConcluded": NONE, "licenseDeclared": NONE, "copyrightText": NONE,
                "supplier": NONE, **fields}
        return key

    def file(self, package, path, content, comment=None):
        name = "./" + path.encode(errors="surrogateescape").decode(errors="backslashreplace")
        key = self.identifier("File", hashlib.sha256(os.fsencode(path)).hexdigest()[:24])
        self.files[key] = {"SPDXID": key, "fileName": name, "checksums": checksums(content),
                           "licenseConcluded": NONE, "licenseInfoInFiles": [NONE], "copyrightText": NONE}
        if comment:
            self.files[key]["comment"] = comment
        self.contained.setdefault(package, []).append(key)
        self.relate(package, "CONTAINS", key)

    def relate(self, one, how, other):
        self.relations.add((one, how, other))

    def text(self, name, seconds):
        for package, files in self.contained.items():
            digests = sorted(self.files[key]["checksums"][0]["checksumValue"] for key in files)
            self.packages[package].update(filesAnalyzed=True, licenseInfoFromFiles=[NONE], packageVerificationCode={
                "packageVerificationCodeValue": hashlib.sha1("".join(digests).encode()).hexdigest()})
        words = ("spdxElementId", "relationshipType", "relatedSpdxElement")
        document = {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
            "creationInfo": {"created": datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
                "%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: pith-sbom"]},
            "packages": [self.packages[key] for key in sorted(self.packages)],
            "files": sorted(self.files.values(), key=lambda file: file["fileName"]),
            "relationships": [dict(zip(words, relation)) for relation in sorted(self.relations)],
            "hasExtractedLicensingInfos": [self.licences[key] for key in sorted(self.licences)]}
        # It has to be another for another document, and the same for the same.
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        document["documentNamespace"] = f"https://spdx.org/spdxdocs/{name}-{digest}"
        return json.dumps(document, indent=1) + "\n"
