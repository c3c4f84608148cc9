"""Lists what an SBOM names, a line each: name, version, licenses."""

import json
import sys


def licenses(component: dict) -> str:
    names = []
    for entry in component.get("licenses", []):
        license = entry.get("license", {})
        names.append(entry.get("expression") or license.get("id") or license.get("name"))
    return ", ".join(names) or "not told: see its jar"


with open(sys.argv[1], encoding="utf-8") as file:
    components = json.load(file)["components"]
for component in sorted(components, key=lambda one: (one.get("group", ""), one["name"])):
    name = ":".join(filter(None, [component.get("group"), component["name"]]))
    print(name, component.get("version", ""), licenses(component), sep="\t")
