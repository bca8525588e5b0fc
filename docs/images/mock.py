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
SANS = '"DejaVu Sans Condensed", "DejaVu Sans", "Noto Sans CJK SC", sans-serif'
MONO = '"DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace'


# ------------------------------------------------------------------ Discord

DISCORD_COLORS = {
    "dark": dict(back="#313338", text="#dbdee1", name="#f2f3f5", small="#949ba4", card="#2b2d31",
                 code="#1e1f22", link="#00a8fc", mark="#3f4147", key="#4e5058", field="#1e1f22"),
    "light": dict(back="#ffffff", text="#2e3338", name="#060607", small="#5c5e66", card="#f2f3f5",
                  code="#e3e5e8", link="#006ce7", mark="#e3e5e8", key="#6d6f78", field="#ebebeb"),
}
DISCORD = """
    .discord { background: BACK; color: TEXT; font-size: 15px; line-height: 1.4; padding-bottom: 8px; }
    .discord .asked { color: SMALL; font-size: 13px; padding: 12px 16px 0 20px; }
    .discord .post { display: flex; gap: 12px; padding: 10px 14px 8px 14px; }
    .face { flex: none; width: 36px; height: 36px; border-radius: 50%; background: #2e7d6b;
            color: #fff; font-weight: 700; text-align: center; line-height: 36px; }
    .discord .body { flex: 1; min-width: 0; }
    .who { color: NAME; font-weight: 600; } .who small { color: SMALL; font-weight: 400; }
    .app { background: #5865f2; color: #fff; font-size: 10px; border-radius: 3px;
           padding: 1px 4px; vertical-align: 1px; margin: 0 6px 0 4px; }
    .embed { background: CARD; border-left: 4px solid; border-radius: 4px; margin-top: 6px;
             padding: 8px 14px 12px 12px; font-size: 14px; max-width: 560px; overflow-wrap: anywhere; }
    .embed .title { font-weight: 700; font-size: 16px; color: NAME; margin: 4px 0 6px; }
    .embed h2, .embed h3 { color: NAME; margin: 12px 0 4px; font-size: 16px; }
    .embed ul { margin: 4px 0; padding-left: 18px; } .embed li { margin-bottom: 3px; }
    .discord a { color: LINK; text-decoration: none; } .embed b { color: NAME; }
    .discord code { background: CODE; border-radius: 4px; padding: 0 4px; font: 85% MONO; }
    .discord pre { background: CODE; border-radius: 4px; padding: 8px; font: 13px/1.3 MONO; overflow: hidden; }
    .discord blockquote { margin: 2px 0; padding-left: 10px; border-left: 4px solid MARK; }
    .time { background: MARK; border-radius: 3px; padding: 0 2px; }
    .gap { height: 8px; } .small { font-size: 12px; color: SMALL; }
    .row { margin-top: 8px; display: flex; flex-wrap: wrap; gap: 8px; }
    .button { border-radius: 4px; padding: 5px 14px; color: #fff; font-size: 14px; font-weight: 500; }
    .s1 { background: #5865f2; } .s2, .s5 { background: KEY; }
    .menu { background: FIELD; border-radius: 4px; padding: 8px 12px; width: 400px; max-width: 100%;
            color: SMALL; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .menu.set { color: TEXT; } .options { background: CARD; border-radius: 4px; width: 400px; max-width: 100%;
            padding: 4px 12px; font-size: 14px; } .options small { color: SMALL; margin-left: 6px; }
    .tag { background: MARK; border-radius: 9px; padding: 1px 8px; font-size: 12px; margin-right: 4px; }
    .forum { padding: 14px 16px 0; color: NAME; font-weight: 700; font-size: 20px; }
"""


