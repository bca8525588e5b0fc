#!/usr/bin/env python3
"""Draws a rendered brief as a Discord client, a Telegram client and a terminal would show it.

`mock.py FOLDER` reads the files that `cargo run --example looks FOLDER` wrote, draws pages
beside them and takes their pictures with a headless Chromium. It shows what the bot sends and
makes up no text of its own but the names around it.
"""

import datetime
import fcntl
import html
import json
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ZONE = datetime.timezone(datetime.timedelta(hours=-5))
WIDTH = 760
SANS = '"DejaVu Sans", "Noto Sans CJK SC", sans-serif'
MONO = '"DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace'


# ------------------------------------------------------------------ Discord

def discord(folder):
    parts = json.loads((folder / "discord.json").read_text())
    posts = "".join(
        "".join(embed(e) for e in part.get("embeds", [])) + rows(part.get("components", []))
        for part in parts
    )
    return page(
        """
        body { background: #313338; color: #dbdee1; font-size: 15px; line-height: 1.42; }
        .post { display: flex; gap: 16px; padding: 18px 20px 24px 16px; }
        .face { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #2e7d6b;
                color: #fff; font-weight: 700; text-align: center; line-height: 40px; }
        .who { color: #fff; font-weight: 600; } .who small { color: #949ba4; font-weight: 400; }
        .app { background: #4b4f9e; color: #fff; font-size: 10px; border-radius: 3px;
               padding: 1px 4px; vertical-align: 1px; margin: 0 6px 0 4px; }
        .embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; margin-top: 8px;
                 padding: 10px 16px 14px 12px; font-size: 14px; max-width: 640px; }
        .title { font-weight: 700; font-size: 16px; color: #fff; margin: 4px 0 6px; }
        h2, h3 { color: #f2f3f5; margin: 12px 0 4px; font-size: 16px; }
        ul { margin: 4px 0; padding-left: 18px; } li { margin-bottom: 4px; }
        a { color: #00a8fc; text-decoration: none; } b { color: #f2f3f5; }
        code { background: #1e1f22; border-radius: 4px; padding: 0 4px; font: 85% MONO; }
        pre { background: #1e1f22; border-radius: 4px; padding: 8px; font: 13px/1.3 MONO; }
        .time { background: #3f4147; border-radius: 3px; padding: 0 3px; }
        .gap { height: 9px; } .small { font-size: 12px; color: #949ba4; }
        .row { margin-top: 8px; } .button { display: inline-block; border-radius: 4px;
               padding: 6px 14px; margin-right: 8px; color: #fff; font-size: 14px; }
        .s1 { background: #5865f2; } .s2, .s5 { background: #4e5058; }
        """,
        f'<div class="post"><div class="face">M</div><div><div class="who">Monazite'
        f' <span class="app">APP</span><small>Today at 07:00</small></div>{posts}</div></div>',
    )


def embed(e):
    title = f'<div class="title">{inline(e["title"])}</div>' if "title" in e else ""
    color = f'#{e["color"]:06x}'
    return (f'<div class="embed" style="border-color:{color}">'
            f'{title}{markdown(e.get("description", ""))}</div>')


def rows(components):
    button = '<span class="button s{style}">{label}</span>'
    return "".join(
        '<div class="row">' + "".join(button.format_map(b) for b in row["components"]) + "</div>"
        for row in components
    )


def markdown(text):
    """The markdown of a card, line by line; enough of it for what the bot writes."""
    out, items, fence = [], [], None
    for line in text.split("\n") + [None]:
        if fence is not None and line is not None:
            if line == "```":
                out.append("<pre>" + "\n".join(fence) + "</pre>")
                fence = None
            else:
                fence.append(html.escape(line))
            continue
        if line is not None and line.startswith("- "):
            items.append(f"<li>{inline(line[2:])}</li>")
            continue
        if items:
            out.append("<ul>" + "".join(items) + "</ul>")
            items = []
        if line is None:
            break
        if line == "```":
            fence = []
        elif line.startswith("### "):
            out.append(f"<h3>{inline(line[4:])}</h3>")
        elif line.startswith("## "):
            out.append(f"<h2>{inline(line[3:])}</h2>")
        elif line.startswith("-# "):
            out.append(f'<div class="small">{inline(line[3:])}</div>')
        elif line.startswith("> "):
            out.append(f"<blockquote>{inline(line[2:])}</blockquote>")
        else:
            out.append(f"<div>{inline(line)}</div>" if line else '<div class="gap"></div>')
    return "".join(out)


INLINE = re.compile(
    r"\\(?P<plain>[^\w\s])|`(?P<code>[^`]+)`|\[(?P<text>(?:\\.|[^\]\\])+)\]\((?P<url>[^)]+)\)"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*|\*(?P<italic>(?:\\.|[^*\\])+)\*"
    r"|<t:(?P<time>\d+):\w>|</(?P<command>[^:>]+):\d+>"
)


def inline(text):
    def shown(found):
        kind, value = found.lastgroup, found.group(found.lastgroup)
        if kind == "url":
            return f'<a href="#">{inline(found["text"])}</a>'
        if kind == "time":
            at = datetime.datetime.fromtimestamp(int(value), ZONE)
            return f'<span class="time">{at:%-d %B %Y %H:%M}</span>'
        if kind == "command":
            return f'<span class="time">/{value}</span>'
        tag = {"code": "code", "bold": "b", "italic": "i"}.get(kind)
        if tag is None:
            return html.escape(value)
        inner = html.escape(value) if kind == "code" else inline(value)
        return f"<{tag}>{inner}</{tag}>"

    out, at = [], 0
    for found in INLINE.finditer(text):
        out += [html.escape(text[at:found.start()]), shown(found)]
        at = found.end()
    return "".join(out) + html.escape(text[at:])


