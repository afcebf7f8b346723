"""Cuts api/static/nlds.css out of the NL Design System packages: `make theme` (needs npm; nothing else does).

Keeps the rules of the variants we use and the tokens those need, and puts neutral colours, light and dark, in place of
the theme's own. Everything else of the theme stays as published.
"""

import re
import sys
from pathlib import Path

COMPONENTS = (
    "@nl-design-system-candidate/button-css/dist/button.css",
    "@nl-design-system-candidate/heading-css/dist/heading.css",
    "@nl-design-system-candidate/link-css/dist/link.css",
    "@nl-design-system-candidate/mark-css/dist/mark.css",
    "@nl-design-system-candidate/paragraph-css/dist/paragraph.css",
    "@nl-design-system-candidate/skip-link-css/dist/skip-link.css",
    "@utrecht/form-field-description-css/dist/index.min.css",
    "@utrecht/form-field-error-message-css/dist/index.min.css",
    "@utrecht/form-label-css/dist/index.min.css",
    "@utrecht/textarea-css/dist/index.min.css",
)
THEME = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"
UNUSED = re.compile(
    r"--(positive|negative|pressed|disabled|busy|icon-only|checkbox|radio|checked|html-|level-[456]|valid|warning"
    r"|current|inline-box|read-only|focus\b|hover\b|active\b|visible\b(?!-on))|__icon|test-|--lead\b|:not\(:has"
)
NOTICE = """\
/* Gemaakt met `make theme` uit pakketten van NL Design System (versies: docs/huisstijl/package.json).
   (c) Robbert Broersma, Frameless, Gemeente Utrecht, Nederlandse overheid en de andere makers van NL Design System.
   Licentie: EUPL-1.2, https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12
   Veranderd: alleen de gebruikte varianten en tokens, en neutrale kleuren in licht en donker. */
"""
SANS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


def rules(css: str) -> list[tuple[str, str]]:
    """(prelude, body) of each top-level rule."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    found, depth, start, opened = [], 0, 0, 0
    for position, character in enumerate(css):
        if character == "{":
            opened, depth = (position if depth == 0 else opened), depth + 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                found.append((css[start:opened].strip(), css[opened + 1 : position]))
                start = position + 1
    return found


def keep(css: str) -> str:
    """The rules we use; of a rule with several selectors, those we use."""
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith("@"):
            inside = keep(body)
            kept += [f"{prelude}{{{inside}}}"] if inside else []
            continue
        selectors = [s for s in re.split(r",(?![^(]*\))", prelude) if not UNUSED.search(s)]
        if selectors:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "\n".join(kept)


def tokens(theme: str, css: str, chosen: dict[str, str]) -> dict[str, str]:
    """The tokens that the rules need, and what those need in turn; ours win."""
    declared = dict(re.findall(r"^\s*(--[\w-]+):\s*(.+?);", theme, re.MULTILINE)) | chosen
    used: dict[str, str] = {}
    waiting = re.findall(r"var\(\s*(--[\w-]+)", css)
    while waiting:
        name = waiting.pop()
        if name in declared and name not in used:
            used[name] = declared[name]
            waiting += re.findall(r"var\(\s*(--[\w-]+)", declared[name])
    return used


def main(modules: Path, colours: Path, destination: Path) -> None:
    """Write the style sheet."""
    css = "\n".join(keep((modules / name).read_text(encoding="utf-8")) for name in COMPONENTS)
    css = re.sub(r"\s+", " ", css.replace("\n    ", "")).replace("} ", "}\n")
    chosen = dict(re.findall(r"^\s*(--[\w-]+):\s*(.+?);", colours.read_text(encoding="utf-8"), re.MULTILINE))
    chosen |= {"--basis-text-font-family-default": SANS, "--basis-heading-font-family": SANS}
    used = tokens((modules / THEME).read_text(encoding="utf-8"), css, chosen) | chosen
    block = "\n".join(f"  {name}: {value};" for name, value in sorted(used.items()))
    destination.write_text(f"{NOTICE}:root, :host {{\n{block}\n}}\n{css}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