def discord(scene, opened=False):
    posts = "".join(
        "".join(embed(e) for e in part.get("embeds", []))
        + rows(part.get("components", []), opened) + only_you(part)
        for part in scene["parts"]
    )
    forum = scene["parts"][0].get("forum")
    head = ""
    if forum:
        tags = "".join(f'<span class="tag">{html.escape(str(tag))}</span>' for tag in forum["tags"])
        head = f'<div class="forum">{html.escape(forum["name"])}<div>{tags}</div></div>'
    if scene["asked"]:
        head = f'<div class="asked">Reader used <a>/{html.escape(scene["asked"])}</a></div>'
    return (
        f'<div class="discord">{head}<div class="post"><div class="face">M</div><div class="body"><div class="who">'
        f'Monazite <span class="app">APP</span><small>{clock(scene)}</small></div>{posts}</div></div></div>')


def only_you(part):
    private = part.get("flags", 0) & 64
    return '<div class="small">Only you can see this · <a>Dismiss message</a></div>' if private else ""


def embed(e):
    title = f'<div class="title">{inline(e["title"])}</div>' if "title" in e else ""
    color = f'#{e["color"]:06x}'
    return (f'<div class="embed" style="border-color:{color}">'
            f'{title}{markdown(e.get("description", ""))}</div>')


def rows(components, opened):
    return "".join(
        '<div class="row">' + "".join(component(c, opened) for c in row["components"]) + "</div>"
        for row in components
    )


def component(c, opened):
    if c["type"] != 3:
        page = " ↗" if c["style"] == 5 else ""
        return f'<span class="button s{c["style"]}">{html.escape(c["label"])}{page}</span>'
    chosen = [option["label"] for option in c["options"] if option.get("default")]
    shown = ", ".join(chosen) or c["placeholder"]
    menu = f'<div class="menu{" set" if chosen else ""}">{html.escape(shown)} ⌄</div>'
    if not opened:
        return menu
    many = c["max_values"] > 1
    lines = "".join(
        f'<div>{("☑ " if option.get("default") else "☐ ") if many else ""}{html.escape(option["label"])}'
        f'<small>{html.escape(option.get("description", ""))}</small></div>' for option in c["options"])
    return f'{menu}<div class="options">{lines}</div>'


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
    r"\\(?P<plain>[^a-zA-Z0-9\s])|`(?P<code>[^`]+)`|\[(?P<text>(?:\\.|[^\]\\])+)\]\((?P<url>[^)]+)\)"
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

TELEGRAM_COLORS = {
    "dark": dict(back="#0e1621", text="#f1f3f5", head="#17212b", small="#7d8b99", bubble="#182533",
                 mine="#2b5278", link="#6ab3f3", code="#8fd3a6", pre="#101a24", key="#22303f"),
    "light": dict(back="#d5dfd0", text="#101418", head="#ffffff", small="#74828f", bubble="#ffffff",
                  mine="#e3fdcf", link="#2678b6", code="#b0422d", pre="#f0f3f6", key="#92a99a"),
}
TELEGRAM = """
    .telegram { background: BACK; color: TEXT; font-size: 15px; line-height: 1.36; padding-bottom: 10px; }
    .telegram .head { background: HEAD; padding: 10px 16px; font-weight: 700; }
    .telegram .head small { display: block; color: SMALL; font-weight: 400; font-size: 13px; }
    .bubble { background: BUBBLE; border-radius: 12px 12px 12px 4px; margin: 8px 10px 0;
              padding: 7px 11px 5px; max-width: 620px; white-space: pre-wrap; overflow-wrap: anywhere; }
    .bubble.mine { background: MINE; width: fit-content; margin-left: auto; border-radius: 12px 12px 4px 12px; }
    .bubble time { display: block; text-align: right; color: SMALL; font-size: 12px; }
    .telegram a { color: LINK; text-decoration: none; }
    .telegram code, .telegram pre { font: 90% MONO; color: CODE; }
    .telegram pre { margin: 4px 0; background: PRE; padding: 8px; border-radius: 6px; overflow: hidden; }
    .telegram blockquote { margin: 4px 0; padding: 2px 10px; border-left: 3px solid LINK; }
    .keys { display: flex; gap: 4px; margin: 4px 10px 0; max-width: 620px; }
    .key { flex: 1 1 0; background: KEY; color: #fff; border-radius: 7px; padding: 8px 6px; text-align: center;
           white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-size: 14px; }
    .card { background: HEAD; border-top: 1px solid BACK; padding: 8px 12px; }
    .card div { color: SMALL; font-size: 14px; display: -webkit-box; -webkit-line-clamp: 3;
                -webkit-box-orient: vertical; overflow: hidden; }
"""


