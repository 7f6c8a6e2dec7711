"""HTML as a comparable outline, so that our components are held to GOV.UK's and MoJ's element by element."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "path", "rect"})


class Outline(HTMLParser):
    """Lines of `depth tag class=... attr=...` and of text; what is only ours (classes `tc-`) and drawings are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.depth = 0
        self.skipping = 0
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if self.skipping or tag == "svg" or is_ours_alone(tag, given):
            self.skipping += tag not in VOID
            return
        self.flush()
        self.lines.append(f"{self.depth} {tag} {shown(given)}".rstrip())
        self.depth += tag not in VOID

    def handle_endtag(self, tag):
        if self.skipping:
            self.skipping -= tag not in VOID
            return
        self.flush()
        self.depth -= tag not in VOID

    def handle_data(self, data):
        if not self.skipping:
            self.words.append(data)

    def flush(self):
        if said := " ".join("".join(self.words).split()):
            self.lines.append(f"{self.depth} “{said}”")
        self.words = []


def is_ours_alone(tag, attrs):
    names = (attrs.get("class") or "").split()
    return tag == "span" and bool(names) and all(name.startswith("tc-") for name in names)


def shown(attrs):
    kept = {name: " ".join((value or "").split()) for name, value in attrs.items()}
    if "class" in kept:
        kept["class"] = " ".join(name for name in kept["class"].split() if not name.startswith("tc-"))
    return " ".join(f'{name}="{value}"' for name, value in sorted(kept.items()) if value or name != "class")


def outline(html: str) -> list[str]:
    parser = Outline()
    parser.feed(str(html))
    parser.close()
    parser.flush()
    return parser.lines


def skeleton(html: str) -> list[str]:
    """Only elements and their GOV.UK and MoJ classes, indented: what a style sheet hangs on."""
    found = []
    for line in outline(html):
        depth, _, rest = line.partition(" ")
        if rest.startswith("“"):
            continue
        tag, _, attrs = rest.partition(" ")
        names = attrs.partition('class="')[2].partition('"')[0]
        found.append("  " * int(depth) + tag + "".join(f".{name}" for name in names.split()))
    return found