# ----------------------------------------------------------------- Telegram

def telegram(folder):
    parts = json.loads((folder / "telegram.json").read_text())
    bubbles = "".join(bubble(part) for part in parts)
    return page(
        """
        body { background: #0e1621; color: #f1f3f5; font-size: 15px; line-height: 1.42; }
        .head { background: #17212b; padding: 10px 20px; font-weight: 700; }
        .head small { display: block; color: #7d8b99; font-weight: 400; font-size: 13px; }
        .bubble { background: #182533; border-radius: 12px 12px 12px 4px; margin: 12px 16px 0;
                  padding: 9px 14px 6px; width: 728px; white-space: pre-wrap;
                  overflow-wrap: break-word; }
        .bubble time { display: block; text-align: right; color: #6d7f8f; font-size: 12px; }
        a { color: #6ab3f3; text-decoration: none; }
        code, pre { font: 90% MONO; color: #8fd3a6; }
        pre { margin: 4px 0; background: #101a24; padding: 8px; border-radius: 6px; }
        blockquote { margin: 4px 0; padding: 2px 10px; border-left: 3px solid #6ab3f3; }
        .keys { display: flex; gap: 4px; margin: 4px 16px; width: 728px; }
        .key { flex: 1; background: #22303f; border-radius: 8px; padding: 8px; text-align: center; }
        """,
        f'<div class="head">Monazite<small>bot</small></div>{bubbles}',
    )


def bubble(part):
    # A command that stands bare is tappable; inside an address it is none.
    text = re.sub(r"(?<![\w/<\"=.])/([a-z0-9_]{1,32})(?![\w/.])", r'<a href="#">/\1</a>', part["text"])
    keys = "".join(
        '<div class="keys">' + "".join(
            f'<div class="key">{html.escape(key["text"])}</div>' for key in row) + "</div>"
        for row in part.get("reply_markup", {}).get("inline_keyboard", [])
    )
    return f'<div class="bubble">{text}<time>07:00</time></div>{keys}'


# ----------------------------------------------------------------- terminal

def terminal(_folder):
    shown = demo(columns=92).replace("\r", "")
    # Up to the second story analyzed.
    second = re.search(r"\n\n(?:\x1b\[[0-9;]*m)*2\. ", shown)
    body = ansi(shown[:second.start()] if second else shown)
    return page(
        """
        body { background: #20242b; padding: 14px; }
        .frame { background: #11151a; border-radius: 10px; overflow: hidden; }
        .bar { background: #2b313a; padding: 9px 14px; font-size: 13px; color: #9aa4b0;
               text-align: center; }
        .bar i { float: left; width: 12px; height: 12px; border-radius: 50%; margin-right: 8px;
                 background: #566070; }
        pre { margin: 0; padding: 12px 16px 16px; color: #d5dae0; font: 12.6px/1.38 MONO; }
        .prompt { color: #7fce9b; }
        """,
        '<div class="frame"><div class="bar"><i></i><i></i><i></i>monazite demo --once</div><pre>'
        f'<span class="prompt">$</span> monazite demo --once\n{body}</pre></div>',
    )


def demo(columns):
    """What the demo prints to a terminal that is so wide."""
    binary = ROOT / "target" / "debug" / "monazite"
    child, master = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-kitty", COLUMNS=str(columns), LINES="50")
        os.environ.pop("NO_COLOR", None)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.execv(binary, [str(binary), "demo", "--once"])
    out = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.waitpid(child, 0)
    return out.decode()


LOOKS = {"1": "font-weight:700;color:#fff", "2": "color:#7c8794", "3": "font-style:italic",
         "32": "color:#7fce9b", "36": "color:#6cc4d8"}


def ansi(text):
    text = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", text)
    out, opened = [], False
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        if not piece.startswith("\x1b["):
            out.append(html.escape(piece))
            continue
        if opened:
            out.append("</span>")
        codes = [code for code in piece[2:-1].split(";") if code in LOOKS]
        opened = bool(codes)
        if opened:
            out.append('<span style="' + ";".join(LOOKS[code] for code in codes) + '">')
    return "".join(out)


# ------------------------------------------------------------------ pictures

def page(css, body):
    css = css.replace("MONO", MONO)
    return (f'<!doctype html><meta charset="utf-8"><style>* {{ box-sizing: border-box; }}'
            f"body {{ margin: 0; font-family: {SANS}; }}{css}</style>{body}")


def picture(source, target, height):
    """The first `height` rows of a page, in few colors so that the file is small."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--hide-scrollbars", f"--user-data-dir={home}", f"--window-size={WIDTH},{height}",
             f"--screenshot={target}", source.resolve().as_uri()],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--skip-if-larger", "--output", target, "96", target],
                       check=False)


def main():
    if len(sys.argv) != 2:
        sys.exit("Name the folder that the example wrote: mock.py FOLDER")
    folder = pathlib.Path(sys.argv[1])
    for name, draw, height in [("discord", discord, DISCORD), ("telegram", telegram, TELEGRAM),
                               ("terminal", terminal, TERMINAL)]:
        drawn = folder / f"{name}.html"
        drawn.write_text(draw(folder))
        picture(drawn, HERE / f"{name}.png", height)
    picture(folder / "brief.html", HERE / "page.png", PAGE)


DISCORD, TELEGRAM, TERMINAL, PAGE = 1150, 1408, 1026, 1670

if __name__ == "__main__":
    main()