def telegram(scene, _opened=False):
    asked = scene["asked"]
    bubbles = "".join(bubble(part, clock(scene)) for part in scene["parts"] if "text" in part)
    bubbles += "".join(cards(part, clock(scene)) for part in scene["parts"] if "results" in part)
    if asked:
        slash = "" if asked.startswith("@") else "/"
        bubbles = f'<div class="bubble mine">{slash}{html.escape(asked)}</div>{bubbles}'
    return f'<div class="telegram"><div class="head">Monazite<small>bot</small></div>{bubbles}</div>'


def cards(part, when):
    """What is offered for sharing, and the first of it once shared."""
    offers = "".join(
        f'<div class="card"><b>{html.escape(r["title"])}</b><div>{html.escape(r.get("description", ""))}</div></div>'
        for r in part["results"][:4])
    shared = part["results"][0]["input_message_content"]["message_text"]
    return f"{offers}{bubble(dict(text=shared), when)}"


def bubble(part, when):
    # A command that stands bare is tappable; inside an address or fixed width it is none.
    pieces = re.split(r"(<code>.*?</code>)", part["text"])
    pieces[::2] = [re.sub(r"(?<![\w/<\"=.])/([a-z0-9_]{1,32})(?![\w/]|\.\w)", r'<a href="#">/\1</a>', piece)
                   for piece in pieces[::2]]
    text = "".join(pieces)
    keys = "".join(
        '<div class="keys">' + "".join(
            f'<div class="key">{html.escape(key["text"])}{" ↗" if "url" in key else ""}</div>' for key in row) + "</div>"
        for row in part.get("reply_markup", {}).get("inline_keyboard", [])
    )
    return f'<div class="bubble">{text}<time>{when}</time></div>{keys}'


def clock(scene):
    at = datetime.datetime.fromisoformat(scene["at"].replace("Z", "+00:00")).astimezone(ZONE)
    return f"{at:%H:%M}"


# ----------------------------------------------------------------- terminal

def terminal():
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

DRAWN = {"discord": (discord, DISCORD, DISCORD_COLORS), "telegram": (telegram, TELEGRAM, TELEGRAM_COLORS)}

# File, scene, platform, look, width, and the height at which a card or a section ends; None for all of it.
PICTURES = [
    ("discord.png", "brief", "discord", "dark", 700, 985),
    ("telegram.png", "brief", "telegram", "light", 480, 757),
    ("settings.png", "settings", "telegram", "dark", 390, 712),
    ("license.png", "license", "discord", "light", 620, 900),
    ("alert.png", "alert-amended", "discord", "dark", 560, None),
]
TERMINAL, PAGE = 1013, 1670


def style(platform, look):
    _, css, colors = DRAWN[platform]
    for name, color in colors[look].items():
        css = css.replace(name.upper(), color)
    return css


def page(css, body):
    css = css.replace("MONO", MONO)
    return (f'<!doctype html><meta charset="utf-8"><style>* {{ box-sizing: border-box; }}'
            f"body {{ margin: 0; font-family: {SANS}; }}{css}</style>{body}")


def chromium(*arguments, **options):
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--hide-scrollbars", f"--user-data-dir={home}", *arguments],
            check=True, stderr=subprocess.DEVNULL, timeout=120, **options)


