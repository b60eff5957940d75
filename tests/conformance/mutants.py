"""One clause of the rule language taken out of the engine at a time, and the cases that notice.

``file`` lies below ``monitor/``; ``old`` stands in it exactly once; ``notices`` are sentences of
cases that must fail once ``new`` stands there instead.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """``new`` in place of ``old``, and the cases that must fail then."""

    file: str
    old: str
    new: str
    notices: tuple[str, ...]


def _of(file: str, *rows: tuple[str, ...]) -> tuple[Mutant, ...]:
    return tuple(Mutant(file, old, new, tuple(notices)) for old, new, *notices in rows)


WORDS = _of(
    "text/chunks.py",
    ("""letters[-2:] in ("'s", "'S")""", "letters[-2:] in ()", "a final 's is dropped in every typography"),
    ("            letters = letters[:-1]\n", "            pass\n", "letters with stops lose their 's"),
    ("head.casefold() in ELISIONS", "head.casefold() in ()", "a French article does not hide its word"),
    ("quoiqu dell nell", "quoiqu nell", "Italian elisions split off"),
    ("lorsqu puisqu quoiqu", "lorsqu quoiqu", "longer French elisions split off"),
    ("coll un quest", "coll quest", "the Italian indefinite article splits off"),
    ("""translate(_APOSTROPHE_TABLE).replace("'", "")\n""", "translate(_APOSTROPHE_TABLE)\n", "an inner apostrophe vanishes", "a short form is one word"),
    ("[{_A}&＆]", "[{_A}]", "an ampersand between letters stays"),
    ("[+#＋＃]+", "[#＃]+", "plus signs after a letter stay"),
    ("(?<=[{letter}{mark}])[{_I}]*[+#＋＃]", "[{_I}]*[+#＋＃]", "a plus sign after a digit separates"),
    ("[{_I}]*[.,．，][{_I}]*", "[{_I}]*[.．][{_I}]*", "a comma between digits vanishes"),
    ("(?<=[{digit}])[{_I}]*[.,．，]", "(?<=[{word}])[{_I}]*[.,．，]", "a full stop between a word and a number separates"),
    ("""normalize("NFKC", text).replace(",", "")""", """normalize("NFKC", text)""", "a comma between digits vanishes"),
    ("""text.replace(".", "") if dotted else text""", "text", "a full stop joins single letters", "letters with stops are capitals too"),
    ("exact.casefold()", "exact.lower()", "a German sharp s is two s"),
    ("            if strip:\n", "            if False:\n", "an accent in the text does not hide the word"),
    ("(0x41, 0x2AF), (0x370, 0x3FF),", "(0x41, 0x2AF),", "Greek marks are stripped"),
    ("strip = any(low <= code <= high for low, high in _LATIN_OR_GREEK)", "strip = code > 0", "voiced and plain kana stay apart", "Arabic vowel signs are not stripped"),
    ("""    text = normalize("NFKC", text).replace(",", "")""", """    text = text.replace(",", "")""", "full-width letters are plain ones", "mathematical letters are plain ones"),
    ("""exact = normalize("NFKC", _IGNORED.sub("", chunk))""", """exact = _IGNORED.sub("", chunk)""", "half-width kana are the plain ones"),
    ("[{unspaced}](?:[{_I}]*[{mark}])*", "[{unspaced}]", "Thai marks belong to their base"),
    ("""text = _IGNORED.sub("", piece).translate""", "text = piece.translate", "a soft hyphen does not hide a word"),
)  # fmt: skip

CHARACTERS = _of(
    "text/characters.py",
    ("(0x0E01, 0x0E4E), ", "", "a Thai word is found inside a run"),
    ("(0x0E81, 0x0EDF), ", "", "Lao is one position a character"),
    ("(0x1780, 0x17DD), ", "", "Khmer is one position a character"),
    ("(0x1000, 0x109F), ", "", "Burmese is one position a character"),
    ("(0x4E00, 0x9FFF), ", "", "a Chinese name is found inside a run"),
    ("(0x3041, 0x30FF),", "", "voiced and plain kana stay apart"),
    ("\"'’‘‛", "\"'‘‛", "an inner apostrophe vanishes"),
    ("""return kind == "Nd" or""", """return kind in ("Nd", "No") or""", "a raised digit is no part of a word"),
    ("(0x200B, 0x200F),", "", "a zero-width space does not hide a word"),
    ("(0xAC00, 0xD7A3)", "(0, 0)", "one Korean syllable may stand before the star"),
)  # fmt: skip

SENTENCES = _of(
    "text/sentences.py",
    (r"""_PARAGRAPH_BREAK: Final = re.compile(r"\n[^\S\n]*\n\s*")""", r"""_PARAGRAPH_BREAK: Final = re.compile(r"\n\s*")""", "a line end alone parts no paragraphs"),
    (r"""re.compile(r"\n[^\S\n]*\n\s*")""", r"""re.compile(r"\n\n\s*")""", "a blank line with blanks in it parts paragraphs"),
    ("[。！？｡؟۔।]+", "[！？｡؟۔।]+", "a Chinese full stop ends a sentence"),
    ("[。！？｡؟۔।]+", "[。！？｡۔।]+", "an Arabic question mark ends a sentence"),
    ("[。！？｡؟۔।]+", "[。！？｡؟۔]+", "a Hindi full stop ends a sentence"),
    ("""    if not mark["gap"]:\n""", "    if False:\n", "a full stop without a blank ends no sentence"),
    ("    if folded in _NEVER_LAST or", "    if", "an English form of address ends no sentence", "a German abbreviation before a noun ends no sentence"),
    ("_NEVER_LAST or word in _TITLES:", "_NEVER_LAST:", "a title before a name ends no sentence"),
    ("return bool(follower) and follower not in _FIRST_WORDS", "return True", "a company's abbreviation ends no sentence"),
    ("return bool(follower) and follower not in _FIRST_WORDS", "return False", "a company's form ends no sentence before a capital that goes on"),
    ("if len(word) <= 2 and word.isdecimal():", "if False:", "a German date ends no sentence"),
    ("if following[:1].islower() and not", "if False and not", "a question inside a quotation that goes on ends no sentence"),
    ("""return not (mark["close"] and""", "return not (False and", "a Japanese quotation that goes on ends no sentence"),
    ("    if len(word) == 1 and word.isalpha() and word.isupper():", "    if False:", "an initial ends no sentence"),
)  # fmt: skip

FIELDS = _of(
    "rules/fields.py",
    ("""DEFAULT_SCOPE: Final = ("title", "body")""", """DEFAULT_SCOPE: Final = ("title", "body", "summary")""", "without a scope a rule looks at title and body"),
    ("LEAD_WORDS: Final = 60", "LEAD_WORDS: Final = 61", "the lead is sixty words where the first paragraph is short"),
    ("LEAD_WORDS: Final = 60", "LEAD_WORDS: Final = 59", "the lead is sixty words where the first paragraph is short"),
    ("return max(first, min(LEAD_WORDS, len(body.words)))", "return first", "the lead is sixty words where the first paragraph is short"),
    ("return max(first, min(LEAD_WORDS, len(body.words)))", "return min(LEAD_WORDS, len(body.words))", "the lead is the first paragraph where that is long"),
    ("return not article.text.strip() and not article.lead and", "return", "a summary beside a text is no part of the body"),
    ("return not article.text.strip() and not article.lead and", "return False and", "the summary stands in where there is no text"),
    ("            if self._lead_stands_apart:\n", "            if False:\n", "a lead given beside the text is part of the body"),
    ("""return not " ".join(start.split()).startswith(lead)""", "return True", "a lead that repeats how the text begins adds no second mention"),
)  # fmt: skip

EVALUATE = _of(
    "rules/evaluate.py",
    ("                if not self.matches(child):\n                    return False\n            return True\n", "                if self.matches(child):\n                    return True\n            return False\n", "all needs every child"),
    ("return self._any(self.possible(node))", "return all(self.matches(child) for child in node.children)", "none deeper in the tree silences its own mapping only"),
    ("return not self._any_unforced(children)", "return not all(self.matches(child) for child in children)", "one of several exclusions silences"),
    ("                    if found >= count:", "                    if found > count:", "so many mentions are enough"),
    ("                    found += count_apart(", "                    found = count_apart(", "mentions in title and body are summed"),
    ("if held >= count:", "if held > count:", "two of three children are enough"),
    ("held += self.matches(child)", "held += 1", "the same child twice is one child"),
    ("if first == last or unit == segment.unit_of(last, node.unit):", "if True:", "a phrase over the end of a sentence is in neither"),
    ("return masked(found, bad, node.within)", "return found", "the product is found and the verb is not"),
    ("found = windows(inner, within, ordered=kind == \"then\")", "found = iter(shortest(inner, within, ordered=kind == \"then\"))", "a wider inner window may be the one that stands near"),
    ("                return shortest(inner, within, ordered=kind == \"then\")", "                return sorted(windows(inner, within, ordered=kind == \"then\"))", "of two windows, one inside the other, the inner one is shown"),
    ("return exists(inner, within, ordered=kind == \"then\")", "return exists(inner, within, ordered=False)", "then refuses another order"),
    ("return exists(inner, within, ordered=kind == \"then\")", "return exists(inner, None, ordered=kind == \"then\")", "near refuses one word more"),
    ("                if isinstance(child, Term) or evaluation.matches(child):\n", "                if True:\n", "a branch that does not hold gives no evidence"),
    ("        case NoneOf():\n            return\n", "        case NoneOf(children=children):\n            for child in children:\n                _collect(evaluation, child, found)\n", "what is excluded is no evidence"),
)  # fmt: skip

WINDOWS = _of(
    "rules/windows.py",
    ("if within is not None and first - opener[1] - 1 > within:", "if within is not None and first - opener[1] - 2 > within:", "near refuses one word more"),
    ("if within is not None and first - opener[1] - 1 > within:", "if within is not None and first - opener[1] > within:", "near allows as many words between as within says"),
    ("if within is not None and first - opener[1] - 1 > within:", "if within is not None and first - opener[0] - 1 > within:", "the words of a phrase do not count as words between"),
    ("waiting[0][0] < first:", "waiting[0][0] <= first:", "one word that stands in both lists is no relation of two"),
    ("            if done & bit or (ordered and done != bit - 1):\n                continue\n            for opener", "            if done & bit:\n                continue\n            for opener", "then refuses another order"),
    ("near = bisect_right(firsts, last + within + 1)", "near = bisect_right(firsts, last + within)", "the product is found and the verb is not"),
    ("furthest[near - 1] < first - within - 1:", "furthest[near - 1] < first - within:", "an exclusion before the occurrence takes it away too"),
    ("furthest[near - 1] < first - within - 1:", "furthest[near - 1] < first - within - 2:", "an exclusion one word too far takes nothing away"),
    ("        if first > end:\n            count += 1", "        if first >= 0:\n            count += 1", "overlapping mentions count once"),
)  # fmt: skip

TERMS = _of(
    "rules/terms.py",
    ("capitals = 2 <= len", "capitals = 1 <= len", "a single capital is an ordinary word"),
    ("len(exact_text) <= 5", "len(exact_text) <= 6", "six capitals are an ordinary word"),
    ("len(exact_text) <= 5", "len(exact_text) <= 4", "five capitals find capitals only"),
    ("exact_text.isalpha() and exact_text.isupper()", "exact_text.isupper()", "a name with a digit is no term in capitals"),
    ("return field.words.exacts[at] == word.exact", "return True", "an exact term finds its own case only"),
    ("    return field.words.exacts[at].isupper()", "    return True", "WHO is not who"),
    ("_SHORTEST_PREFIX: Final = 3", "_SHORTEST_PREFIX: Final = 2", "two characters before the star are refused"),
    ("_SHORTEST_PREFIX: Final = 3", "_SHORTEST_PREFIX: Final = 4", "three characters before the star are enough"),
    ("    if word.compare is Compare.CAPITALS:  # EU* is narrow enough\n        return False\n", "", "capitals before the star may be two"),
    ("is_unspaced(word.fold[0]) or is_hangul(word.fold[0])", "is_hangul(word.fold[0])", "one Chinese character may stand before the star"),
    ("return exact[: len(word.exact)].isupper()", "return True", "capitals before the star may be two"),
    ("return exact[: len(word.exact)].isupper()", "return exact.isupper()", "only the beginning must stand in capitals"),
    ("return exact.startswith(word.exact)", "return True", "exact and beginning go together"),
    ("folds[place] != word.fold or not _case_fits(word, field, place)", "folds[place] != word.fold", "every word of an exact phrase is exact"),
    ("if field.stem_at(place) != field.stem_of(word.exact):", "if False:", "every word of a phrase is stemmed"),
    ("            if not _begins(word, field, place):\n                return False", "            continue", "a beginning stands on the last word of a phrase"),
    ("    if not quoted and (operator := _OPERATORS.search(text)):", "    if (operator := None) and not quoted:", "AND in a list item is refused"),
    ("    if prefix and compare is Compare.STEM:", "    if False:", "stem and beginning contradict each other"),
    ("    if \"*\" in text:\n", "    if False:\n", "a star inside a phrase is refused"),
    ("    if text.startswith(\"@\"):", "    if False:", "a list inside a phrase is refused"),
    ("    if _SUM.search(text):", "    if False:", "a sum gets a warning"),
)  # fmt: skip

TREE = _of(
    "rules/tree.py",
    ("        return tuple(name for name in FIELDS if name in names) or scope", "        return scope", "in title looks at the title only"),
    ("        if len(scopes) > 1:", "        if False:", "a window over title and body is refused"),
    ("        if has_occurrences(child):\n            return True\n", "        return True\n", "an all inside a window is refused, and near is proposed"),
    ("return self._all(match, DEFAULT_SCOPE)", "return self._any(match, DEFAULT_SCOPE)", "a list means all of its items, anywhere"),
    ("        if count is not None and count > length:", "        if False:", "at_least more than there are is refused"),
    ("        if masks is not None:\n", "        if False:\n", "the product is found and the verb is not"),
    ("*self._modified(mapping, parts, scope), parts.get(\"none\"))", "*self._modified(mapping, parts, scope), None)", "none at the top silences the whole rule"),
    ("return SameUnit(\"sentence\" if unit.value == \"sentence\" else \"paragraph\", children)", "return SameUnit(\"sentence\", children)", "same paragraph takes two sentences of it"),
    ("self._places(kind, node, self._scope(node, scope))", "self._places(kind, node, scope)", "a scope inside a window's own mapping holds for it"),
    ("node = None if number is None else MinMentions(node, number)", "node = node", "one mention too few is silent, and the explanation counts them"),
)  # fmt: skip

ONE_LINE = _of(
    "rules/oneline.py",
    ("                node = self._mapping(start, \"any\", self._items(operands))", "                node = self._mapping(start, \"all\", self._items(operands))", "OR asks for one"),
    ("    return (one.value, one.argument) == (other.value, other.argument)", "    return one.value == other.value", "two distances side by side are refused with both readings"),
    ("    return (one.value, one.argument) == (other.value, other.argument)", "    return True", "NEAR beside THEN is refused"),
    ("listed = [item for operand in unwanted for item in _alternatives(operand.node)]", "listed = [operand.node for operand in wanted] or [unwanted[0].node]", "NOT excludes"),
    ("                self._two_in_a_row(operand)", "                pass", "two words in a row are refused with the phrase and the AND"),
    ("        pairs = (*node.pairs, (self._key(\"in\", token.start), scope))", "        pairs = node.pairs", "a field takes parentheses"),
    ("                node = self._masked(first, operands)", "                node = operands[0].node", "UNLESS masks the bad hit only"),
)  # fmt: skip

SETTINGS = (
    *_of(
        "rules/conditions.py",
        ("today <= expires", "today < expires", "a rule runs on its last day"),
        ("    if expires is None or today <= expires:", "    if expires is None or today:", "a rule rests after its last day and says so"),
        ("if now - article.published <= timedelta", "if now - article.published < timedelta", "an article young enough fits"),
        ("    if words >= conditions.min_words:", "    if words > conditions.min_words:", "a text of as many words as asked for fits"),
        ("    if not conditions.languages or not article.language:", "    if not conditions.languages:", "an article of unknown language is not kept back"),
        ("{language_of(language) for language in conditions.languages}", "set()", "an article in a language that is asked for fits"),
        ("(article.source, feed_url or \"\")", "(article.source,)", "a feed fits by its address"),
        ("if any(fnmatchcase(name, fold(wanted)) for name in names):", "if any(name == fold(wanted) for name in names):", "a feed fits by a pattern"),
        ("{fold(tag) for tag in conditions.tags} & ", "set(conditions.tags) - ", "an article with other tags is kept back"),
    ),
    *_of(
        "rules/rule.py",
        ("fits = any(fnmatchcase(rule_id, pattern) for pattern in self.rules)", "fits = True", "a filter silences the rules that its pattern names"),
        ("return fits and set(self.labels) <= set(labels)", "return fits", "a filter covers only rules that have its labels"),
        ("        return AllOf((self.match, *(each.none for each in self.filters)), written=False)", "        return self.match", "a filter has a scope as any node"),
    ),
    *_of(
        "rules/load.py",
        ("        if source.lists_only:\n", "        if False:\n", "a rule in an underscored file is refused"),
        ("        if first is not place:\n", "        if False:\n", "two rules with one id are refused"),
        ("yield from self._rule(node, source.stem, builder)", "yield from self._rule(node, \"rule\", builder)", "a rule without an id takes its file's name"),
        ("            return Level.NORMAL\n        if text", "            return Level.INFO\n        if text", "a rule without an id takes its file's name"),
        ("            elif name in self.entity_places:\n", "            elif False:\n", "two lists of one name are refused"),
    ),
    *_of(
        "rules/stems.py",
        ("DEFAULT_LANGUAGE: Final = \"en\"", "DEFAULT_LANGUAGE: Final = \"vi\"", "without a language the stem is English"),
        ("return language.replace(\"_\", \"-\").split(\"-\")[0].lower()", "return language", "a region of a language means nothing for stems"),
        ("fold(self._stemmer.stemWord(lower) if self._stemmer is not None else lower)", "fold(lower)", "a stem finds other forms of the word"),
    ),
    *_of(
        "rules/patterns.py",
        ("            case \"boundary\":\n                yield MARK", "            case \"boundary\":\n                yield r\"\\b\"", "a word boundary knows Cyrillic letters"),
        ("    if plain.search(\"\") is not None:", "    if False:", "a pattern that fits everywhere is refused"),
    ),
    *_of(
        "rules/examples.py",
        ("    would_fire = Evaluation(ArticleFields(test.article), forced=test.because).matches(rule.tree)", "    would_fire = True", "silence for another reason fails"),
        ("    refused = refusal(rule.source, test.article, None, None)", "    refused = None", "a source condition is judged only where the test states the field"),
    ),
)  # fmt: skip

SHOWN = (
    *_of(
        "rules/snippets.py",
        ("MOST_SNIPPETS: Final = 2", "MOST_SNIPPETS: Final = 3", "at most two sentences are shown, those with most different terms"),
    ),
    *_of(
        "rules/explain.py",
        ("                told = self._gap(node)\n", "                told = \"\"\n", "near allows as many words between as within says"),
        ("    fires = source is None and Evaluation(fields).matches(rule.tree)", "    fires = Evaluation(fields).matches(rule.match)", "a filter has a scope as any node"),
    ),
    *_of(
        "rules/index.py",
        ("        if self._beginnings or self._single:\n", "        if self._beginnings:\n", "one Chinese character may stand before the star"),
        ("        if self._patterns:\n            self._add_patterns(texts(), found)\n", "", "a rule of a pattern alone is found among many rules"),
    ),
    *_of(
        "rules/needs.py",
        ("            wanted = len(children) - count + 1", "            wanted = 1", "a rule of at_least is found by each pair of its words"),
        ("        case NoneOf():\n            return []\n", "        case NoneOf(children=children):\n            return [part for child in children for part in _parts(child, frequencies, known)]\n", "none at the top silences the whole rule"),
    ),
    *_of(
        "config/rulefiles.py",
        ("if not name.startswith((\".\", \"_\"))", "if not name.startswith(\".\")", "the folder _examples is not live"),
    ),
    *_of(
        "config/yamltree.py",
        ("        elif first is not None:\n", "        elif False:\n", "a key that stands twice is refused"),
    ),
)  # fmt: skip

MUTANTS = (
    *WORDS, *CHARACTERS, *SENTENCES, *FIELDS, *EVALUATE, *WINDOWS, *TERMS, *TREE, *ONE_LINE,
    *SETTINGS, *SHOWN,
)  # fmt: skip
