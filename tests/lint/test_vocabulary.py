"""The words of embargo dates stand in order, because they are searched so."""
import re

from lint import Spoiled, run

TABLE = "milter/core/crd_word.c"


def check_order(tree):
    body = re.search(r"words\[\] = \{\n(.*?)\n\};", tree.read(TABLE), re.S)[1]
    words = re.findall(r'\{ "([^"]+)", ', body)
    assert len(words) > 100, "%s is not understood" % TABLE
    for before, after in zip(words, words[1:]):
        if before.encode() >= after.encode():
            yield "%s: %s does not stand before %s" % (TABLE, before, after)


def check_zones(tree):
    longest = re.search(r"#define ZONE_MAX (\d+)", tree.read(TABLE))[1]
    for name in re.findall(r'^\t\{ "([A-Z]+)", \d', tree.read(TABLE), re.M):
        if len(name) > int(longest):
            yield "%s: %s is longer than ZONE_MAX" % (TABLE, name)


run(
    ("order", check_order,
     Spoiled("two words change places", lambda tree: tree.replace(
         TABLE, '"about"', '"zebra"'), "zebra does not stand before"),
     Spoiled("a word twice", lambda tree: tree.replace(
         TABLE, '"about"', '"a"'), "a does not stand before a")),
    ("zones", check_zones,
     Spoiled("a long zone", lambda tree: tree.replace(
         TABLE, '"ZULU"', '"ZULUS"'), "ZULUS is longer")),
)