def picture(address, target, width, height):
    """The first `height` rows of a page, in few colors so that the file is small."""
    chromium(f"--window-size={width},{height}", f"--screenshot={target}", address, stdout=subprocess.DEVNULL)
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--skip-if-larger", "--output", target, "64", target],
                       check=False)


# All scenes one below the other, cut into strips that stand side by side: sheet after sheet of four.
STRIPS = """
    .all { width: WIDTHpx; } .caption { background: #7a4dd8; color: #fff; font: 12px MONO; padding: 3px 8px; }
    .strips { display: flex; gap: 10px; background: #888; }
    .strip { flex: none; width: WIDTHpx; height: HIGHpx; overflow: hidden; }
"""
CUT = """<script>
    const all = document.querySelector(".all"), count = Math.ceil(all.scrollHeight / HIGH);
    const strips = document.createElement("div"), first = 1 * location.hash.slice(1) * ABREAST;
    strips.className = "strips";
    for (let i = first; i < Math.min(count, first + ABREAST); i++) {
        const strip = document.createElement("div"), copy = all.cloneNode(true);
        strip.className = "strip"; copy.style.marginTop = -i * HIGH + "px";
        strip.append(copy); strips.append(strip);
    }
    document.body.replaceChildren(strips);
    document.body.dataset.sheets = Math.ceil(count / ABREAST);
</script>"""
HIGH, ABREAST = 1560, 4


def sheets(folder, scenes, platform, look, width):
    draw = DRAWN[platform][0]
    of = [scene for scene in scenes if scene["platform"] == platform]
    body = "".join(f'<div class="caption">{scene["name"]}</div>{draw(scene, True)}' for scene in of)
    # A wide window takes fewer.
    abreast = max(1, ABREAST * 390 // width)

    def sized(text):
        return text.replace("WIDTH", str(width)).replace("HIGH", str(HIGH)).replace("ABREAST", str(abreast))

    css = style(platform, look) + sized(STRIPS)
    drawn = folder / f"{platform}-{look}-{width}.html"
    drawn.write_text(page(css, f'<div class="all">{body}</div>{sized(CUT)}'))
    address = drawn.resolve().as_uri()
    dom = chromium("--dump-dom", address, stdout=subprocess.PIPE).stdout.decode()
    count = int(re.search(r'data-sheets="(\d+)"', dom)[1])
    for i in range(count):
        target = folder / f"{platform}-{look}-{width}-{i + 1}.png"
        picture(f"{address}#{i}", target, abreast * (width + 10), HIGH)
        print(target)


def main():
    folder, *wanted = [pathlib.Path(argument) for argument in sys.argv[1:]] or [None]
    if folder is None:
        sys.exit("Name the folder that the example wrote: mock.py FOLDER, and a word behind it for all scenes: "
                 "discord-dark-390, telegram-light-700, ...")
    scenes = json.loads((folder / "scenes.json").read_text())
    for variant in wanted:
        platform, look, width = variant.name.split("-")
        sheets(folder, scenes, platform, look, int(width))
    if wanted:
        return
    by_name = {(scene["name"], scene["platform"]): scene for scene in scenes}
    for file, name, platform, look, width, height in PICTURES:
        drawn = folder / f"{file}.html"
        measure = "<script>document.body.dataset.height = document.body.scrollHeight</script>"
        drawn.write_text(page(style(platform, look), DRAWN[platform][0](by_name[name, platform]) + measure))
        address = drawn.resolve().as_uri()
        if height is None:
            dom = chromium(f"--window-size={width},100", "--dump-dom", address, stdout=subprocess.PIPE).stdout
            height = int(re.search(r'data-height="(\d+)"', dom.decode())[1])
        picture(address, HERE / file, width, height)
    drawn = folder / "terminal.html"
    drawn.write_text(terminal())
    picture(drawn.resolve().as_uri(), HERE / "terminal.png", WIDTH, TERMINAL)
    picture((folder / "brief.html").resolve().as_uri(), HERE / "page.png", WIDTH, PAGE)


if __name__ == "__main__":
    main()
