"""The names of system calls by their numbers, for the architecture of a product."""
import os
import re


def load(product):
    """A list, with "" where there is no call; from what the product's own build generated."""
    with open(os.path.join(product.folder, "include", "generated", "calls.h")) as file:
        text = file.read()
    return "".join(re.findall(r'"((?:[^"\\]|\\0)*)"', text)).split("\\0")
